import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCatalog, type Catalog } from '../../../core/library/catalog.ts';
import { addPhotos, hash, newResult } from '../../fixtures/catalog-rows.ts';

let catalog: Catalog;
let resultId: number;
beforeEach(() => {
  catalog = openCatalog({ path: ':memory:', now: () => 5000 });
  resultId = catalog.results.put(newResult(addPhotos(catalog, 1)[0]!)).id;
  catalog.results.apply(resultId, 'rendered');
  catalog.results.apply(resultId, 'accept');
});
afterEach(() => {
  expect(catalog.check().problems).toEqual([]);
  catalog.close();
});

const intent = (key = 'k'): Parameters<Catalog['exports']['begin']>[0] => ({
  ...{ resultId, key, folder: '/out', name: 'a.jpg', settings: '{"format":"same"}' },
});

describe('an export', () => {
  it('is begun once for a key', () => {
    const begun = catalog.exports.begin(intent());
    expect(begun).toEqual({ ...intent(), id: begun.id, state: 'intent', output: null, outputSha256: null, outputBytes: null });
    expect(catalog.exports.begin(intent())).toEqual(begun);
    expect(catalog.exports.begin(intent('k2')).id).not.toBe(begun.id);
    expect(catalog.exports.byKey('k')).toEqual(begun);
    expect(catalog.exports.byKey('none')).toBeNull();
    expect(catalog.exports.get(begun.id)).toEqual(begun);
  });

  it('that is not done begins anew as it is asked for now; a done one stays', () => {
    const { id } = catalog.exports.begin(intent());
    catalog.exports.setWritten(id, hash(5), 1234);
    const other = { ...intent(), folder: '/out/b', name: 'other.jpg', settings: '{"format":"jpeg"}' };
    expect(catalog.exports.begin(other)).toMatchObject({ ...other, id, state: 'intent', outputSha256: null, outputBytes: null });
    catalog.exports.setDone(id, '/out/b/other.jpg');
    expect(catalog.exports.begin(intent())).toMatchObject({ ...other, id, state: 'done' });
    expect(catalog.exports.byOutput('/out/b/other.jpg')?.id).toBe(id);
    expect(catalog.exports.byOutput('/out/b/none.jpg')).toBeNull();
  });

  it('goes from intent to written to done, and takes the result along', () => {
    const { id } = catalog.exports.begin(intent());
    catalog.exports.setWritten(id, hash(5), 1234);
    expect(catalog.exports.get(id)).toMatchObject({ state: 'written', outputSha256: hash(5), outputBytes: 1234, output: null });
    expect(catalog.results.get(resultId)!.state).toBe('accepted');
    catalog.exports.setDone(id, '/out/a.jpg');
    expect(catalog.exports.get(id)).toMatchObject({ state: 'done', output: '/out/a.jpg', outputSha256: hash(5) });
    expect(catalog.results.get(resultId)!.state).toBe('exported');
    expect(
      catalog.photos.list({ state: 'exported', sort: 'taken', descending: false, cursor: null, limit: 9 }).photos,
    ).toHaveLength(1);
  });

  it('leaves a verdict alone that was changed meanwhile', () => {
    const { id } = catalog.exports.begin(intent());
    catalog.results.apply(resultId, 'reject');
    catalog.exports.setDone(id, '/out/a.jpg');
    expect(catalog.exports.get(id)!.state).toBe('done');
    expect(catalog.results.get(resultId)!.state).toBe('rejected');
  });

  it('is unfinished until it is done, and again when its file is gone', () => {
    const ids = ['a', 'b', 'c'].map((key) => catalog.exports.begin(intent(key)).id);
    catalog.exports.setWritten(ids[1]!, hash(5), 1);
    catalog.exports.setDone(ids[2]!, '/out/c.jpg');
    expect(catalog.exports.unfinished().map(({ id }) => id)).toEqual([ids[0], ids[1]]);
    catalog.exports.reopen(ids[2]!);
    expect(catalog.exports.get(ids[2]!)).toMatchObject({ state: 'intent', output: null, outputSha256: null, outputBytes: null });
    expect(catalog.exports.unfinished().map(({ id }) => id)).toEqual(ids);
  });

  it('is not undone by a hash that comes late', () => {
    const { id } = catalog.exports.begin(intent());
    catalog.exports.setDone(id, '/out/a.jpg');
    catalog.exports.setWritten(id, hash(6), 1);
    expect(catalog.exports.get(id)).toMatchObject({ state: 'done', outputSha256: null });
  });
});
