import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openCatalog, type Catalog, type CatalogChanges } from '../../../core/library/catalog.ts';
import { photoQuerySchema } from '../../../core/photo/library-view.ts';
import { addFiles, addPhotos, enhanceJob, look, newResult } from '../../fixtures/catalog-rows.ts';

const failure = { code: 'damaged', message: 'It is cut short.' } as const;

/** All that can happen to a library, each by one call. */
const happenings: Record<string, (catalog: Catalog, id: number) => void> = {
  rate: (catalog, id) => void catalog.photos.rate([id], 3),
  favour: (catalog, id) => void catalog.photos.favour([id], true),
  remove: (catalog, id) => void catalog.photos.remove([id]),
  look: (catalog, id) => look(catalog, id, { facts: { width: 500 }, details: { takenAt: '2020-02-02T02:02:02', rating: 2 } }),
  fail: (catalog, id) => void catalog.photos.setLooked(id, catalog.photos.file(id)!.stamp, { ok: false, failure }),
  change: (catalog, id) => catalog.photos.setStamp(id, { bytes: 7, mtimeNs: 7n }, null),
  touch: (catalog, id) => catalog.photos.touch(id, catalog.photos.file(id)!.stamp, '77'),
  lose: (catalog, id) => catalog.photos.setMissing([id], true),
  find: (catalog, id) => catalog.photos.setMissing([id], false),
  away: (catalog) => catalog.photos.setRootOffline(1, true),
  back: (catalog) => catalog.photos.setRootOffline(1, false),
  rename: (catalog, id) =>
    catalog.photos.moveFiles([{ id, folderId: catalog.photos.file(id)!.folderId, name: `renamed-${String(id)}.jpg` }]),
  add: (catalog) => void addFiles(catalog, [`${String(Math.random())}.jpg`]),
  enqueue: (catalog, id) => void catalog.jobs.add([enhanceJob(id)]),
  workFails: (catalog, id) => {
    for (const job of catalog.jobs.add([enhanceJob(id)])) catalog.jobs.apply(job, { type: 'fail', failure });
  },
  result: (catalog, id) => {
    catalog.results.apply(catalog.results.put(newResult(id)).id, 'rendered', { strength: null });
  },
  accept: (catalog, id) => {
    for (const result of catalog.results.list({ photoIds: [id] })) catalog.results.apply(result.id, 'accept');
  },
  resultFails: (catalog, id) => {
    for (const result of catalog.results.list({ photoIds: [id] })) catalog.results.setFailure(result.id, failure);
  },
  collect: (catalog, id) => void catalog.albums.add('album', [id]),
  discard: (catalog, id) => void catalog.albums.remove('album', [id]),
  newAlbum: (catalog) => void catalog.albums.create(String(Math.random())),
  dropAlbum: (catalog) => {
    for (const { name } of catalog.albums.list()) if (name !== 'album') catalog.albums.delete(name);
  },
  renameAlbum: (catalog, id) => {
    catalog.albums.add('album', [id]);
    catalog.albums.rename('album', 'other');
    catalog.albums.rename('other', 'album');
    catalog.albums.create('third');
    catalog.albums.add('third', [id]);
    catalog.albums.rename('third', String(Math.random()));
  },
  watch: (catalog) => catalog.photos.setRoot(1, { watched: true }),
  scanned: (catalog) => catalog.photos.setRoot(1, { scannedMs: Date.now() }),
};

/** Everything that windows show. */
interface Shown {
  readonly pages: ReadonlyMap<number, string>;
  /** What the news have to call a changed list. */
  readonly lists: string;
  readonly unlooked: ReadonlySet<number>;
}

function shown(catalog: Catalog): Shown {
  const orders = (['taken', 'added', 'name', 'bytes', 'pixels'] as const).map((sort) =>
    catalog.photos.outline(photoQuerySchema.parse({ sort })),
  );
  const ids = orders[0]?.ids ?? [];
  const roots = catalog.photos.rootViews();
  return {
    pages: new Map(ids.map((id) => [id, JSON.stringify(catalog.photos.page(id, () => false))])),
    lists: JSON.stringify([orders, catalog.albums.list(), roots]),
    unlooked: new Set(catalog.photos.toLookAt(1000).map(({ id }) => id)),
  };
}

function noting(): { catalog: Catalog; take: () => CatalogChanges; told: () => number } {
  const catalog = openCatalog({ path: ':memory:' });
  addPhotos(catalog, 3);
  catalog.albums.create('album');
  let told = 0;
  const take = catalog.noteChanges(() => (told += 1));
  return { catalog, take, told: () => told };
}

describe('the notes of a catalog', () => {
  it('name every photo whose page changed, and every change of a list, whatever happens', () => {
    const names = Object.keys(happenings);
    const seen = new Set<string>();
    fc.assert(
      fc.property(
        fc.array(fc.record({ does: fc.constantFrom(...names), photo: fc.nat(10) }), { minLength: 3, maxLength: 30 }),
        (steps) => {
          const { catalog, take } = noting();
          for (const { does, photo } of steps) {
            const before = shown(catalog);
            const ids = [...before.pages.keys()];
            const id = ids[photo % Math.max(1, ids.length)];
            if (id === undefined) break;
            happenings[does]?.(catalog, id);
            const after = shown(catalog);
            const noted = take();
            const changed = [...after.pages].filter(([one, page]) => before.pages.get(one) !== page).map(([one]) => one);
            expect(noted.ids, does).toEqual(expect.arrayContaining(changed));
            if (after.lists !== before.lists) expect(noted.listChanged, does).toBe(true);
            const isNew = [...after.unlooked].some((one) => !before.unlooked.has(one));
            if (isNew) expect(noted.unlooked, does).toBe(true);
            if (changed.length > 0) seen.add(does);
          }
          catalog.close();
        },
      ),
      { numRuns: 150 },
    );
    expect(seen.size).toBeGreaterThan(14);
  });

  it('are silent about what nobody sees', () => {
    const { catalog, take, told } = noting();
    happenings['touch']?.(catalog, 1);
    happenings['scanned']?.(catalog, 1);
    catalog.photos.rate([1], 0);
    catalog.jobs.add([enhanceJob(1, { kind: 'export' })]);
    expect(take()).toMatchObject({ ids: [], listChanged: false, unlooked: false });
    expect(told()).toBeLessThan(2);
    catalog.close();
  });

  it('call no list changed for a rating, a favourite or a verdict', () => {
    const { catalog, take } = noting();
    for (const does of ['rate', 'favour', 'enqueue', 'result', 'accept']) {
      happenings[does]?.(catalog, 2);
      expect([does, take()]).toEqual([does, { ids: [2], listChanged: false, unlooked: false }]);
    }
    catalog.close();
  });

  it('are told of once until they are taken', () => {
    const { catalog, take, told } = noting();
    catalog.photos.rate([1], 5);
    catalog.photos.rate([2], 5);
    expect(told()).toBe(1);
    expect(take().ids).toEqual([1, 2]);
    expect(take().ids).toEqual([]);
    catalog.photos.rate([1], 4);
    expect(told()).toBe(2);
    catalog.close();
  });

  it('do not wake anybody for a photo that was looked at in vain', () => {
    const { catalog, take } = noting();
    const [id = 0] = addFiles(catalog, ['a.jpg'], 'other');
    expect(take().unlooked).toBe(true);
    happenings['fail']?.(catalog, id);
    expect(take().unlooked).toBe(false);
    catalog.close();
  });
});
