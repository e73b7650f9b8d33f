/** What the bar at the foot of the window tells of the queue. Pure. */
import type { QueueProgress, QueueStatus } from '../../../core/api/contract.ts';
import { openJobs } from './job-list.ts';

export interface BarFigures {
  /** `asked`: what the user asked for; `looking`: only photos are looked at; `nothing`: all is done. */
  readonly what: 'asked' | 'looking' | 'nothing';
  readonly paused: boolean;
  /** The album that all of it is of, else the photo that is worked on; null where neither is. */
  readonly name: string | null;
  readonly progress: QueueProgress;
  /** Null where it says nothing: while photos are looked at, or before a first bit of a photo is done. */
  readonly megapixelsPerSecond: number | null;
  /** Photos that the user asked for and that failed since the queue was last through. */
  readonly failed: number;
}

export function barFigures(status: QueueStatus): BarFigures {
  const { paused, running, whole, looking, albums } = status;
  const what = openJobs(status) > 0 ? 'asked' : looking.jobs > looking.settled ? 'looking' : 'nothing';
  const { megapixelsPerSecond } = whole;
  const album = albums.find(({ jobs }) => jobs === whole.jobs);
  const atWork = running.find(({ kind }) => kind !== 'thumbnail');
  return {
    what,
    paused,
    name: what === 'asked' ? (album?.album ?? atWork?.name ?? null) : null,
    progress: what === 'looking' ? looking : whole,
    megapixelsPerSecond:
      what === 'asked' && megapixelsPerSecond !== null && megapixelsPerSecond >= 0.05 ? megapixelsPerSecond : null,
    failed: whole.failed,
  };
}
