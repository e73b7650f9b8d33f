/** Notices when the last photo that was asked for is done. */
import type { QueueStatus } from '../api/contract.ts';
import type { Job } from '../photo/job.ts';

/** What became of the work since the queue last had none. */
export interface QueueRest {
  readonly done: number;
  readonly failed: number;
}

export interface RestNotes {
  /** A job is done, failed or cancelled. */
  settled(job: Job): void;
  status(status: QueueStatus): void;
  listen(listener: (rest: QueueRest) => void): () => void;
}

/** Looking at new photos is no work that anybody waits for. */
export function noteRest(): RestNotes {
  const listeners = new Set<(rest: QueueRest) => void>();
  let done = 0;
  let failed = 0;
  return {
    settled({ kind, status: { state } }) {
      if (kind === 'thumbnail') return;
      if (state === 'done') done += 1;
      if (state === 'failed') failed += 1;
    },
    status({ whole }) {
      if (whole.settled < whole.jobs || done + failed === 0) return;
      const rest = { done, failed };
      done = failed = 0;
      for (const listener of [...listeners]) listener(rest);
    },
    listen(listener) {
      const own = (rest: QueueRest): void => {
        listener(rest);
      };
      listeners.add(own);
      return () => void listeners.delete(own);
    },
  };
}
