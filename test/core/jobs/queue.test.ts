import { describe, expect, it } from 'vitest';
import { EnlargerError } from '../../../core/photo/failure.ts';
import { priorities, type JobKind, type NewJob } from '../../../core/photo/job.ts';
import { createQueue, type QueueOptions } from '../../../core/jobs/queue.ts';
import type { QueueEvent } from '../../../core/jobs/queue-watchers.ts';
import type { SingleWorker } from '../../../core/jobs/queue-worker.ts';
import { memoryJobs } from '../../fixtures/memory-jobs.ts';

function newJob(photoId: number, overrides: Partial<NewJob> = {}): NewJob {
  const kind: JobKind = 'enhance';
  return { kind, photoId, resultId: null, priority: priorities.asked, workPixels: 100, payload: {}, ...overrides };
}

const death = (): EnlargerError => new EnlargerError('device-failed', 'It ended.', { retry: true });

/** A queue whose jobs of the kind `enhance` are done by `work`, and the photos in the order they were begun. */
function queueOf(work: SingleWorker, overrides: Partial<QueueOptions> = {}) {
  const store = memoryJobs(20);
  const begun: (number | null)[] = [];
  const worker: SingleWorker = async (job, context) => {
    begun.push(job.photoId);
    await work(job, context);
  };
  return { store, begun, queue: createQueue({ store, workers: { enhance: worker, export: worker }, ...overrides }) };
}

/** Work that lasts until it is let go, or stopped. */
function gate() {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  const work: SingleWorker = async (_, { signal }) => {
    await Promise.race([
      opened,
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          reject(new EnlargerError('cancelled', 'Stopped as asked.'));
        });
      }),
    ]);
  };
  return { open, work };
}

const nothing: SingleWorker = () => Promise.resolve();

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

describe('the order', () => {
  it('is by priority, then by position', async () => {
    const { queue, begun } = queueOf(nothing);
    queue.add([newJob(1, { priority: priorities.background }), newJob(2), newJob(3, { kind: 'export' }), newJob(4)]);
    const [, , , fifth = 0] = queue.add([newJob(6), newJob(7), newJob(8), newJob(5)]);
    queue.move([fifth], queue.jobs(10).find((job) => job.photoId === 2)?.id ?? null);
    queue.look([4, 8]);
    expect(await queue.run()).toEqual({ done: 8, failed: 0, cancelled: 0, left: 0 });
    expect(begun).toEqual([4, 8, 5, 2, 3, 6, 7, 1]);
  });

  it('gives back its place to what is not looked at any more', async () => {
    const { queue, begun } = queueOf(nothing);
    queue.add([newJob(1), newJob(2, { priority: priorities.background }), newJob(3)]);
    expect(queue.look([2, 3])).toBe(2);
    expect(queue.look([3])).toBe(1);
    await queue.run();
    expect(begun).toEqual([3, 1, 2]);
  });

  it('takes in what is added while it works', async () => {
    const { queue, begun } = queueOf((job) => {
      if ((job.photoId ?? 0) < 3) queue.add([newJob((job.photoId ?? 0) + 1)]);
      return Promise.resolve();
    });
    queue.add([newJob(1)]);
    expect(await queue.run()).toMatchObject({ done: 3 });
    expect(begun).toEqual([1, 2, 3]);
  });

  it('is kept within a lane, while another lane works beside it', async () => {
    const { open, work } = gate();
    const looked: (number | null)[][] = [];
    const store = memoryJobs(20);
    const thumbnail = {
      limit: 2,
      work: (jobs: readonly { photoId: number | null }[]) => {
        looked.push(jobs.map(({ photoId }) => photoId));
        return Promise.resolve(jobs.map(() => null));
      },
    };
    const queue = createQueue({ store, workers: { enhance: work, thumbnail } });
    queue.add([newJob(1), ...[2, 3, 4].map((id) => newJob(id, { kind: 'thumbnail' }))]);
    queue.start();
    await until(() => queue.status().counts.done === 3);
    expect(looked).toEqual([[2, 3], [4]]);
    expect(queue.status().running.map(({ photoId }) => photoId)).toEqual([1]);
    // Thumbnails tell nothing of how far the photos are that somebody waits for.
    expect(queue.status()).toMatchObject({
      whole: { jobs: 1, settled: 0, fraction: 0 },
      looking: { jobs: 3, settled: 3, fraction: 1 },
    });
    expect(queue.jobs(10, ['enhance', 'export']).map(({ photoId }) => photoId)).toEqual([1]);
    expect(queue.jobs(10)).toHaveLength(4);
    open();
    await until(() => queue.status().counts.done === 4);
    await queue.stop();
  });
});

describe('what becomes of a job', () => {
  it('is done, failed with its reason, or failed as a defect, and the next one follows', async () => {
    const { queue, store } = queueOf((job) => {
      if (job.photoId === 1) throw new EnlargerError('damaged', 'It ends too early.');
      if (job.photoId === 2) throw new TypeError('x is undefined');
      return Promise.resolve();
    });
    const [damaged = 0, defect = 0, good = 0] = queue.add([newJob(1), newJob(2), newJob(3)]);
    expect(await queue.run()).toEqual({ done: 1, failed: 2, cancelled: 0, left: 0 });
    expect(store.get(damaged)?.status).toMatchObject({ state: 'failed', failure: { code: 'damaged' } });
    expect(store.get(defect)?.status).toMatchObject({ state: 'failed', failure: { code: 'internal' } });
    expect(store.get(good)?.status).toEqual({ state: 'done' });
  });

  it('is tried twice when its process dies, then left alone, also by the next start', async () => {
    const { queue, begun, store } = queueOf((job) => {
      if (job.photoId === 1) throw death();
      return Promise.resolve();
    });
    queue.add([newJob(1), newJob(2)]);
    expect(await queue.run()).toMatchObject({ done: 1, failed: 1 });
    expect(begun).toEqual([1, 1, 2]);
    expect(store.list({ states: ['failed'] })[0]?.status).toEqual({
      state: 'failed',
      attempts: 2,
      failure: { code: 'device-failed', message: 'It ended.' },
    });
    expect(await createQueue({ store, workers: { enhance: nothing } }).run()).toMatchObject({ done: 0, failed: 0 });
  });

  it('is left alone when the program ended over it again and again, and told by the start that gives up', async () => {
    const { queue, store } = queueOf(nothing);
    const [id = 0] = queue.add([newJob(1)]);
    const settled: string[] = [];
    for (const expected of ['queued', 'queued', 'queued', 'queued', 'failed']) {
      store.apply(id, { type: 'start' });
      createQueue({ store, workers: {}, onSettled: (job) => settled.push(job.status.state) });
      expect(store.get(id)?.status.state).toBe(expected);
    }
    expect(settled).toEqual(['failed']);
    expect(await queue.run()).toMatchObject({ done: 0, left: 0 });
    expect(queue.retry()).toBe(1);
    expect(await queue.run()).toMatchObject({ done: 1 });
  });

  it('counts deaths of the engine over restarts of the program', async () => {
    const store = memoryJobs(20);
    const workers = { enhance: () => Promise.reject(death()) };
    const [id = 0] = store.add([newJob(1)]);
    store.apply(id, { type: 'start' });
    store.apply(id, { type: 'lose', failure: { code: 'device-failed', message: 'It ended.' } });
    store.apply(id, { type: 'start' });
    expect(await createQueue({ store, workers }).run()).toMatchObject({ failed: 1 });
    expect(store.get(id)?.status).toMatchObject({ state: 'failed', attempts: 2 });
  });

  it("is not the whole batch's when one of it ends the engine", async () => {
    const store = memoryJobs(20);
    const batches: number[] = [];
    const thumbnail = {
      limit: 8,
      work: (jobs: readonly { photoId: number | null }[]) => {
        batches.push(jobs.length);
        if (jobs.some(({ photoId }) => photoId === 3)) throw death();
        return Promise.resolve(jobs.map(({ photoId }) => (photoId === 4 ? { code: 'damaged' as const, message: 'x' } : null)));
      },
    };
    const queue = createQueue({ store, workers: { thumbnail } });
    queue.add(Array.from({ length: 10 }, (_, index) => newJob(index + 1, { kind: 'thumbnail' })));
    expect(await queue.run()).toMatchObject({ done: 8, failed: 2 });
    expect(batches).toEqual([8, 1, 1, 1, 1, 1, 1, 1, 1, 2]);
  });

  it('is owed to a store that fails, and paid when it works again', async () => {
    const store = memoryJobs(20);
    let broken = false;
    const applyAll: typeof store.applyAll = (changes) => {
      if (broken) throw new EnlargerError('disk-full', 'The disk of the catalog is full.');
      return store.applyAll(changes);
    };
    const queue = createQueue({
      store: { ...store, applyAll },
      workers: {
        enhance: () => {
          broken = true;
          return Promise.resolve();
        },
      },
    });
    const [id = 0] = queue.add([newJob(1)]);
    await expect(queue.run()).rejects.toMatchObject({ code: 'disk-full' });
    expect(store.get(id)?.status.state).toBe('running');
    expect(queue.status().whole.fraction).toBeLessThan(1);
    broken = false;
    expect(await queue.run()).toMatchObject({ done: 1 });
    expect(store.get(id)?.status).toEqual({ state: 'done' });
  });
});

describe('stopping', () => {
  it('pauses after the running job, over restarts, until it is resumed', async () => {
    const { open, work } = gate();
    const { queue, store, begun } = queueOf(work);
    queue.add([newJob(1), newJob(2)]);
    queue.start();
    await until(() => begun.length === 1);
    await queue.pause();
    open();
    await until(() => queue.status().counts.done === 1);
    const next = createQueue({ store, workers: { enhance: nothing } });
    expect(await next.run()).toEqual({ done: 0, failed: 0, cancelled: 0, left: 1 });
    next.resume();
    expect(await next.run()).toMatchObject({ done: 1 });
  });

  it('gives back what runs when the pause is at once, and when the program ends: no attempt is lost', async () => {
    for (const how of ['pause', 'stop', 'signal'] as const) {
      const { work } = gate();
      const { queue, store, begun } = queueOf(work);
      const [id = 0] = queue.add([newJob(1), newJob(2)]);
      const stop = new AbortController();
      const run = queue.run(stop.signal);
      await until(() => begun.length === 1);
      expect(store.get(id)?.status).toMatchObject({ state: 'running', attempts: 1 });
      if (how === 'pause') await queue.pause({ atOnce: true });
      else if (how === 'stop') await queue.stop();
      else stop.abort();
      expect(await run).toEqual({ done: 0, failed: 0, cancelled: 0, left: 2 });
      expect(store.get(id)?.status).toMatchObject({ state: 'queued', attempts: 0 });
    }
  });

  it('cancels what waits and what runs, and nothing else', async () => {
    const { open, work } = gate();
    const { queue, store, begun } = queueOf(work);
    const [first = 0, second = 0, third = 0] = queue.add([newJob(1), newJob(2), newJob(3)]);
    const run = queue.run();
    await until(() => begun.length === 1);
    expect(await queue.cancel([first, third])).toBe(2);
    open();
    expect(await run).toEqual({ done: 1, failed: 0, cancelled: 2, left: 0 });
    expect([first, second, third].map((id) => store.get(id)?.status.state)).toEqual(['cancelled', 'done', 'cancelled']);
    expect(queue.retry([first])).toBe(1);
    expect(await queue.run()).toMatchObject({ done: 1 });
  });

  it('cancels everything when nothing is named', async () => {
    const { work } = gate();
    const { queue, begun } = queueOf(work);
    queue.add([newJob(1), newJob(2)]);
    queue.start();
    await until(() => begun.length === 1);
    expect(await queue.cancel()).toBe(2);
    expect(queue.status().counts).toMatchObject({ queued: 0, running: 0, cancelled: 2 });
    expect(queue.status().whole.fraction).toBe(1);
    await queue.stop();
  });

  it('gives the others of a batch back when one of it is cancelled', async () => {
    const store = memoryJobs(20);
    let batches = 0;
    const thumbnail = {
      limit: 4,
      work: async (jobs: readonly unknown[], signal: AbortSignal) => {
        batches += 1;
        if (batches === 1)
          await new Promise((_, reject) => {
            signal.addEventListener('abort', () => {
              reject(new Error('stopped'));
            });
          });
        return jobs.map(() => null);
      },
    };
    const queue = createQueue({ store, workers: { thumbnail } });
    const [first = 0] = queue.add([1, 2, 3].map((id) => newJob(id, { kind: 'thumbnail' })));
    const run = queue.run();
    await until(() => batches === 1);
    expect(await queue.cancel([first])).toBe(1);
    expect(await run).toMatchObject({ done: 2, cancelled: 1 });
  });
});

describe('who listens', () => {
  it('hears the present first, then what changes, and nothing after leaving', async () => {
    const { queue } = queueOf((_, { onProgress }) => {
      onProgress(0.5);
      onProgress(0.25);
      return Promise.resolve();
    });
    queue.add([newJob(1)]);
    const events: QueueEvent[] = [];
    const leave = queue.subscribe((event) => events.push(event));
    expect(events).toEqual([{ type: 'status', status: queue.status() }]);
    expect(queue.status().counts.queued).toBe(1);
    await queue.run();
    const jobs = events.flatMap((event) => (event.type === 'job' ? [[event.job.status.state, event.job.fraction]] : []));
    expect(jobs).toEqual([
      ['running', 0],
      ['running', 0.5],
      ['running', 0.5],
      ['done', 1],
    ]);
    const last = events.findLast((event) => event.type === 'status');
    expect(last?.status).toMatchObject({ running: [], counts: { done: 1 }, whole: { jobs: 1, settled: 1, fraction: 1 } });
    const heard = events.length;
    leave();
    queue.add([newJob(2)]);
    await queue.run();
    expect(events).toHaveLength(heard);
  });

  it('harms nobody by throwing', async () => {
    const { queue } = queueOf(nothing);
    queue.subscribe(() => {
      throw new Error('listener');
    });
    queue.add([newJob(1)]);
    expect(await queue.run()).toMatchObject({ done: 1 });
  });

  it('sees progress by album, and jobs that others added or took away', async () => {
    const { queue, store } = queueOf(nothing, { label: (job) => ({ name: `${String(job.photoId)}.jpg`, album: 'summer' }) });
    store.add([newJob(1), newJob(2)]);
    queue.wake();
    expect(queue.status()).toMatchObject({ whole: { jobs: 2 }, albums: [{ album: 'summer', jobs: 2, fraction: 0 }] });
    expect(queue.jobs(1)).toMatchObject([{ name: '1.jpg', photoId: 1, fraction: 0 }]);
    await queue.run();
    expect(queue.status()).toMatchObject({ albums: [{ album: 'summer', settled: 2, fraction: 1 }] });
  });
});
