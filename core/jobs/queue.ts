/**
 * The queue: takes persistent jobs in their order, has them done, and commits what became of them before anybody hears of it. It knows nothing of
 * photos: that is the workers' affair.
 */
import type { JobView, QueueProgress, QueueStatus } from '../api/contract.ts';
import { jobKinds, priorities, type Job, type JobKind, type JobStore, type NewJob } from '../photo/job.ts';
import { openLane } from './lanes.ts';
import { openQueueAccount, type JobLabel } from './queue-account.ts';
import { openWatchers, type QueueListener } from './queue-watchers.ts';
import type { Worker } from './queue-worker.ts';
import type { Log } from './spawn-engine.ts';

export interface QueueOptions {
  readonly store: JobStore;
  /** Jobs of a kind without a worker wait. */
  readonly workers: Partial<Record<JobKind, Worker>>;
  /** What is worked on side by side: the kinds of a lane wait for each other. Two lanes may take jobs of the same kind. */
  readonly lanes?: readonly QueueLane[];
  readonly label?: (job: Job) => JobLabel;
  /** Told of each job that is done, failed or cancelled, once that is on the disk. */
  readonly onSettled?: (job: Job) => void;
  /** How far looking at new photos is, where that is not done by jobs of this queue. */
  readonly looking?: () => QueueProgress;
  /** A clock in milliseconds. */
  readonly now?: () => number;
  readonly log?: Log;
}

export interface QueueLane {
  readonly kinds: readonly JobKind[];
  /** Asked before each job is taken, besides the queue's own reasons. Default: yes. */
  readonly mayWork?: () => boolean;
}

/** Of the jobs that were settled during one `run`; `left` wait still. */
export interface RunCounts {
  readonly done: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly left: number;
}

export interface Queue {
  /** They are on the disk when it returns. */
  add(jobs: readonly NewJob[]): number[];
  /** Looks for work, and at what others changed in the store. */
  wake(): void;
  /** The listener gets the present status first. Returns its unsubscribe. */
  subscribe(listener: QueueListener): () => void;
  status(): QueueStatus;
  /** The whole of the status alone: what the user asked for. */
  progress(): QueueProgress;
  /** Jobs that are not settled first, in order; then the settled ones, newest first. Of these kinds, or all. */
  jobs(limit: number, kinds?: readonly JobKind[]): JobView[];
  /** Begins nothing more, also after the next start. What runs is finished first, or given back when it is to be `atOnce`. */
  pause(options?: { readonly atOnce?: boolean }): Promise<void>;
  resume(): void;
  /** Without ids: all that are not settled. Resolves within two seconds, when nothing of them runs any more, to how many were cancelled. */
  cancel(ids?: readonly number[]): Promise<number>;
  /** Without ids: all that failed. Returns how many wait again. */
  retry(ids?: readonly number[]): number;
  /** Puts queued jobs before another one, or last. */
  move(ids: readonly number[], beforeId: number | null): void;
  /** Work on these photos goes first, and what was looked at before loses that. Returns how many jobs it met. */
  look(photoIds: readonly number[]): number;
  /** Works on whatever comes, until `stop`. */
  start(): void;
  /** Gives back what runs; resolves within two seconds. */
  stop(): Promise<void>;
  /** Works until nothing is left to do, the queue is paused or the signal aborts. Rejects when the store fails. */
  run(signal?: AbortSignal): Promise<RunCounts>;
}

const usualLanes: readonly QueueLane[] = [{ kinds: ['enhance', 'export'] }, { kinds: ['thumbnail'] }];

/** Settled jobs that are remembered. */
const keptJobs = 10_000;
const pruneEvery = 1000;

const noLabel = (job: Job): JobLabel => ({ name: String(job.photoId ?? job.id), album: null });

/** Opens the queue; jobs that a dead program left running lose their attempt. There must be one queue for a store. */
export function createQueue(options: QueueOptions): Queue {
  const { store, workers, log, label = noLabel, now = () => performance.now() } = options;
  const account = openQueueAccount(store, label, now);
  const watchers = openWatchers(status, now, log);
  const settledInRun = { done: 0, failed: 0, cancelled: 0 };
  /** Of jobs that are looked at: their priority otherwise. */
  const looked = new Map<number, number>();
  let open = false;
  const troubles: unknown[] = [];
  let sincePrune = 0;

  const lanes = (options.lanes ?? usualLanes)
    .map(({ kinds, mayWork }) => ({ kinds: kinds.filter((kind) => workers[kind] !== undefined), mayWork }))
    .filter(({ kinds }) => kinds.length > 0)
    .map(({ kinds, mayWork = () => true }) =>
      openLane({
        kinds,
        store,
        workers,
        log,
        mayWork: () => open && !store.isPaused() && mayWork(),
        onStart(jobs) {
          account.setWorking(running());
          for (const job of jobs) changed(job.id, job);
          watchers.tellStatus();
        },
        onProgress(job, fraction) {
          account.progress(job, fraction);
          watchers.tellJob(() => account.view(job));
          watchers.tellProgress();
        },
        onEnd(jobs, after) {
          for (const [index, { id }] of jobs.entries()) changed(id, after[index] ?? null);
          account.setWorking(running());
          account.catchUp();
          watchers.tellStatus();
        },
        onTrouble(error) {
          troubles.push(error);
          log?.('error', `the queue stands still: ${error instanceof Error ? error.message : String(error)}`);
        },
      }),
    );

  function changed(id: number, job: Job | null): void {
    account.changed(id, job);
    if (job === null) return;
    const { state } = job.status;
    if (state === 'done' || state === 'failed' || state === 'cancelled') {
      settledInRun[state] += 1;
      looked.delete(id);
      sincePrune += 1;
      options.onSettled?.(job);
    }
    watchers.tellJob(() => account.view(job));
  }

  function running(): readonly Job[] {
    return lanes.flatMap((lane) => lane.running());
  }

  function status(): QueueStatus {
    return {
      paused: store.isPaused(),
      running: running().map((job) => account.view(job)),
      counts: { ...store.counts() },
      whole: account.whole(),
      looking: options.looking?.() ?? account.looking(),
      albums: account.albums(),
    };
  }

  function wake(): void {
    if (account.catchUp()) watchers.tellStatus();
    if (sincePrune >= pruneEvery) {
      sincePrune = 0;
      store.prune(keptJobs);
    }
    for (const lane of lanes) lane.wake();
  }

  const stopWork = async (cancelled: readonly number[] = []): Promise<void> => {
    await Promise.all(lanes.map((lane) => lane.stop(cancelled)));
  };
  const whenIdle = async (): Promise<void> => {
    // A job of one lane may bring work to another.
    do await Promise.all(lanes.map((lane) => lane.whenIdle()));
    while (lanes.some((lane) => !lane.isIdle()));
  };

  for (const job of store.recover()) if (job.status.state === 'failed') options.onSettled?.(job);
  store.prune(keptJobs);
  account.catchUp();

  const queue: Queue = {
    add(jobs) {
      const ids = store.add(jobs);
      wake();
      return ids;
    },
    wake,
    subscribe: (listener) => watchers.add(listener),
    status,
    progress: () => account.whole(),
    jobs(limit, kinds = jobKinds) {
      const waiting = store.list({ states: ['running', 'queued'], kinds, limit });
      const settled = store.list({ states: ['done', 'failed', 'cancelled'], kinds, limit: limit - waiting.length });
      return [...waiting, ...settled].slice(0, limit).map((job) => account.view(job));
    },
    async pause({ atOnce = false } = {}) {
      store.setPaused(true);
      watchers.tellStatus();
      if (atOnce) await stopWork();
    },
    resume() {
      store.setPaused(false);
      watchers.tellStatus();
      wake();
    },
    async cancel(ids) {
      const atWork = new Set(running().map((job) => job.id));
      const wanted = ids ?? store.list({ states: ['queued', 'running'] }).map(({ id }) => id);
      const waiting = wanted.filter((id) => !atWork.has(id));
      const after = store.applyAll(waiting.map((id) => ({ id, event: { type: 'cancel' } })));
      const gone = after.filter((job) => job !== null);
      for (const job of gone) changed(job.id, job);
      const stopped = wanted.filter((id) => atWork.has(id));
      const busy = lanes.filter((lane) => lane.running().some(({ id }) => stopped.includes(id)));
      await Promise.all(busy.map((lane) => lane.stop(stopped)));
      watchers.tellStatus();
      return gone.length + stopped.filter((id) => store.get(id)?.status.state === 'cancelled').length;
    },
    retry(ids) {
      const wanted = ids ?? store.list({ states: ['failed'] }).map(({ id }) => id);
      const after = store.applyAll(wanted.map((id) => ({ id, event: { type: 'retry' } }))).filter((job) => job !== null);
      for (const job of after) changed(job.id, job);
      watchers.tellStatus();
      wake();
      return after.length;
    },
    move(ids, beforeId) {
      store.move(ids, beforeId);
      watchers.tellStatus();
    },
    look(photoIds) {
      const seen = photoIds.length === 0 ? [] : store.list({ states: ['queued'], photoIds });
      const seenIds = new Set(seen.map(({ id }) => id));
      const lowered = new Map<number, number[]>();
      for (const [id, priority] of looked) {
        if (seenIds.has(id)) continue;
        lowered.set(priority, [...(lowered.get(priority) ?? []), id]);
        looked.delete(id);
      }
      for (const [priority, ids] of lowered) store.setPriority(ids, priority);
      const raised = seen.filter(({ priority }) => priority < priorities.visible);
      for (const { id, priority } of raised) looked.set(id, priority);
      if (raised.length > 0)
        store.setPriority(
          raised.map(({ id }) => id),
          priorities.visible,
        );
      return seen.length;
    },
    start() {
      open = true;
      wake();
    },
    async stop() {
      open = false;
      await stopWork();
      await whenIdle();
    },
    async run(signal) {
      signal?.throwIfAborted();
      const stop = (): void => void queue.stop();
      signal?.addEventListener('abort', stop, { once: true });
      Object.assign(settledInRun, { done: 0, failed: 0, cancelled: 0 });
      troubles.length = 0;
      try {
        queue.start();
        await whenIdle();
      } finally {
        signal?.removeEventListener('abort', stop);
        open = false;
      }
      if (troubles.length > 0) throw troubles[0];
      return { ...settledInRun, left: store.counts().queued };
    },
  };
  return queue;
}
