/** What does the work of the queue, as the queue sees it. */
import type { Failure } from '../photo/failure.ts';
import type { Job } from '../photo/job.ts';

export interface WorkContext {
  /** Aborted when the job is cancelled or given back; the worker then stops within two seconds and leaves nothing half-done. */
  readonly signal: AbortSignal;
  /** How far the job is, 0..1. Only for work that is really done: what was found ready tells nothing of the speed. */
  readonly onProgress: (fraction: number) => void;
}

/**
 * Does one job. Rejects with an `EnlargerError`: one that is a death (`isDeath`) costs the attempt, and its message is what is told when there is
 * no further one; any other ends the job. Anything else that is thrown is a defect and fails the job as `internal`.
 */
export type SingleWorker = (job: Job, context: WorkContext) => Promise<void>;

/** Does many jobs of one kind at once. */
export interface BatchWorker {
  /** Most jobs at a time. */
  readonly limit: number;
  /** What became of each, in order: null is done. Rejects when all are lost together; each is then tried once more, alone. */
  readonly work: (jobs: readonly Job[], signal: AbortSignal) => Promise<readonly (Failure | null)[]>;
}

export type Worker = SingleWorker | BatchWorker;
