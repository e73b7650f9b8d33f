import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCatalog, type Catalog } from '../../../core/library/catalog.ts';
import { resultViewSchema } from '../../../core/photo/library-view.ts';
import { nextResultState, type ResultEvent, type ResultState } from '../../../core/photo/result.ts';
import { addPhotos, hash, look, newResult } from '../../fixtures/catalog-rows.ts';
import { photoFacts } from '../../fixtures/facts.ts';

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

const events: readonly ResultEvent[] = ['rendered', 'accept', 'reject', 'export', 'reset'];

describe('results', () => {
  it('are one for a photo and a key, and another photo may have the same key', () => {
    const first = catalog.results.put(newResult(ids[0]!, 'k'));
    expect(first).toEqual({
      ...newResult(ids[0]!, 'k'),
      ...{ id: first.id, strength: null, state: 'pending', failure: null, createdMs: 5000, readyMs: null },
    });
    nowMs = 6000;
    expect(catalog.results.put({ ...newResult(ids[0]!, 'k'), width: 1 })).toEqual(first);
    const twin = catalog.results.put(newResult(ids[1]!, 'k'));
    expect(twin.id).not.toBe(first.id);
    expect(() => catalog.results.put(newResult(999))).toThrow();
    expect(catalog.results.list({})).toEqual([first, twin]);
  });

  it('go through legal states only', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...events), { maxLength: 15 }), (happened) => {
        const { id } = catalog.results.put(newResult(ids[0]!, `k${catalog.results.list({}).length}`));
        let state: ResultState = 'pending';
        for (const event of happened) {
          const next: ResultState | null = nextResultState(state, event);
          const record = catalog.results.apply(id, event, { strength: 0.25 });
          expect(record === null ? null : record.state).toBe(next);
          state = next ?? state;
          expect(catalog.results.get(id)!.state).toBe(state);
        }
      }),
      { numRuns: 60 },
    );
    expect(catalog.results.apply(9999, 'accept')).toBeNull();
  });

  it('take the key of what made them, unless the photo has one of that key: then that one goes on, with the jobs', () => {
    const { id } = catalog.results.put(newResult(ids[0]!, 'by one device'));
    const made = { key: 'by another', modelSha256: hash(7) };
    expect(catalog.results.rekey(id, made)).toMatchObject({ id, ...made, state: 'pending' });
    expect(catalog.results.rekey(id, made)).toMatchObject({ id, ...made });
    expect(catalog.results.rekey(9999, made)).toBeNull();

    const late = catalog.results.put(newResult(ids[0]!, 'by one device'));
    const job = { kind: 'enhance', photoId: ids[0]!, resultId: late.id, priority: 0, workPixels: 1, payload: {} } as const;
    const [jobId = 0] = catalog.jobs.add([job]);
    expect(catalog.results.rekey(late.id, made)).toMatchObject({ id });
    expect([catalog.results.get(late.id), catalog.jobs.get(jobId)?.resultId]).toEqual([null, id]);
  });

  it('keep their verdict and their key when the photo has one of the new key already', () => {
    const [judged, other] = ['judged', 'other'].map((key) => catalog.results.put(newResult(ids[0]!, key)).id);
    catalog.results.apply(judged!, 'rendered', { strength: null });
    catalog.results.apply(judged!, 'accept');
    expect(catalog.results.rekey(judged!, { key: 'other', modelSha256: null })).toMatchObject({
      key: 'judged',
      state: 'accepted',
    });
    expect(catalog.results.get(other!)).not.toBeNull();
  });

  it('know when they were rendered and how strongly, and forget why it failed before', () => {
    const { id } = catalog.results.put(newResult(ids[0]!));
    const failure = { code: 'device-failed', message: 'The device failed.' } as const;
    catalog.results.setFailure(id, failure);
    expect(catalog.results.get(id)!.failure).toEqual(failure);
    nowMs = 7000;
    const rendered = catalog.results.apply(id, 'rendered', { strength: 0.25 });
    expect(rendered).toMatchObject({ state: 'ready', strength: 0.25, readyMs: 7000, failure: null });
    catalog.results.apply(id, 'accept');
    nowMs = 8000;
    expect(catalog.results.apply(id, 'rendered', { strength: null })).toMatchObject({
      state: 'accepted',
      readyMs: 8000,
      strength: null,
    });
  });

  it('are listed by state, photo and number', () => {
    const made = ids.map((photoId) => catalog.results.put(newResult(photoId)).id);
    catalog.results.apply(made[1]!, 'rendered');
    const found = (filter: Parameters<typeof catalog.results.list>[0]): number[] =>
      catalog.results.list(filter).map(({ id }) => id);
    expect(found({ states: ['ready'] })).toEqual([made[1]]);
    expect(found({ states: ['pending', 'ready'], photoIds: [ids[2]!, ids[1]!] })).toEqual([made[1], made[2]]);
    expect(found({ ids: [made[0]!, 999] })).toEqual([made[0]]);
    expect(found({ limit: 2 })).toEqual(made.slice(0, 2));
    expect(found({ states: [] })).toEqual([]);
  });

  it('are kept in the cache while they are accepted and not exported', () => {
    const keys = ['pending', 'ready', 'accepted', 'rejected', 'exported'].map((key, index) => {
      const { id } = catalog.results.put(newResult(ids[index % 3]!, key));
      if (index > 0) catalog.results.apply(id, 'rendered');
      if (index === 3) catalog.results.apply(id, 'reject');
      if (index === 2 || index === 4) catalog.results.apply(id, 'accept');
      if (index === 4) catalog.results.apply(id, 'export');
      return catalog.results.get(id)!.state;
    });
    expect(keys).toEqual(['pending', 'ready', 'accepted', 'rejected', 'exported']);
    expect(catalog.results.pinnedKeys()).toEqual(new Set(['accepted']));
    expect(catalog.results.unreviewedKeys()).toEqual(new Set(['ready']));
  });

  it('are shown as the contract says: cached or not, and outdated once the file has other bytes', () => {
    const [id = 0] = ids;
    catalog.results.put(newResult(id, 'here'));
    catalog.results.put(newResult(id, 'gone'));
    const views = catalog.results.views({ photoIds: [id] }, (key) => key === 'here');
    expect(views).toMatchObject([
      { cached: true, outdated: false, modelId: 'photo-x2' },
      { cached: false, outdated: false },
    ]);
    for (const view of views) expect(resultViewSchema.parse(view)).toEqual(view);
    expect(catalog.photos.page(id, (key) => key === 'here').results).toEqual(views);
    look(catalog, id, { facts: photoFacts({ sha256: hash(4711) }) });
    expect(catalog.results.views({}, () => true).map(({ outdated }) => outdated)).toEqual([true, true]);
  });
});
