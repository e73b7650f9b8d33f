/** What becomes of a job when its worker came back, as an event of the job's life. */
import { EnlargerError, toFailure, type Failure } from '../photo/failure.ts';
import type { Job, JobEvent } from '../photo/job.ts';
import type { Log } from './spawn-engine.ts';
import { isDeath } from './is-death.ts';
import type { Worker } from './queue-worker.ts';

/** Jobs that were begun together. */
export interface Shift {
  readonly jobs: readonly Job[];
  readonly signal: AbortSignal;
  /** Those of a stopped shift that are not to be done any more; the others are given back. */
  readonly cancelled: ReadonlySet<number>;
}

/** Has the jobs done and says how each ended, in order. Never rejects. */
export async function workOff(
  worker: Worker,
  shift: Shift,
  onProgress: (job: Job, fraction: number) => void,
  log: Log | undefined,
): Promise<JobEvent[]> {
  const { jobs, signal } = shift;
  try {
    if (typeof worker !== 'function') {
      const outcomes = await worker.work(jobs, signal);
      return jobs.map((_, index) => outcomeEvent(outcomes[index]));
    }
    for (const job of jobs) {
      await worker(job, {
        signal,
        onProgress: (fraction) => {
          onProgress(job, fraction);
        },
      });
    }
    return jobs.map(() => ({ type: 'finish' }));
  } catch (error) {
    if (!signal.aborted && !(error instanceof EnlargerError))
      log?.('error', error instanceof Error ? (error.stack ?? error.message) : String(error));
    return jobs.map(({ id }) => (signal.aborted ? { type: shift.cancelled.has(id) ? 'cancel' : 'release' } : lossOf(error)));
  }
}

function outcomeEvent(outcome: Failure | null | undefined): JobEvent {
  if (outcome === null) return { type: 'finish' };
  return { type: 'fail', failure: outcome ?? toFailure(new Error('a batch came back without all its outcomes')) };
}

function lossOf(error: unknown): JobEvent {
  const { code, message } = toFailure(error);
  // Nobody asked for a stop, so its process was taken away: `cancelled` would tell the user of a wish that was never there.
  if (code === 'cancelled') return { type: 'lose', failure: { code: 'device-failed', message: endedMeanwhile } };
  return { type: isDeath(error) ? 'lose' : 'fail', failure: { code, message } };
}

const endedMeanwhile = 'The engine was stopped while it worked on this. Try again.';
