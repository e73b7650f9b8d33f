import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCatalog, type Catalog } from '../../../core/library/catalog.ts';
import { photoPageSchema, photoQuerySchema } from '../../../core/photo/library-view.ts';
import { noDetails } from '../../../core/photo/photo-details.ts';
import type { PhotoState } from '../../../core/photo/result.ts';
import { addFiles, addPhotos, enhanceJob, hash, look, newResult, rootPath, stamp } from '../../fixtures/catalog-rows.ts';
import { photoFacts } from '../../fixtures/facts.ts';

let catalog: Catalog;
beforeEach(() => {
  catalog = openCatalog({ path: ':memory:', now: () => 5000 });
});
afterEach(() => {
  expect(catalog.check().problems).toEqual([]);
  catalog.close();
});

const notFound = expect.objectContaining({ code: 'not-found' }) as Error;
const never = (): boolean => false;

describe('roots and folders', () => {
  it('have one row for a path, byte for byte', () => {
    const photos = catalog.photos;
    const paths = ['/p', '/p ', '/P', '/p/\u00e9', '/p/e\u0301', '/p/.', '/p//'];
    const roots = paths.map((path) => photos.addRoot({ path, scope: 'flat', watched: false, marker: null }));
    expect(photos.addRoot({ path: '/p', scope: 'tree', watched: true, marker: 'x' })).toEqual(roots[0]);
    expect(photos.roots().map(({ path }) => path)).toEqual(paths);
    const folders = paths.map((path) => photos.ensureFolder(roots[0]!.id, path));
    expect(paths.map((path) => photos.ensureFolder(roots[1]!.id, path))).toEqual(folders);
    expect(new Set(photos.foldersOf(roots[0]!.id).map(({ path }) => path))).toEqual(new Set(paths));
    expect(photos.foldersOf(roots[1]!.id)).toEqual([]);
  });

  it('change only what is named', () => {
    const { id } = catalog.photos.addRoot({ path: '/p', scope: 'named', watched: false, marker: 'm' });
    catalog.photos.setRoot(id, { scope: 'tree', scannedMs: 77 });
    catalog.photos.setRoot(id, { watched: true });
    const [root] = catalog.photos.roots();
    expect(root).toEqual({ id, path: '/p', scope: 'tree', watched: true, marker: 'm', offline: false, scannedMs: 77 });
  });

  it('go offline and come back with their photos, and nothing of them is lost', () => {
    const ids = addPhotos(catalog, 3);
    catalog.photos.rate(ids, 4);
    catalog.results.apply(catalog.results.put(newResult(ids[1]!)).id, 'rendered', { strength: null });
    const before = ids.map((id) => catalog.photos.page(id, never));
    const [root] = catalog.photos.roots();
    catalog.photos.setRootOffline(root!.id, true);
    expect(catalog.photos.roots()[0]!.offline).toBe(true);
    expect(ids.map((id) => catalog.photos.page(id, never).state)).toEqual(['offline', 'offline', 'offline']);
    expect(catalog.photos.get(ids[0]!)!.offline).toBe(true);
    expect(addFiles(catalog, ['late.jpg']).map((id) => catalog.photos.page(id, never).state)).toEqual(['offline']);
    catalog.photos.setRootOffline(root!.id, false);
    expect(ids.map((id) => catalog.photos.page(id, never))).toEqual(before);
  });

  it('are offline in lists and counts, with all their photos and no others, whatever state those had', () => {
    const [queued = 0, damaged = 0, plain = 0, lost = 0] = addPhotos(catalog, 4);
    const [other = 0] = addFiles(catalog, ['other.jpg'], 'trip', '/other');
    catalog.jobs.add([enhanceJob(queued)]);
    look(catalog, damaged, { damaged: true });
    catalog.photos.setMissing([lost], true);
    const having = (state: PhotoState): number[] => {
      const query = photoQuerySchema.parse({ state, sort: 'added' });
      const ids = catalog.photos.list(query).photos.map(({ id }) => id);
      expect([catalog.photos.outline(query).ids, catalog.photos.count(query)]).toEqual([ids, ids.length]);
      return ids;
    };
    const states = (): number[][] => (['none', 'queued', 'damaged', 'offline'] as const).map(having);
    const before = states();
    expect(before).toEqual([[plain, other], [queued], [damaged], [lost]]);
    const { id } = catalog.photos.roots()[0]!;
    catalog.photos.setRootOffline(id, true);
    expect(states()).toEqual([[other], [], [], [queued, damaged, plain, lost]]);
    expect(catalog.photos.some([queued, other]).map(({ state }) => state)).toEqual(['offline', 'none']);
    // What happens to them meanwhile is seen when they are back.
    catalog.jobs.apply(catalog.jobs.list({})[0]!.id, { type: 'cancel' });
    expect(states()[3]).toEqual([queued, damaged, plain, lost]);
    catalog.photos.setRootOffline(id, false);
    expect(states()).toEqual([[queued, plain, other], [], [damaged], [lost]]);
  });

  it('change one row when they go away, however many photos they have', () => {
    addPhotos(catalog, 50);
    const before = catalog.photos.roots()[0]!;
    const take = catalog.noteChanges(() => undefined);
    catalog.photos.setRootOffline(before.id, true);
    expect(take()).toMatchObject({ listChanged: true, ids: { length: 50 } });
    catalog.photos.setRootOffline(before.id, true);
    expect(take()).toEqual({ ids: [], listChanged: false, unlooked: false });
  });

  it('are forgotten with all they hold, and nothing else', () => {
    const photos = catalog.photos;
    const gone = addPhotos(catalog, 2);
    const [kept = 0] = addFiles(catalog, ['kept.jpg'], 'trip', '/other');
    catalog.jobs.add([enhanceJob(gone[0]!), enhanceJob(kept)]);
    photos.removeRoot(photos.roots()[0]!.id);
    expect(photos.roots().map(({ path }) => path)).toEqual(['/other']);
    expect(gone.map((id) => photos.get(id))).toEqual([null, null]);
    expect(catalog.jobs.list({}).map(({ photoId }) => photoId)).toEqual([kept]);
  });

  it('are forgotten alone only when they are empty', () => {
    const [id = 0] = addFiles(catalog, ['a.jpg']);
    const { folderId } = catalog.photos.file(id)!;
    const rootId = catalog.photos.roots()[0]!.id;
    catalog.photos.removeEmptyFolder(folderId);
    catalog.photos.removeEmptyFolder(catalog.photos.ensureFolder(rootId, '/photos/empty'));
    expect(catalog.photos.foldersOf(rootId).map(({ path }) => path)).toEqual(['/photos/trip']);
  });
});

describe('files', () => {
  const names = [
    'a.jpg',
    'A.jpg',
    'a.jpg ',
    'caf\u00e9.jpg',
    'cafe\u0301.jpg',
    '🙂.heic',
    'x'.repeat(255),
    'CON',
    'a\\b',
    "'; --",
    '-r',
    'a\nb',
  ];

  it('keep their names, sizes and nanoseconds exactly', () => {
    const ids = addFiles(catalog, names);
    const { folderId } = catalog.photos.file(ids[0]!)!;
    const files = catalog.photos.filesIn(folderId);
    expect([...files.keys()].toSorted()).toEqual(names.toSorted());
    for (const [index, name] of names.entries()) {
      const fresh = { inode: null, sha256: null, looked: false, missing: false };
      expect(files.get(name)).toEqual({ id: ids[index], folderId, name, stamp: stamp(index), ...fresh });
      expect(catalog.photos.get(ids[index]!)!.path).toBe(`${rootPath}/trip/${name}`);
    }
  });

  it('are added all or none', () => {
    addFiles(catalog, ['b.jpg']);
    expect(() => addFiles(catalog, ['a.jpg', 'b.jpg'])).toThrow(/UNIQUE/);
    expect(catalog.photos.count({ sort: 'taken', descending: false })).toBe(1);
  });

  it('are found by content and by file number', () => {
    const ids = addPhotos(catalog, 3);
    catalog.photos.touch(ids[2]!, stamp(9), '7:11');
    expect(catalog.photos.bySha256(hash(ids[1]!)).map(({ id }) => id)).toEqual([ids[1]]);
    expect(catalog.photos.byInode('7:11').map(({ id }) => id)).toEqual([ids[2]]);
    expect(catalog.photos.byInode('7:12')).toEqual([]);
  });

  it('swap places, and take over what another one leaves', () => {
    const [a = 0, b = 0, c = 0] = addPhotos(catalog, 3);
    catalog.photos.rate([a], 5);
    const { folderId } = catalog.photos.file(a)!;
    const other = catalog.photos.ensureFolder(catalog.photos.roots()[0]!.id, '/photos/other');
    const name = (id: number): string => catalog.photos.get(id)!.path;
    catalog.photos.moveFiles([
      { id: a, folderId, name: '2.jpg' },
      { id: b, folderId: other, name: '1.jpg', stamp: stamp(50), inode: '1:1' },
      { id: c, folderId, name: '1.jpg' },
    ]);
    expect([a, b, c].map(name)).toEqual(['/photos/trip/2.jpg', '/photos/other/1.jpg', '/photos/trip/1.jpg']);
    expect(catalog.photos.file(b)).toMatchObject({ stamp: stamp(50), inode: '1:1', looked: true, sha256: hash(b) });
    expect(catalog.photos.page(a, never).rating).toBe(5);
    const missing = new Set([b]);
    catalog.photos.moveFiles(
      [
        { id: c, folderId: other, name: '1.jpg' },
        { id: b, folderId, name: '1.jpg' },
      ],
      missing,
    );
    expect([b, c].map((id) => catalog.photos.file(id)!.missing)).toEqual([true, false]);
    expect([b, c].map((id) => catalog.photos.page(id, never).state)).toEqual(['offline', 'none']);
  });

  it('stay where they are when a move meets another row', () => {
    const [a = 0, b = 0, c = 0] = addPhotos(catalog, 3);
    const { folderId } = catalog.photos.file(a)!;
    const moves = [
      { id: a, folderId, name: 'new.jpg' },
      { id: b, folderId, name: '3.jpg' },
    ];
    expect(() => catalog.photos.moveFiles(moves)).toThrow(/UNIQUE/);
    expect([a, b, c].map((id) => catalog.photos.file(id)!.name)).toEqual(['1.jpg', '2.jpg', '3.jpg']);
  });

  it('that went missing are offline and keep everything', () => {
    const ids = addPhotos(catalog, 2);
    catalog.photos.rate(ids, 3);
    catalog.photos.setMissing(ids, true);
    expect(catalog.photos.page(ids[0]!, never)).toMatchObject({ state: 'offline', rating: 3, width: 4000 });
    catalog.photos.setMissing(ids, false);
    expect(catalog.photos.page(ids[0]!, never)).toMatchObject({ state: 'none', rating: 3 });
  });
});

describe('looking at files', () => {
  it('is due for new and changed ones that can be reached, in order', () => {
    const ids = addFiles(catalog, ['a', 'b', 'c', 'd', 'e']);
    look(catalog, ids[0]!);
    catalog.photos.setMissing([ids[1]!], true);
    expect(catalog.photos.toLookAt(10).map(({ id }) => id)).toEqual(ids.slice(2));
    expect(catalog.photos.toLookAt(1, ids[2])).toEqual([{ id: ids[3], path: '/photos/trip/d', stamp: stamp(3) }]);
    catalog.photos.setStamp(ids[0]!, stamp(99), null);
    expect(catalog.photos.toLookAt(1)).toEqual([{ id: ids[0], path: '/photos/trip/a', stamp: stamp(99) }]);
    catalog.photos.setRootOffline(catalog.photos.roots()[0]!.id, true);
    expect(catalog.photos.toLookAt(10)).toEqual([]);
  });

  it('records facts, size, time, rating and details', () => {
    const [id = 0] = addFiles(catalog, ['a.jpg']);
    expect(catalog.photos.get(id)).toMatchObject({ facts: null, details: null, failure: null, offline: false });
    const facts = photoFacts({ sha256: hash(3), width: 30, height: 20 });
    const details = { ...noDetails, takenAt: '2024-05-31T18:04:09', takenZone: '+02:00', rating: 4, keywords: ['tram'] };
    const seen = { ok: true, facts, details, damaged: false, thumbnailBytes: 9 } as const;
    expect(catalog.photos.setLooked(id, stamp(0), seen)).toBe(true);
    expect(catalog.photos.get(id)).toEqual({
      ...{ id, path: '/photos/trip/a.jpg', name: 'a.jpg', folder: '/photos/trip', facts, details },
      ...{ offline: false, failure: null, album: null },
    });
    const page = catalog.photos.page(id, never);
    expect(photoPageSchema.parse(page)).toEqual(page);
    expect(page).toMatchObject({
      width: 30,
      height: 20,
      rating: 4,
      takenAt: '2024-05-31T18:04:09',
      state: 'none',
      facts,
      details,
    });
    expect(catalog.photos.toLookAt(10)).toEqual([]);
  });

  it('leaves a row alone whose file changed meanwhile', () => {
    const [id = 0] = addFiles(catalog, ['a.jpg']);
    const seen = { ok: true, facts: photoFacts(), details: noDetails, damaged: false, thumbnailBytes: null } as const;
    const { bytes, mtimeNs } = stamp(0);
    for (const other of [
      { bytes: bytes + 1, mtimeNs },
      { bytes, mtimeNs: mtimeNs + 1n },
    ])
      expect(catalog.photos.setLooked(id, other, seen)).toBe(false);
    expect(catalog.photos.setLooked(999, stamp(0), seen)).toBe(false);
    expect(catalog.photos.get(id)!.facts).toBeNull();
  });

  it('says nothing true of a content that is not there any more', () => {
    const [id = 0] = addPhotos(catalog, 1);
    catalog.photos.setStamp(id, stamp(50), '1:2');
    expect(catalog.photos.get(id)!.facts).toBeNull();
    expect(catalog.photos.file(id)).toMatchObject({ looked: false, sha256: hash(id), stamp: stamp(50), inode: '1:2' });
    const failure = { code: 'not-a-photo', message: 'This is no photo.' } as const;
    expect(catalog.photos.setLooked(id, stamp(50), { ok: false, failure })).toBe(true);
    expect(catalog.photos.file(id)).toMatchObject({ looked: true, sha256: null });
    expect(catalog.photos.page(id, never)).toMatchObject({ state: 'damaged', failure, facts: null, width: null });
    look(catalog, id);
    expect(catalog.photos.page(id, never)).toMatchObject({ state: 'none', failure: null, width: 4000 });
  });

  it('never changes a rating that the user gave', () => {
    const ids = addFiles(catalog, ['a', 'b', 'c']);
    catalog.photos.rate([ids[0]!], 2);
    catalog.photos.rate([ids[1]!], 0);
    for (const id of ids) look(catalog, id, { details: { rating: 5 } });
    expect(ids.map((id) => catalog.photos.page(id, never).rating)).toEqual([2, 0, 5]);
  });

  it('is recorded for many at once', () => {
    const ids = addFiles(catalog, ['a', 'b', 'c']);
    const failure = { code: 'damaged', message: 'It ends early.' } as const;
    const ok = { ok: true, facts: photoFacts(), details: noDetails, damaged: true, thumbnailBytes: 1 } as const;
    catalog.photos.setLookedAll([
      { id: ids[0]!, stamp: stamp(0), looked: ok },
      { id: ids[1]!, stamp: stamp(7), looked: ok },
      { id: ids[2]!, stamp: stamp(2), looked: { ok: false, failure } },
    ]);
    expect(ids.map((id) => catalog.photos.page(id, never).state)).toEqual(['damaged', 'none', 'damaged']);
    expect(catalog.photos.toLookAt(9).map(({ id }) => id)).toEqual([ids[1]]);
  });
});

describe('what the user says of photos', () => {
  it('counts those that changed, and refuses unknown ones as a whole', () => {
    const ids = addPhotos(catalog, 3);
    expect(catalog.photos.rate(ids, 3)).toBe(3);
    expect(catalog.photos.rate(ids, 3)).toBe(0);
    expect(catalog.photos.favour([ids[0]!], true)).toBe(1);
    expect(() => catalog.photos.rate([ids[0]!, 999], 5)).toThrow(notFound);
    expect(() => catalog.photos.favour([999], true)).toThrow(notFound);
    expect(() => catalog.photos.page(999, never)).toThrow(notFound);
    expect(catalog.photos.page(ids[0]!, never)).toMatchObject({ rating: 3, favourite: true });
  });

  it('goes with them when they are removed, with results, jobs and places in albums', () => {
    const ids = addPhotos(catalog, 3);
    catalog.albums.create('a');
    catalog.albums.add('a', ids);
    const result = catalog.results.put(newResult(ids[0]!));
    catalog.exports.begin({ resultId: result.id, key: 'k', folder: '/out', name: '1', settings: '{}' });
    catalog.jobs.add([enhanceJob(ids[0]!)]);
    expect(catalog.photos.remove([ids[0]!, ids[1]!, 999])).toBe(2);
    expect(catalog.albums.list()).toMatchObject([{ photos: 1 }]);
    expect(catalog.results.list({})).toEqual([]);
    expect(catalog.exports.byKey('k')).toBeNull();
    expect(catalog.jobs.list({})).toEqual([]);
  });

  it('never gets a number again that was taken', () => {
    const ids = addPhotos(catalog, 2);
    catalog.photos.remove(ids);
    expect(Math.min(...addFiles(catalog, ['x.jpg']))).toBeGreaterThan(Math.max(...ids));
  });
});
