/** The queue's progress: the account of its jobs, kept in step with the store, as the contract shows it. */
import type { JobView, QueueProgress } from '../api/contract.ts';
import type { Job, JobStore } from '../photo/job.ts';
import { trackJobs, type JobAccount } from '../photo/job-progress.ts';

/** How a job is shown. */
export interface JobLabel {
  readonly name: string;
  /** Its progress is counted by album too; null where it has none. */
  readonly album: string | null;
}

export interface QueueAccount {
  /** Takes in what was put into the store or taken out of it by others; says whether there was anything. */
  catchUp(): boolean;
  add(jobs: readonly Job[]): void;
  progress(job: Job, fraction: number): void;
  /** A job as it is now; null for one that is gone from the store. */
  changed(id: number, job: Job | null): void;
  view(job: Job): JobView;
  /** Of what the user asked for. */
  whole(): QueueProgress;
  /** Of looking at photos. */
  looking(): QueueProgress;
  albums(): (QueueProgress & { album: string })[];
  /** These are worked on from here on: their time counts. */
  setWorking(running: readonly Pick<Job, 'kind'>[]): void;
}

export function openQueueAccount(store: JobStore, label: (job: Job) => JobLabel, now: () => number): QueueAccount {
  // Apart: ten thousand thumbnails say nothing of how far the photos are that somebody waits for.
  const asked = trackJobs();
  const looks = trackJobs();
  const open = new Map<number, JobAccount>();
  const accountOf = ({ kind }: Pick<Job, 'kind'>): JobAccount => (kind === 'thumbnail' ? looks : asked);

  const add = (job: Job): void => {
    open.set(job.id, accountOf(job));
    // Looking up the albums of a hundred thousand thumbnails would take longer than anybody looks at their progress.
    const album = job.kind === 'thumbnail' ? null : label(job).album;
    accountOf(job).add(job.id, job.workPixels, album, now());
  };
  const settle = (id: number, how: 'done' | 'failed' | 'cancelled'): void => {
    open.get(id)?.settle(id, how);
    open.delete(id);
  };

  return {
    catchUp() {
      const { queued, running } = store.counts();
      if (queued + running === open.size) return false;
      const jobs = store.list({ states: ['queued', 'running'] });
      const ids = new Set(jobs.map(({ id }) => id));
      for (const id of open.keys()) if (!ids.has(id)) settle(id, 'cancelled');
      for (const job of jobs) if (!open.has(job.id)) add(job);
      return true;
    },
    add(jobs) {
      for (const job of jobs) add(job);
    },
    progress(job, fraction) {
      accountOf(job).update(job.id, fraction);
    },
    changed(id, job) {
      const state = job?.status.state ?? 'cancelled';
      if (state === 'queued' || state === 'running') {
        if (job !== null && !open.has(id)) add(job);
      } else settle(id, state);
    },
    view(job) {
      const { id, kind, photoId, resultId, priority, status } = job;
      const fraction = status.state === 'done' ? 1 : accountOf(job).fractionOf(id);
      return { id, kind, photoId, resultId, name: label(job).name, priority, status, fraction };
    },
    whole: () => asked.whole(now()),
    looking: () => looks.whole(now()),
    albums: () => [...asked.groups(now())].map(([album, progress]) => ({ album, ...progress })),
    setWorking(running) {
      for (const account of [asked, looks]) {
        if (running.some((job) => accountOf(job) === account)) account.work(now());
        else account.rest(now());
      }
    },
  };
}
