/** `enlarger queue status | pause | resume | cancel | retry`. */
import type { Client } from '../core/api/client.ts';
import type { JobView, QueueStatus } from '../core/api/contract.ts';
import type { JobState } from '../core/photo/job.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { formatCount, formatPercent } from './format.ts';
import type { Io } from './io.ts';
import { answer, parseIds, type LibraryFlags } from './library-options.ts';
import { withLibrary } from './with-library.ts';
import { table } from './models.ts';
import { escapeControls } from './text.ts';

/** Jobs that a status shows, those that wait first. */
const shownJobs = 20;

/** Prints the counts and the first jobs, or all of it as one object. */
export async function queueStatus(io: Io, flags: LibraryFlags): Promise<ExitCode> {
  return await withLibrary(io, flags, async ({ client }) => {
    const status = await client.queue.status();
    const { jobs } = await client.queue.jobs({ limit: shownJobs });
    // Every number on the command line is a photo's.
    const numbered = (views: readonly JobView[]): object[] =>
      views.map(({ id: job, photoId: id, ...rest }) => ({ id, job, ...rest }));
    const told = { ...status, running: numbered(status.running), jobs: numbered(jobs) };
    io.out(flags.json === true ? `${JSON.stringify(told)}\n` : statusText(status, jobs));
    return exitCodes.done;
  });
}

/** The text of `queue status`. */
export function statusText({ paused, counts, albums }: QueueStatus, jobs: readonly JobView[]): string {
  const waiting = counts.queued + counts.running;
  const figures = [`${formatCount(waiting, 'job')} to do`, `${counts.done} done`];
  if (counts.failed > 0) figures.push(`${counts.failed} failed`);
  if (counts.cancelled > 0) figures.push(`${counts.cancelled} cancelled`);
  const lines = [`${figures.join(', ')}.\n`];
  if (paused) lines.push('The queue is paused; "enlarger queue resume" lets it go on.\n');
  else if (waiting > 0) lines.push('"enlarger queue run" does them.\n');
  for (const { album, settled, jobs: all, fraction } of albums)
    lines.push(`${escapeControls(album)}: ${settled} of ${all}, ${formatPercent(fraction)}\n`);
  if (jobs.length === 0) return lines.join('');
  const rows = jobs.map(({ photoId, kind, name, status }) => [
    String(photoId ?? ''),
    kind,
    status.state,
    name,
    status.state === 'failed' ? status.failure.message : '',
  ]);
  return `${lines.join('')}\n${table([['ID', 'WORK', 'STATE', 'PHOTO', ''], ...rows])}`;
}

export async function pauseQueue(io: Io, flags: LibraryFlags): Promise<ExitCode> {
  return await withLibrary(io, flags, async ({ client }) => {
    await client.queue.pause();
    answer(io, flags, { paused: true }, 'The queue is paused. "enlarger queue resume" lets it go on.');
    return exitCodes.done;
  });
}

export async function resumeQueue(io: Io, flags: LibraryFlags): Promise<ExitCode> {
  return await withLibrary(io, flags, async ({ client }) => {
    await client.queue.resume();
    answer(io, flags, { paused: false }, 'The queue may work again: "enlarger queue run".');
    return exitCodes.done;
  });
}

/** Takes out what waits or runs: of the photos named, or all. */
export async function cancelJobs(io: Io, words: readonly string[], flags: LibraryFlags): Promise<ExitCode> {
  return await changeJobs(io, words, flags, 'cancel', ['queued', 'running'], (count) => `Cancelled ${count}.`);
}

/** Puts back what failed or was cancelled: of the photos named, or all that failed. */
export async function retryJobs(io: Io, words: readonly string[], flags: LibraryFlags): Promise<ExitCode> {
  return await changeJobs(io, words, flags, 'retry', ['failed', 'cancelled'], (count) => `${count} put back into the queue.`);
}

async function changeJobs(
  io: Io,
  words: readonly string[],
  flags: LibraryFlags,
  verb: 'cancel' | 'retry',
  states: readonly JobState[],
  sentence: (count: string) => string,
): Promise<ExitCode> {
  const photoIds = parseIds(words);
  return await withLibrary(io, flags, async ({ client }) => {
    const ids = await jobsOf(client, photoIds, states);
    const { changed } =
      photoIds.length > 0 && ids.length === 0 ? { changed: 0 } : await client.queue[verb](ids.length === 0 ? {} : { ids });
    answer(io, flags, { changed }, sentence(formatCount(changed, 'job')));
    return exitCodes.done;
  });
}

/** The newest job of each kind of each photo, where it is in one of these states: what was done since is not to be done again. */
async function jobsOf(client: Client, photoIds: readonly number[], states: readonly JobState[]): Promise<number[]> {
  if (photoIds.length === 0) return [];
  const { jobs } = await client.queue.jobs({ limit: 10_000 });
  const newest = new Map<string, JobView>();
  for (const job of jobs) {
    if (job.photoId === null || !photoIds.includes(job.photoId)) continue;
    const key = `${job.photoId}/${job.kind}`;
    if ((newest.get(key)?.id ?? 0) < job.id) newest.set(key, job);
  }
  return [...newest.values()].filter(({ status }) => states.includes(status.state)).map(({ id }) => id);
}
