import type { JobView, QueueProgress, QueueStatus } from '../../../../core/api/contract.ts';
import type { JobStatus } from '../../../../core/photo/job.ts';

const statuses = {
  queued: { state: 'queued', attempts: 0, interruptions: 0 },
  running: { state: 'running', attempts: 1, interruptions: 0 },
  done: { state: 'done' },
  failed: { state: 'failed', attempts: 1, failure: { code: 'damaged', message: 'The file ends too early.' } },
  cancelled: { state: 'cancelled' },
} as const satisfies Record<string, JobStatus>;

/** A job to enhance a photo of the same number. */
export function job(id: number, state: keyof typeof statuses = 'queued', more: Partial<JobView> = {}): JobView {
  const fraction = state === 'done' ? 1 : state === 'running' ? 0.4 : 0;
  return {
    ...{
      id,
      kind: 'enhance',
      photoId: id,
      resultId: id,
      name: `IMG_${id}.jpg`,
      priority: 100,
      status: statuses[state],
      fraction,
    },
    ...more,
  };
}

export const noProgress: QueueProgress = {
  jobs: 0,
  settled: 0,
  failed: 0,
  fraction: 1,
  megapixelsPerSecond: null,
  remainingMs: null,
};

/** What the host tells of these jobs. */
export function statusOf(jobs: readonly JobView[], more: Partial<QueueStatus> = {}): QueueStatus {
  const count = (state: string): number => jobs.filter(({ status }) => status.state === state).length;
  const counts = {
    queued: count('queued'),
    running: count('running'),
    done: count('done'),
    failed: count('failed'),
    cancelled: count('cancelled'),
  };
  const settled = counts.done + counts.failed + counts.cancelled;
  const whole = { jobs: jobs.length, settled, failed: counts.failed, fraction: jobs.length === 0 ? 1 : settled / jobs.length };
  return {
    ...{
      paused: false,
      running: jobs.filter(({ status }) => status.state === 'running'),
      counts,
      albums: [],
      looking: noProgress,
    },
    whole: { ...whole, megapixelsPerSecond: 3.4, remainingMs: 240_000 },
    ...more,
  };
}
