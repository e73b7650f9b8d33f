/** Who listens to the queue. A listener that throws harms nobody but itself. */
import type { JobView, QueueStatus } from '../api/contract.ts';
import type { Log } from './spawn-engine.ts';

export type QueueEvent =
  | { readonly type: 'status'; readonly status: QueueStatus }
  /** A job has another status, or has come further. */
  | { readonly type: 'job'; readonly job: JobView };

export type QueueListener = (event: QueueEvent) => void;

/** Progress alone brings a new status at most this often. */
const statusEveryMs = 250;

export interface QueueWatchers {
  /** Gets the status of now at once. */
  add(listener: QueueListener): () => void;
  /** `view` is made only when somebody listens. */
  tellJob(view: () => JobView): void;
  tellStatus(): void;
  /** Tells the status unless it was told a moment ago. */
  tellProgress(): void;
}

export function openWatchers(status: () => QueueStatus, now: () => number, log: Log | undefined): QueueWatchers {
  const listeners = new Set<QueueListener>();
  let toldMs = -Infinity;
  const tell = (listener: QueueListener, event: QueueEvent): void => {
    try {
      listener(event);
    } catch (error) {
      log?.(
        'error',
        `a listener of the queue failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
    }
  };
  const tellAll = (event: QueueEvent): void => {
    for (const listener of [...listeners]) tell(listener, event);
  };
  const tellStatus = (): void => {
    if (listeners.size === 0) return;
    toldMs = now();
    tellAll({ type: 'status', status: status() });
  };
  return {
    add(listener) {
      // A function that is given twice is two listeners.
      const own: QueueListener = (event) => {
        listener(event);
      };
      listeners.add(own);
      tell(own, { type: 'status', status: status() });
      return () => {
        listeners.delete(own);
      };
    },
    tellJob(view) {
      if (listeners.size > 0) tellAll({ type: 'job', job: view() });
    },
    tellStatus,
    tellProgress() {
      if (now() - toldMs >= statusEveryMs) tellStatus();
    },
  };
}
