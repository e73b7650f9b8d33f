/** What the queue promises when engines crash, hang and run out of memory. */
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEngine, type Engine } from '../../../core/jobs/engine-client.ts';
import type { EngineProcess } from '../../../core/jobs/spawn-engine.ts';
import type { Job } from '../../../core/photo/job.ts';
import { fakeEngineProcess, spawnFakeEngine } from '../../fixtures/engines.ts';
import { recipe } from '../../fixtures/facts.ts';
import { fakePhoto, type FakePhoto } from '../../fixtures/fake-photo.ts';
import { addToLibrary, openLibraryWork, type LibraryWork } from '../../fixtures/library-work.ts';
import { randomStream } from '../../fixtures/pictures.ts';
import { workspace, type Workspace } from '../../fixtures/run.ts';

let space: Workspace;
beforeEach(() => {
  space = workspace();
});
afterEach(() => {
  space.remove();
});

/** The library with these photos in its queue. */
async function queued(engine: Engine, photos: readonly Partial<FakePhoto>[]): Promise<LibraryWork> {
  const work = await openLibraryWork(space, engine);
  const paths = photos.map((photo, index) => space.put(`photos/${String(index)}.jpg`, fakePhoto({ seed: index, ...photo })));
  const ids = addToLibrary(work.catalog, paths);
  const { jobs } = await work.handlers.add({ choice: { ids }, recipe: recipe() });
  expect(jobs).toHaveLength(photos.length);
  return work;
}

function failures({ catalog }: LibraryWork): string[] {
  return catalog.jobs
    .list({ states: ['failed'] })
    .map(({ photoId, status }) => `${String(photoId)} ${status.state === 'failed' ? status.failure.code : ''}`);
}

/** Nothing half-made is left, and every result that is ready has whole pixels. */
async function expectWhole({ catalog, cache }: LibraryWork, ready: number): Promise<void> {
  const results = catalog.results.list({ states: ['ready'] });
  expect(results).toHaveLength(ready);
  for (const { key } of results) expect(await cache.results.find(key)).not.toBeNull();
  expect(new Set(await cache.results.keys())).toEqual(new Set(results.map(({ key }) => key)));
  const temporary = ['scratch/', 'cache/drafts/', 'cache/leases/'];
  const left = space.list('.state').filter((name) => temporary.some((folder) => name.startsWith(folder)));
  expect(left).toEqual([]);
}

describe('an album of 50 photos', () => {
  it('is done after 100 crashes of the engine, one while each photo is worked on and one while none is', async () => {
    const signals = ['SIGKILL', 'SIGSEGV', 'SIGABRT'] as const;
    const random = randomStream(3);
    let alive: EngineProcess | undefined;
    let crashes = 0;
    let starts = 0;
    const engine = createEngine(() => {
      starts += 1;
      const process = spawnFakeEngine();
      alive = process;
      process.onExit(() => {
        if (alive === process) alive = undefined;
      });
      return process;
    });
    const crash = (): void => {
      if (alive?.pid === undefined) return;
      process.kill(alive.pid, signals[Math.floor(random() * signals.length)]);
      alive = undefined;
      crashes += 1;
    };
    const work = await queued(
      engine,
      Array.from({ length: 50 }, () => ({})),
    );
    const isFirstAttempt = ({ status }: Pick<Job, 'status'>): boolean => status.state === 'running' && status.attempts === 1;
    const lastFractions = new Map<number, number>();
    work.queue.subscribe((event) => {
      if (event.type !== 'job' || !isFirstAttempt(event.job)) return;
      // A random one of the moments at which something is heard of the photo, the first included.
      const { id, fraction } = event.job;
      const wanted = lastFractions.get(id) ?? random() * 0.9;
      lastFractions.set(id, wanted);
      if (fraction >= wanted) crash();
    });
    for (let done = 0; done < 50; done += 1) {
      const leave = work.queue.subscribe((event) => {
        if (event.type === 'job' && event.job.status.state === 'done') void work.queue.pause();
      });
      work.queue.resume();
      await work.queue.run();
      leave();
      // A crash that came too late for the photo met an idle engine already; its death may still be on its way.
      while (crashes < 2 * (done + 1)) {
        engine.start();
        crash();
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
    expect(work.catalog.jobs.counts()).toEqual({ queued: 0, running: 0, done: 50, failed: 0, cancelled: 0 });
    expect(crashes).toBeGreaterThanOrEqual(100);
    // One process more than there were crashes: each of them brought exactly one new one.
    expect(starts).toBeLessThanOrEqual(crashes + 1);
    await expectWhole(work, 50);
    await work.close();
    await engine.close();
    console.log(`${String(crashes)} crashes of the engine, ${String(starts)} starts, 50 of 50 photos done`);
  }, 240_000);
});

describe('a batch of 100 with 5 that crash, 3 that hang and 2 that never fit into memory', () => {
  it('is done but for those 10, each with its reason and tried twice at most, and the next start leaves them alone', async () => {
    const photos: Partial<FakePhoto>[] = Array.from({ length: 100 }, () => ({}));
    const poison = (numbers: readonly number[], photo: Partial<FakePhoto>): void => {
      for (const number of numbers) photos[number] = { ...photo, marker: space.path(`marker-${String(number)}`) };
    };
    poison([3, 20, 21, 60, 99], { behaviour: 'die' });
    poison([10, 50, 70], { behaviour: 'hang' });
    poison([0, 80], { behaviour: 'out-of-memory', largestTileSide: 0 });
    const engine = fakeEngineProcess({ silenceLimitMs: 1000 });
    const work = await queued(engine, photos);
    const begun = new Map<number, number>();
    work.queue.subscribe((event) => {
      if (event.type === 'job' && event.job.status.state === 'running' && event.job.fraction === 0)
        begun.set(event.job.photoId ?? 0, event.job.status.attempts);
    });
    expect(await work.queue.run()).toEqual({ done: 90, failed: 10, cancelled: 0, left: 0 });
    const reasons = failures(work).map((failure) => failure.split(' ')[1]);
    expect(reasons.toSorted()).toEqual([...Array<string>(8).fill('device-failed'), 'out-of-memory', 'out-of-memory']);
    expect(Math.max(...begun.values())).toBe(2);
    expect([...begun.values()].filter((attempts) => attempts === 2)).toHaveLength(8);
    // Memory that does not suffice gets smaller tiles within the attempt, and that was all.
    expect(readFileSync(space.path('marker-0'), 'utf8')).toBe('256\n128\n');
    for (const { failure, state } of work.catalog.results.list({ states: ['pending'] }))
      expect([state, failure?.message]).toEqual(['pending', expect.stringMatching(/twice|memory/)]);
    await expectWhole(work, 90);
    const before = failures(work);
    await work.close();

    const next = await openLibraryWork(space, engine);
    expect(await next.queue.run()).toEqual({ done: 0, failed: 0, cancelled: 0, left: 0 });
    expect(failures(next)).toEqual(before);
    await next.close();
    await engine.close();
  }, 120_000);
});

describe('a photo that takes the engine with it', () => {
  it('is tried again with smaller tiles, and then done', async () => {
    const engine = fakeEngineProcess();
    const marker = space.path('marker');
    const work = await queued(engine, [{ behaviour: 'die-once', marker }]);
    expect(await work.queue.run()).toMatchObject({ done: 1, failed: 0 });
    await expectWhole(work, 1);
    await work.close();
    await engine.close();
  });

  it('is given up over starts of the program, too', async () => {
    const engine = fakeEngineProcess();
    const work = await queued(engine, [{ behaviour: 'die' }, {}]);
    const stop = work.queue.subscribe((event) => {
      if (event.type === 'job' && event.job.status.state === 'queued') void work.queue.stop();
    });
    expect(await work.queue.run()).toMatchObject({ done: 0, failed: 0, left: 2 });
    stop();
    await work.close();
    const next = await openLibraryWork(space, engine);
    expect(await next.queue.run()).toEqual({ done: 1, failed: 1, cancelled: 0, left: 0 });
    await next.close();
    await engine.close();
  });
});

describe('cancelling', () => {
  it('at 50 random times leaves an idle worker and no output of what was cancelled', async () => {
    const random = randomStream(5);
    const engine = fakeEngineProcess({ cancelGraceMs: 500 });
    const behaviours = [null, null, 'slow', 'stubborn', 'hang'] as const;
    const work = await queued(
      engine,
      Array.from({ length: 60 }, (_, index) => ({ behaviour: behaviours[index % behaviours.length] ?? null })),
    );
    work.queue.start();
    const tookMs: number[] = [];
    let cancelled = 0;
    for (let times = 0; times < 50; times += 1) {
      await new Promise((resolve) => setTimeout(resolve, random() * 60));
      const running = work.queue.status().running.map(({ id }) => id);
      const waiting = work.catalog.jobs.next(['enhance']);
      const ids = running.length > 0 ? running : waiting === null ? [] : [waiting.id];
      const startMs = performance.now();
      cancelled += await work.queue.cancel(ids);
      tookMs.push(performance.now() - startMs);
      for (const id of ids) expect(work.queue.status().running.map((job) => job.id)).not.toContain(id);
    }
    await work.queue.stop();
    expect(work.queue.status().running).toEqual([]);
    const { counts } = work.queue.status();
    expect(counts.cancelled).toBe(cancelled);
    expect(cancelled).toBeGreaterThan(20);
    await expectWhole(work, counts.done);
    await work.close();
    await engine.close();
    console.log(
      `50 times cancelled, ${String(cancelled)} jobs, at most ${String(Math.round(Math.max(...tookMs)))} ms until idle`,
    );
  }, 120_000);
});
