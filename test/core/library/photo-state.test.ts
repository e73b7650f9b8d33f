import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openCatalog, type Catalog } from '../../../core/library/catalog.ts';
import type { JobEvent, JobState } from '../../../core/photo/job.ts';
import type { PhotoState, ResultEvent, ResultState } from '../../../core/photo/result.ts';
import { addPhotos, enhanceJob, look, newResult } from '../../fixtures/catalog-rows.ts';

const failure = { code: 'too-large', message: 'It is too large.' } as const;

/** What can happen to a photo, its jobs and its results. */
const happenings = {
  away: (catalog: Catalog, id: number) => catalog.photos.setMissing([id], true),
  back: (catalog: Catalog, id: number) => catalog.photos.setMissing([id], false),
  rootAway: (catalog: Catalog) => catalog.photos.setRootOffline(1, true),
  rootBack: (catalog: Catalog) => catalog.photos.setRootOffline(1, false),
  damaged: (catalog: Catalog, id: number) => look(catalog, id, { damaged: true }),
  whole: (catalog: Catalog, id: number) => look(catalog, id),
  unreadable: (catalog: Catalog, id: number) =>
    catalog.photos.setLooked(id, catalog.photos.file(id)!.stamp, { ok: false, failure }),
  enhance: (catalog: Catalog, id: number) => catalog.jobs.add([enhanceJob(id)]),
  export: (catalog: Catalog, id: number) => catalog.jobs.add([enhanceJob(id, { kind: 'export' })]),
  prune: (catalog: Catalog) => catalog.jobs.prune(1),
  recover: (catalog: Catalog) => catalog.jobs.recover(),
  result: (catalog: Catalog, id: number) => catalog.results.put(newResult(id, `key-${catalog.results.list({}).length}`)),
  failed: (catalog: Catalog, id: number) => {
    for (const jobId of catalog.jobs.add([enhanceJob(id)])) catalog.jobs.apply(jobId, { type: 'fail', failure });
  },
  judged: (catalog: Catalog, id: number) => judge(catalog, id, ['rendered', 'reject', 'accept']),
  exported: (catalog: Catalog, id: number) => judge(catalog, id, ['rendered', 'accept', 'export']),
} as const;

function judge(catalog: Catalog, id: number, events: readonly ResultEvent[]): void {
  const { id: resultId } = catalog.results.put(newResult(id, `key-${catalog.results.list({}).length}`));
  for (const event of events) catalog.results.apply(resultId, event, { strength: null });
}

/** The rule, in plain words of another language than SQL. */
function expected(catalog: Catalog, id: number): { state: PhotoState; enhanced: boolean } {
  const results: ResultState[] = catalog.results
    .list({ photoIds: [id] })
    .map(({ state }) => state)
    .filter((state) => state !== 'pending');
  const jobs: JobState[] = catalog.jobs
    .list({ kinds: ['enhance'], photoIds: [id] })
    .toSorted((a, b) => a.id - b.id)
    .map(({ status }) => status.state);
  const { offline, failure: found } = catalog.photos.get(id)!;
  const usable = (): PhotoState => {
    if (jobs.includes('queued') || jobs.includes('running')) return 'queued';
    const newest = results.findLast((state) => state !== 'rejected') ?? results.at(-1);
    if (newest !== undefined && newest !== 'pending') return newest;
    return jobs.at(-1) === 'failed' ? 'failed' : 'none';
  };
  const isDamaged = found !== null || damagedIds.has(id);
  return { state: offline ? 'offline' : isDamaged ? 'damaged' : usable(), enhanced: results.length > 0 };
}

const damagedIds = new Set<number>();

type Step =
  | { readonly does: keyof typeof happenings; readonly photo: number }
  | { readonly job: number; readonly event: JobEvent }
  | { readonly result: number; readonly event: ResultEvent };

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    does: fc.constantFrom(...(Object.keys(happenings) as (keyof typeof happenings)[])),
    photo: fc.integer({ min: 0, max: 1 }),
  }),
  fc.record({
    job: fc.nat(20),
    event: fc.constantFrom<JobEvent>(
      ...(['start', 'finish', 'release', 'cancel', 'retry'] as const).map((type) => ({ type })),
      ...(['fail', 'lose', 'interrupt'] as const).map((type) => ({ type, failure })),
    ),
  }),
  fc.record({ result: fc.nat(20), event: fc.constantFrom('rendered', 'accept', 'reject', 'export', 'reset') }),
);

function take(catalog: Catalog, ids: readonly number[], step: Step): void {
  if ('does' in step) {
    const id = ids[step.photo]!;
    happenings[step.does](catalog, id);
    if (step.does === 'damaged') damagedIds.add(id);
    if (step.does === 'whole' || step.does === 'unreadable') damagedIds.delete(id);
  } else if ('job' in step) {
    const jobs = catalog.jobs.list({});
    const job = jobs[step.job % Math.max(1, jobs.length)];
    if (job !== undefined) catalog.jobs.apply(job.id, step.event);
  } else {
    const results = catalog.results.list({});
    const result = results[step.result % Math.max(1, results.length)];
    if (result !== undefined) catalog.results.apply(result.id, step.event, { strength: null });
  }
}

describe('the state of a photo', () => {
  it('always follows from its file, jobs and results, whatever happens in whatever order', () => {
    const seen = new Set<PhotoState>();
    fc.assert(
      fc.property(fc.array(anyStep, { minLength: 5, maxLength: 60 }), (steps) => {
        const catalog = openCatalog({ path: ':memory:' });
        damagedIds.clear();
        const ids = addPhotos(catalog, 2);
        for (const step of steps) {
          take(catalog, ids, step);
          for (const id of ids) {
            const { state, enhanced } = expected(catalog, id);
            const page = catalog.photos.page(id, () => false);
            expect(page.state).toBe(state);
            const listed = catalog.photos.list({ enhanced, state, sort: 'added', descending: false, cursor: null, limit: 9 });
            expect(listed.photos.map((photo) => photo.id)).toContain(id);
            seen.add(state);
          }
        }
        catalog.close();
      }),
      { numRuns: 60 },
    );
    expect(seen.size).toBe(9);
  });
});
