/**
 * A lane of the queue: the kinds of jobs that share one engine, worked on one after the other, the first in order first. Lanes run side by side.
 */
import type { Job, JobEvent, JobKind, JobStore } from '../photo/job.ts';
import { workOff, type Shift } from './queue-endings.ts';
import type { Worker } from './queue-worker.ts';
import type { Log } from './spawn-engine.ts';

/** What a lane asks of its queue, and tells it. */
export interface LaneOptions {
  readonly kinds: readonly JobKind[];
  readonly store: JobStore;
  readonly workers: Partial<Record<JobKind, Worker>>;
  /** Asked before each job is taken. */
  readonly mayWork: () => boolean;
  readonly onStart: (jobs: readonly Job[]) => void;
  readonly onProgress: (job: Job, fraction: number) => void;
  /** What became of them is on the disk; null for one whose row went meanwhile. */
  readonly onEnd: (jobs: readonly Job[], after: readonly (Job | null)[]) => void;
  /** The store failed: the lane stands still until it is woken, and owes it the last outcomes. */
  readonly onTrouble: (error: unknown) => void;
  readonly log: Log | undefined;
}

export interface Lane {
  /** Begins to work, unless it does. */
  wake(): void;
  /** Jobs that are being worked on. */
  running(): readonly Job[];
  /** Stops what runs: jobs of `cancelled` end as cancelled, the others of the same shift are given back. Resolves when that is on the disk. */
  stop(cancelled: readonly number[]): Promise<void>;
  /** It has nothing to do, or may not. */
  isIdle(): boolean;
  whenIdle(): Promise<void>;
}

export function openLane(options: LaneOptions): Lane {
  const { store, kinds, workers, log } = options;
  let looping = false;
  let loop = Promise.resolve();
  let shift: (Shift & { readonly stopWork: (cancelled: readonly number[]) => void; readonly ended: Promise<void> }) | null = null;
  let owed: { readonly jobs: readonly Job[]; readonly events: readonly JobEvent[] } | null = null;

  const settleOwed = (): void => {
    if (owed === null) return;
    const { jobs, events } = owed;
    const after = store.applyAll(jobs.map(({ id }, index) => ({ id, event: events[index] ?? { type: 'release' } })));
    owed = null;
    options.onEnd(jobs, after);
  };

  const take = (): readonly Job[] => {
    const first = options.mayWork() ? store.next(kinds) : null;
    if (first === null) return [];
    const begun = store.applyAll(companions(store, workers, first).map(({ id }) => ({ id, event: { type: 'start' } })));
    return begun.filter((job) => job !== null);
  };

  const workOn = async (jobs: readonly Job[]): Promise<void> => {
    const stopping = new AbortController();
    const cancelled = new Set<number>();
    let end: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => (end = resolve));
    const stopWork = (ids: readonly number[]): void => {
      for (const { id } of jobs) if (ids.includes(id)) cancelled.add(id);
      stopping.abort();
    };
    const mine = (shift = { jobs, signal: stopping.signal, cancelled, stopWork, ended });
    try {
      options.onStart(jobs);
      owed = { jobs, events: await workOff(workerOf(workers, jobs), mine, options.onProgress, log) };
    } finally {
      shift = null;
      try {
        settleOwed();
      } finally {
        end();
      }
    }
  };

  const work = async (): Promise<void> => {
    // Whoever woke it finishes first: jobs that are added together are there together.
    await Promise.resolve();
    try {
      settleOwed();
      for (let jobs = take(); jobs.length > 0; jobs = take()) await workOn(jobs);
    } catch (error) {
      options.onTrouble(error);
    } finally {
      looping = false;
    }
  };

  return {
    wake() {
      if (looping) return;
      looping = true;
      loop = work();
    },
    running: () => shift?.jobs ?? [],
    async stop(cancelled) {
      shift?.stopWork(cancelled);
      await shift?.ended;
    },
    isIdle: () => !looping,
    async whenIdle() {
      while (looping) await loop;
    },
  };
}

/** The jobs to begin together with `first`. One that was begun before goes alone: it may be the one that takes all others with it. */
function companions(store: JobStore, workers: LaneOptions['workers'], first: Job): readonly Job[] {
  const worker = workers[first.kind];
  if (worker === undefined || typeof worker === 'function' || wasBegun(first)) return [first];
  const many = store.nextMany(first.kind, worker.limit);
  const alone = many.findIndex(wasBegun);
  return alone === -1 ? many : many.slice(0, alone);
}

function wasBegun({ status }: Job): boolean {
  return status.state === 'queued' && status.attempts + status.interruptions > 0;
}

function workerOf(workers: LaneOptions['workers'], [first]: readonly Job[]): Worker {
  const worker = first === undefined ? undefined : workers[first.kind];
  if (worker === undefined) throw new Error(`no worker for jobs of the kind ${first?.kind ?? 'none'}`);
  return worker;
}
