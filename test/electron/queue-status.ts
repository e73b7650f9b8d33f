/** States of the queue, as the desktop's signs of it see them. */
import type { QueueProgress, QueueStatus } from '../../core/api/contract.ts';
import { createEvents, type Events } from '../../core/api/events.ts';

const idle: QueueProgress = { jobs: 0, settled: 0, failed: 0, fraction: 1, megapixelsPerSecond: null, remainingMs: null };

/** `jobs` that the user asked for, `settled` of them; `working` says whether something runs. */
export function queueStatus(
  jobs: number,
  settled: number,
  { working = settled < jobs, paused = false, looks = 0 } = {},
): QueueStatus {
  const job = {
    ...{ id: 1, kind: 'enhance' as const, photoId: 1, resultId: null, name: 'a.jpg', priority: 0, fraction: 0 },
    status: { state: 'running' as const, startedAt: 0, attempt: 1 },
  };
  return {
    paused,
    running: working ? [job as unknown as QueueStatus['running'][number]] : [],
    counts: { queued: 0, running: 0, done: 0, failed: 0, cancelled: 0 },
    whole: { ...idle, jobs, settled, fraction: jobs === 0 ? 1 : settled / jobs },
    looking: { ...idle, jobs: looks, fraction: looks === 0 ? 1 : 0 },
    albums: [],
  };
}

/** Events with a queue in them; `tell` changes its state. */
export function queueEvents(first: QueueStatus): { events: Events; tell: (status: QueueStatus) => void } {
  let now = first;
  const events = createEvents({ states: { queue: () => now } });
  return {
    events,
    tell(status) {
      now = status;
      events.emit('queue', status);
    },
  };
}
