import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCatalog, type Catalog } from '../../../core/library/catalog.ts';
import { initialStatus, jobKinds, nextStatus, type JobEvent, type JobStatus } from '../../../core/photo/job.ts';
import { addPhotos, enhanceJob, newResult } from '../../fixtures/catalog-rows.ts';

let catalog: Catalog;
let ids: number[];
let nowMs: number;
beforeEach(() => {
  nowMs = 5000;
  catalog = openCatalog({ path: ':memory:', now: () => nowMs });
  ids = addPhotos(catalog, 3);
});
afterEach(() => {
  expect(catalog.check().problems).toEqual([]);
  catalog.close();
});

const failure = { code: 'too-large', message: 'It is too large.' } as const;
const events: readonly JobEvent[] = [
  { type: 'start' },
  { type: 'finish' },
  { type: 'fail', failure },
  { type: 'lose', failure },
  { type: 'release' },
  { type: 'cancel' },
  { type: 'retry' },
];
const add = (count: number, priority = 100): number[] =>
  catalog.jobs.add(Array.from({ length: count }, (_, index) => enhanceJob(ids[index % 3]!, { priority })));
const order = (): number[] => {
  const taken: number[] = [];
  for (let job = catalog.jobs.next(jobKinds); job !== null; job = catalog.jobs.next(jobKinds)) {
    taken.push(job.id);
    catalog.jobs.apply(job.id, { type: 'start' });
  }
  return taken;
};

describe('jobs', () => {
  it('are as they were added, all or none', () => {
    const result = catalog.results.put(newResult(ids[0]!));
    const job = enhanceJob(ids[0]!, { resultId: result.id, payload: { deep: [1, null, 'ä'] } });
    const [id = 0] = catalog.jobs.add([job]);
    expect(catalog.jobs.get(id)).toEqual({ ...job, id, position: id, status: initialStatus, addedMs: 5000, settledMs: null });
    expect(() => catalog.jobs.add([enhanceJob(ids[1]!), enhanceJob(999)])).toThrow(/FOREIGN KEY/);
    expect(catalog.jobs.list({}).map((found) => found.id)).toEqual([id]);
    expect(catalog.jobs.get(999)).toBeNull();
    expect(catalog.jobs.add([])).toEqual([]);
  });

  it('take legal ways only', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...events), { maxLength: 20 }), (happened) => {
        const [id = 0] = add(1);
        let status: JobStatus = initialStatus;
        for (const event of happened) {
          nowMs += 1;
          const next: JobStatus | null = nextStatus(status, event);
          const job = catalog.jobs.apply(id, event);
          expect(job === null ? null : job.status).toEqual(next);
          const before: JobStatus = status;
          status = next ?? status;
          const now = catalog.jobs.get(id)!;
          expect(now.status).toEqual(status);
          const settled = ['done', 'failed', 'cancelled'].includes(status.state);
          if (next !== null) expect(now.settledMs).toBe(settled ? nowMs : null);
          else expect(now.settledMs === null).toBe(!['done', 'failed', 'cancelled'].includes(before.state));
        }
      }),
      { numRuns: 100 },
    );
    expect(catalog.jobs.apply(99_999, { type: 'start' })).toBeNull();
  });

  it('change together, in order', () => {
    const [a = 0, b = 0] = add(2);
    const changed = catalog.jobs.applyAll([
      { id: a, event: { type: 'start' } },
      { id: b, event: { type: 'finish' } },
      { id: a, event: { type: 'finish' } },
    ]);
    expect(changed.map((job) => job?.status.state)).toEqual(['running', undefined, 'done']);
    expect(catalog.jobs.get(b)!.status.state).toBe('queued');
  });
});

describe('the order of jobs', () => {
  it('is by priority, then as they came, over all kinds', () => {
    const background = catalog.jobs.add([enhanceJob(ids[0]!, { kind: 'thumbnail', priority: 0 })]);
    const asked = catalog.jobs.add([enhanceJob(ids[0]!), enhanceJob(ids[1]!, { kind: 'export' }), enhanceJob(ids[2]!)]);
    const visible = add(1, 200);
    expect(catalog.jobs.next(['thumbnail'])!.id).toBe(background[0]);
    expect(catalog.jobs.nextMany('enhance', 2).map(({ id }) => id)).toEqual([visible[0], asked[0]]);
    expect(catalog.jobs.next([])).toBeNull();
    expect(order()).toEqual([...visible, ...asked, ...background]);
  });

  it('follows a change of priority, of queued ones only', () => {
    const [a = 0, b = 0, c = 0] = add(3);
    catalog.jobs.apply(a, { type: 'start' });
    catalog.jobs.setPriority([a, c], 200);
    expect(catalog.jobs.get(a)!.priority).toBe(100);
    expect(order()).toEqual([c, b]);
  });

  it('can be changed by hand', () => {
    const jobs = add(6);
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = jobs;
    catalog.jobs.move([e, c], b);
    expect(catalog.jobs.nextMany('enhance', 9).map(({ id }) => id)).toEqual([a, e, c, b, d, f]);
    catalog.jobs.move([a, e], null);
    expect(catalog.jobs.nextMany('enhance', 9).map(({ id }) => id)).toEqual([c, b, d, f, a, e]);
    catalog.jobs.move([f, f, b], f);
    expect(catalog.jobs.nextMany('enhance', 9).map(({ id }) => id)).toEqual([c, d, b, f, a, e]);
    const late = add(1);
    expect(order()).toEqual([c, d, b, f, a, e, ...late]);
  });

  it('puts first what is to go before one that has begun, and leaves other priorities alone', () => {
    const [a = 0, b = 0, c = 0] = add(3);
    const [low = 0, lower = 0] = add(2, 0);
    catalog.jobs.apply(a, { type: 'start' });
    catalog.jobs.move([c, lower, 999], a);
    expect(catalog.jobs.nextMany('enhance', 9).map(({ id }) => id)).toEqual([c, b, low, lower]);
    catalog.jobs.move([c, low], null);
    expect(catalog.jobs.nextMany('enhance', 9).map(({ id }) => id)).toEqual([b, c, lower, low]);
  });

  it('keeps every job once, whatever is moved where', () => {
    const jobs = add(12);
    const some = fc.subarray(jobs).chain((chosen) => fc.shuffledSubarray(chosen));
    fc.assert(
      fc.property(some, fc.option(fc.constantFrom(...jobs)), (moved, before) => {
        catalog.jobs.move(moved, before);
        const after = catalog.jobs.nextMany('enhance', 99).map(({ id }) => id);
        expect(after.toSorted((a, b) => a - b)).toEqual(jobs);
        const movers = moved.filter((id) => id !== before);
        const at = after.indexOf(movers[0] ?? -1);
        if (movers.length > 0) expect(after.slice(at, at + movers.length)).toEqual(movers);
        if (movers.length > 0) expect(after[at + movers.length]).toBe(before ?? undefined);
      }),
      { numRuns: 100 },
    );
  });
});

describe('a list of jobs', () => {
  it('shows running ones, then what comes, then what is settled, the newest first', () => {
    const [a = 0, b = 0, c = 0, d = 0, e = 0] = add(5);
    catalog.jobs.apply(c, { type: 'start' });
    for (const id of [a, d]) {
      nowMs += 1;
      catalog.jobs.apply(id, { type: 'cancel' });
    }
    catalog.jobs.setPriority([e], 200);
    const shown = (filter: Parameters<typeof catalog.jobs.list>[0]): number[] => catalog.jobs.list(filter).map(({ id }) => id);
    expect(shown({})).toEqual([c, e, b, d, a]);
    expect(shown({ states: ['queued', 'cancelled'], limit: 3 })).toEqual([e, b, d]);
    expect(shown({ kinds: ['export'] })).toEqual([]);
    expect(shown({ kinds: ['enhance', 'export'], photoIds: [ids[1]!] })).toEqual([e, b]);
    expect(catalog.jobs.counts()).toEqual({ queued: 2, running: 1, done: 0, failed: 0, cancelled: 2 });
    expect(catalog.jobs.counts(['export'])).toEqual({ queued: 0, running: 0, done: 0, failed: 0, cancelled: 0 });
  });
});

describe('after the end of a program', () => {
  it('running jobs wait again with the attempt that they had, and fail with a reason at the fifth time', () => {
    const [a = 0, b = 0] = add(2);
    for (let interruptions = 1; interruptions < 5; interruptions += 1) {
      catalog.jobs.apply(a, { type: 'start' });
      const recovered = catalog.jobs.recover().map(({ id, status }) => [id, status]);
      expect(recovered).toEqual([[a, { state: 'queued', attempts: 0, interruptions }]]);
      expect(catalog.jobs.recover()).toEqual([]);
    }
    catalog.jobs.apply(a, { type: 'start' });
    const [job] = catalog.jobs.recover();
    expect(job!.status).toMatchObject({ state: 'failed', attempts: 1, failure: { code: 'device-failed' } });
    expect(job!.status).toMatchObject({ failure: { message: expect.stringContaining('ended') as string } });
    expect(catalog.jobs.apply(a, { type: 'retry' })!.status).toEqual(initialStatus);
    expect(catalog.jobs.get(b)!.status).toEqual(initialStatus);
  });

  it('the queue is paused as it was', () => {
    expect(catalog.jobs.isPaused()).toBe(false);
    catalog.jobs.setPaused(true);
    expect(catalog.jobs.isPaused()).toBe(true);
    catalog.jobs.setPaused(false);
    expect(catalog.jobs.isPaused()).toBe(false);
  });
});

describe('old jobs', () => {
  it('are forgotten beyond a number, the oldest first and failed ones last', () => {
    const jobs = add(10);
    const [a = 0, b = 0, c = 0, d = 0, e = 0] = jobs;
    catalog.jobs.apply(a, { type: 'fail', failure });
    for (const id of [b, c, d]) catalog.jobs.apply(id, { type: 'cancel' });
    catalog.jobs.apply(e, { type: 'fail', failure });
    expect(catalog.jobs.prune(5)).toBe(0);
    expect(catalog.jobs.prune(3)).toBe(2);
    expect(catalog.jobs.list({ states: ['failed', 'cancelled'] }).map(({ id }) => id)).toEqual([e, d, a]);
    expect(catalog.jobs.prune(1)).toBe(2);
    expect(catalog.jobs.prune(0)).toBe(1);
    expect(catalog.jobs.counts()).toEqual({ queued: 5, running: 0, done: 0, failed: 0, cancelled: 0 });
    expect(Math.min(...add(1))).toBeGreaterThan(Math.max(...jobs));
  });

  it('do not pile up over a long run', () => {
    for (let round = 0; round < 40; round += 1) {
      const jobs = catalog.jobs.add(Array.from({ length: 50 }, () => enhanceJob(ids[0]!)));
      catalog.jobs.applyAll(
        jobs.flatMap((id) => [
          { id, event: { type: 'start' } as const },
          { id, event: { type: 'finish' } as const },
        ]),
      );
      catalog.jobs.prune(100);
    }
    expect(catalog.jobs.list({})).toHaveLength(100);
  });
});

describe('ten thousand jobs', () => {
  it('are added in one go and taken in order', () => {
    const jobs = add(10_000);
    expect(jobs).toHaveLength(10_000);
    expect(catalog.jobs.counts().queued).toBe(10_000);
    expect(catalog.jobs.nextMany('enhance', 10_000).map(({ id }) => id)).toEqual(jobs);
    catalog.jobs.move([jobs[9999]!], jobs[0]!);
    expect(catalog.jobs.next(['enhance'])!.id).toBe(jobs[9999]);
  });
});
