/** The jobs that a user asked for as one list: running ones first, then what waits in its order, then what is settled, the newest first. Pure. */
import type { JobView, QueueStatus } from '../../../core/api/contract.ts';
import { isSettled } from '../../../core/photo/job.ts';

/** Looking at photos is told as one line: thousands of such jobs say nothing to anybody. */
export const askedKinds = ['enhance', 'export'] as const;

export interface JobList {
  readonly running: readonly JobView[];
  readonly waiting: readonly JobView[];
  readonly settled: readonly JobView[];
}

export const noJobs: JobList = { running: [], waiting: [], settled: [] };

/** The list as the host answers it. */
export function listOf(jobs: readonly JobView[]): JobList {
  return {
    running: jobs.filter(({ status }) => status.state === 'running'),
    waiting: jobs.filter(({ status }) => status.state === 'queued'),
    settled: jobs.filter(({ status }) => isSettled(status.state)),
  };
}

/**
 * Takes in news, of each job the latest. A job that is given back is the next one again, and what is settled now goes before what was settled
 * earlier. `isSure` is false when a job came that is not in the list, or one that waits again at a place that nobody told.
 */
export function withNews(
  list: JobList,
  news: ReadonlyMap<number, JobView>,
): { readonly list: JobList; readonly isSure: boolean } {
  let isSure = true;
  const moved: Record<keyof JobList, JobView[]> = { running: [], waiting: [], settled: [] };
  const met = new Set<number>();
  const stay = (group: keyof JobList): JobView[] =>
    list[group].flatMap((job) => {
      const now = news.get(job.id);
      if (now === undefined) return [job];
      met.add(job.id);
      const next = groupOf(now);
      if (next === group) return [now];
      if (group === 'settled') isSure = false;
      moved[next].push(now);
      return [];
    });
  const [running, waiting, settled] = [stay('running'), stay('waiting'), stay('settled')];
  for (const [id, job] of news) {
    if (met.has(id) || job.kind === 'thumbnail') continue;
    isSure = false;
    if (groupOf(job) === 'running') moved.running.push(job);
  }
  return {
    list: {
      running: [...running, ...moved.running],
      waiting: [...moved.waiting, ...waiting],
      settled: [...moved.settled.reverse(), ...settled],
    },
    isSure,
  };
}

/** Of news that came while the list was asked for, those that tell of jobs that are further than the list says, or are not in it. */
export function furtherNews(jobs: readonly JobView[], news: ReadonlyMap<number, JobView>): Map<number, JobView> {
  const listed = new Map(jobs.map((job) => [job.id, job]));
  const isFurther = (now: JobView): boolean => {
    const before = listed.get(now.id);
    if (before === undefined) return true;
    const [from, to] = [order.indexOf(groupOf(before)), order.indexOf(groupOf(now))];
    return to > from || (to === from && now.fraction > before.fraction);
  };
  return new Map([...news].filter(([, job]) => isFurther(job)));
}

/** Jobs that are not settled, as the status counts them. */
export function openJobs({ whole }: Pick<QueueStatus, 'whole'>): number {
  return whole.jobs - whole.settled;
}

export type Way = 'up' | 'down' | 'top';

/** The waiting jobs after one was moved, and which it then lies before; null where it cannot go. Only jobs of one priority change places. */
export function moveJob(
  waiting: readonly JobView[],
  id: number,
  way: Way,
): { readonly waiting: readonly JobView[]; readonly beforeId: number | null } | null {
  const from = waiting.findIndex((job) => job.id === id);
  const job = waiting[from];
  if (job === undefined) return null;
  const first = waiting.findIndex(({ priority }) => priority === job.priority);
  const to = way === 'top' ? first : way === 'up' ? from - 1 : from + 1;
  if (to === from || waiting[to]?.priority !== job.priority) return null;
  const others = waiting.filter((other) => other !== job);
  const after = others[to];
  return {
    waiting: [...others.slice(0, to), job, ...others.slice(to)],
    // Behind the last of its priority, "before the next one" would be among others.
    beforeId: after?.priority === job.priority ? after.id : null,
  };
}

/** As a job goes through them. */
const order: readonly (keyof JobList)[] = ['waiting', 'running', 'settled'];

function groupOf({ status }: JobView): keyof JobList {
  return status.state === 'running' ? 'running' : status.state === 'queued' ? 'waiting' : 'settled';
}
