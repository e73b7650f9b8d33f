import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCatalog, type Catalog } from '../../../core/library/catalog.ts';
import { wordsOf } from '../../../core/library/photo-words.ts';
import { photoQuerySchema, photoSorts, photoSummarySchema, type PhotoQuery } from '../../../core/photo/library-view.ts';
import { takenMs } from '../../../core/photo/photo-details.ts';
import { photoStates, type PhotoState } from '../../../core/photo/result.ts';
import { addFiles, enhanceJob, hash, look, newResult } from '../../fixtures/catalog-rows.ts';

/** What a test knows of a photo, to filter and sort by itself. */
interface Known {
  readonly id: number;
  readonly name: string;
  readonly keyword: string;
  readonly bytes: number;
  readonly pixels: number;
  readonly takenMs: number;
  readonly isDated: boolean;
  readonly rating: number;
  readonly favourite: boolean;
  readonly state: PhotoState;
  readonly inAlbum: boolean;
}

const count = 180;
const keywords = ['sea', 'seal', 'mountain', 'Meer'];
let catalog: Catalog;
let known: Known[];

beforeAll(() => {
  catalog = openCatalog({ path: ':memory:' });
  const names = Array.from({ length: count }, (_, index) => `${['ä', 'B', 'a', '🙂', 'z'][index % 5]!}${index % 7}-${index}.jpg`);
  const ids = addFiles(catalog, names);
  catalog.albums.create('chosen');
  known = ids.map((id, index) => {
    const keyword = keywords[index % 4]!;
    const takenAt = index % 6 === 0 ? null : `20${10 + (index % 9)}-0${1 + (index % 3)}-01T00:00:00`;
    const width = 100 + (index % 11);
    const state = photoStates[index % 9]!;
    const facts = { width, height: 10, sha256: hash(id) };
    look(catalog, id, { facts, details: { takenAt, keywords: [keyword] }, damaged: state === 'damaged' });
    bring(id, state);
    const rating = index % 4 === 0 ? index % 6 : 0;
    const favourite = index % 13 === 0;
    catalog.photos.rate([id], rating);
    catalog.photos.favour([id], favourite);
    const inAlbum = index % 3 !== 0;
    if (inAlbum) catalog.albums.add('chosen', [id]);
    const file = catalog.photos.file(id)!;
    return {
      ...{ id, name: names[index]!, keyword, bytes: file.stamp.bytes, pixels: width * 10, rating, favourite, state, inAlbum },
      isDated: takenAt !== null,
      takenMs: takenMs({ takenAt, takenZone: null }) ?? Number(file.stamp.mtimeNs / 1_000_000n),
    };
  });
});
afterAll(() => {
  catalog.close();
});

/** Brings a photo that was looked at into a state, as the program would. */
function bring(id: number, state: PhotoState): void {
  const judge = { accepted: 'accept', rejected: 'reject', exported: 'export' } as const;
  if (state === 'queued') catalog.jobs.add([enhanceJob(id)]);
  if (state === 'offline') catalog.photos.setMissing([id], true);
  if (state === 'failed') {
    const [jobId = 0] = catalog.jobs.add([enhanceJob(id)]);
    catalog.jobs.apply(jobId, { type: 'fail', failure: { code: 'too-large', message: 'It is too large.' } });
  }
  if (state === 'ready' || Object.hasOwn(judge, state)) {
    const result = catalog.results.put(newResult(id));
    catalog.results.apply(result.id, 'rendered', { strength: 0.5 });
    if (state === 'exported') catalog.results.apply(result.id, 'accept');
    if (Object.hasOwn(judge, state)) catalog.results.apply(result.id, judge[state as keyof typeof judge]);
  }
}

/** The whole list, found and sorted without SQL. */
function expected(query: PhotoQuery): number[] {
  const words = wordsOf(query.text ?? '');
  const enhanced = (photo: Known): boolean => ['ready', 'accepted', 'rejected', 'exported'].includes(photo.state);
  const fits = (photo: Known): boolean => {
    const own = [...wordsOf(`${photo.name} ${photo.keyword}`), 'photos', 'trip'];
    return (
      words.every((word) => own.some((mine) => mine.startsWith(word))) &&
      (query.album === undefined || photo.inAlbum) &&
      (query.state === undefined || photo.state === query.state) &&
      (query.enhanced === undefined || enhanced(photo) === query.enhanced) &&
      (query.favourite === undefined || photo.favourite === query.favourite) &&
      photo.rating >= (query.minRating ?? 0) &&
      photo.takenMs >= (query.takenFromMs ?? -Infinity) &&
      photo.takenMs < (query.takenToMs ?? Infinity)
    );
  };
  const value = {
    taken: (photo: Known) => photo.takenMs,
    added: () => 0,
    bytes: (photo: Known) => photo.bytes,
    pixels: (photo: Known) => photo.pixels,
    rating: (photo: Known) => photo.rating,
  };
  const order = (a: Known, b: Known): number => {
    const { sort } = query;
    const byValue = sort === 'name' ? Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)) : value[sort](a) - value[sort](b);
    return byValue || a.id - b.id;
  };
  const sorted = known.filter(fits).toSorted(order);
  const directed = query.descending ? sorted.toReversed() : sorted;
  const isFirst = ({ isDated }: Known): boolean => query.sort !== 'taken' || isDated;
  return [...directed.filter(isFirst), ...directed.filter((photo) => !isFirst(photo))].map(({ id }) => id);
}

const maybe = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });
const time = fc.integer({ min: 2009, max: 2020 }).map((year) => Date.UTC(year, 0));
const anyQuery = fc
  .record({
    text: maybe(fc.constantFrom('sea', 'SEAL', 'm', 'a1', 'jpg trip', 'nothing', ' ')),
    album: maybe(fc.constant('chosen')),
    state: maybe(fc.constantFrom(...photoStates)),
    enhanced: maybe(fc.boolean()),
    favourite: maybe(fc.boolean()),
    minRating: maybe(fc.integer({ min: 0, max: 5 })),
    takenFromMs: maybe(time),
    takenToMs: maybe(time),
    sort: fc.constantFrom(...photoSorts),
    descending: fc.boolean(),
    limit: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 10, max: 200 })),
  })
  .map((query) => photoQuerySchema.parse(query));

describe('pages', () => {
  it('are together the whole list, without gap or double, for any filter, order and length', () => {
    const seen = { pages: 0, photos: 0 };
    fc.assert(
      fc.property(anyQuery, (query) => {
        const ids: number[] = [];
        let cursor: string | null = null;
        do {
          const page = catalog.photos.list({ ...query, cursor });
          expect(page.photos.length).toBeLessThanOrEqual(query.limit);
          if (page.nextCursor !== null) expect(page.photos).toHaveLength(query.limit);
          ids.push(...page.photos.map(({ id }) => id));
          cursor = page.nextCursor;
          seen.pages += 1;
        } while (cursor !== null);
        seen.photos += ids.length;
        expect(ids).toEqual(expected(query));
        expect(catalog.photos.count(query)).toBe(ids.length);
      }),
      { numRuns: 300 },
    );
    // A property of empty lists would say nothing.
    expect(seen.pages).toBeGreaterThan(800);
    expect(seen.photos).toBeGreaterThan(5000);
  });

  it('of one folder hold what lies below it, and nothing of another', () => {
    const own = openCatalog({ path: ':memory:' });
    const here = addFiles(own, ['1.jpg', '2.jpg'], 'trip', '/photos/here');
    addFiles(own, ['3.jpg'], 'trip', '/photos/there');
    const rootId = own.photos.rootViews().find(({ path }) => path === '/photos/here')!.id;
    const query = photoQuerySchema.parse({ rootId });
    expect(own.photos.list(query).photos.map(({ id }) => id)).toEqual(here);
    expect(own.photos.outline(query).ids).toEqual(here);
    expect(own.photos.count({ ...query, text: '2' })).toBe(1);
    own.close();
  });

  it('show photos as the contract says', () => {
    const { photos } = catalog.photos.list(photoQuerySchema.parse({ limit: 1000 }));
    expect(photos).toHaveLength(count);
    for (const photo of photos) expect(photoSummarySchema.parse(photo)).toEqual(photo);
    expect(new Set(photos.map(({ state }) => state))).toEqual(new Set(photoStates));
  });

  it('go on where they were when photos come and go in between', () => {
    const other = openCatalog({ path: ':memory:' });
    const ids = addFiles(other, ['b.jpg', 'd.jpg', 'f.jpg', 'h.jpg']);
    const query = photoQuerySchema.parse({ sort: 'name', limit: 2 });
    const first = other.photos.list(query);
    addFiles(other, ['a.jpg', 'e.jpg']);
    other.photos.remove([ids[1]!, ids[3]!]);
    const second = other.photos.list({ ...query, cursor: first.nextCursor });
    expect(second.photos.map(({ name }) => name)).toEqual(['e.jpg', 'f.jpg']);
    expect(second.nextCursor).toBeNull();
    other.close();
  });
});

describe('a cursor', () => {
  const first = (): string => catalog.photos.list(photoQuerySchema.parse({ sort: 'name', limit: 5 })).nextCursor!;
  const refusal = expect.objectContaining({
    code: 'not-found',
    message: expect.stringContaining('first page') as string,
  }) as unknown;

  it('is refused with another filter or order, and taken with another length', () => {
    const query = photoQuerySchema.parse({ sort: 'name', limit: 5, cursor: first() });
    expect(catalog.photos.list({ ...query, limit: 9 }).photos).toHaveLength(9);
    for (const change of [
      { sort: 'taken' },
      { descending: true },
      { text: 'sea' },
      { minRating: 1 },
      { album: 'chosen' },
    ] as const)
      expect(() => catalog.photos.list({ ...query, ...change })).toThrow(refusal);
  });

  it('is refused when it is none', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.base64String(), fc.json()), (cursor) => {
        expect(() => catalog.photos.list(photoQuerySchema.parse({ cursor }))).toThrow(refusal);
      }),
      { numRuns: 60 },
    );
  });

  it('tells nothing of the disk', () => {
    expect(first()).toMatch(/^[\w-]+$/);
    expect(Buffer.from(first(), 'base64url').toString()).not.toContain('/photos');
  });
});

describe('a choice', () => {
  it('means each photo once, in the order given, of the album, or by time', () => {
    expect(catalog.photos.choose({ ids: [5, 3, 5] })).toEqual([5, 3]);
    const album = known.filter(({ inAlbum }) => inAlbum).map(({ id }) => id);
    expect(catalog.photos.choose({ album: 'chosen' })).toEqual(album);
    expect(catalog.photos.choose({ text: 'seal' })).toEqual(expected(photoQuerySchema.parse({ text: 'seal' })));
  });

  it('is refused when it names what is not there', () => {
    const missing = (what: string): Error =>
      expect.objectContaining({ code: 'not-found', message: expect.stringContaining(what) as string }) as Error;
    expect(() => catalog.photos.choose({ ids: [1, 9999] })).toThrow(missing('number 9999'));
    expect(() => catalog.photos.choose({ album: 'none' })).toThrow(missing('"none"'));
    expect(() => catalog.photos.list(photoQuerySchema.parse({ album: 'none' }))).toThrow(missing('"none"'));
    expect(() => catalog.photos.count(photoQuerySchema.parse({ album: 'none' }))).toThrow(missing('"none"'));
  });
});
