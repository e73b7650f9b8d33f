import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCatalog, type Catalog } from '../../../core/library/catalog.ts';
import { outlineSchema, photoQuerySchema, photoSorts, type PhotoSummary } from '../../../core/photo/library-view.ts';
import { addFiles, hash, look } from '../../fixtures/catalog-rows.ts';

const count = 120;
let catalog: Catalog;

beforeAll(() => {
  catalog = openCatalog({ path: ':memory:' });
  const ids = addFiles(
    catalog,
    Array.from({ length: count }, (_, index) => `${String(index)}.jpg`),
  );
  catalog.albums.create('some');
  for (const [index, id] of ids.entries()) {
    catalog.photos.rate([id], index % 6);
    if (index % 3 === 0) catalog.albums.add('some', [id]);
    // Every seventh waits to be looked at still.
    if (index % 7 === 0) continue;
    const takenAt = index % 5 === 0 ? null : `2019-07-${String(1 + (index % 4)).padStart(2, '0')}T2${String(index % 4)}:30:00`;
    const takenZone = ['+14:00', '-11:00', null][index % 3] ?? null;
    look(catalog, id, {
      facts: { width: 1 + (index % 17) * 100, height: 1 + (index % 13) * 90, sha256: hash(id) },
      details: { takenAt, takenZone },
    });
  }
});
afterAll(() => {
  catalog.close();
});

const maybe = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.oneof({ weight: 2, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });
const anyQuery = fc
  .record({
    text: maybe(fc.constantFrom('1', 'jpg', 'nothing')),
    album: maybe(fc.constant('some')),
    minRating: maybe(fc.integer({ min: 0, max: 5 })),
    sort: fc.constantFrom(...photoSorts),
    descending: fc.boolean(),
  })
  .map((query) => photoQuerySchema.parse({ ...query, limit: 1000 }));

/** In thousandths, and never 0 for a photo that was looked at. */
function ratioOf({ width, height }: PhotoSummary): number {
  return width === null || height === null ? 0 : Math.max(1, Math.round((1000 * width) / height));
}

describe('an outline', () => {
  it('has the photos of the list in its order, with their shapes and local days, for any filter and order', () => {
    const seen = { photos: 0, runs: 0 };
    fc.assert(
      fc.property(anyQuery, (query) => {
        const outline = catalog.photos.outline(query);
        expect(outlineSchema.parse(outline)).toEqual(outline);
        const { photos } = catalog.photos.list(query);
        expect(outline.ids).toEqual(photos.map(({ id }) => id));
        expect(outline.ratios).toEqual(photos.map(ratioOf));
        const days = outline.days.flatMap(({ day, count: photosOfDay }) => Array.from({ length: photosOfDay }, () => day));
        expect(days).toEqual(photos.map(({ takenAt }) => (query.sort === 'taken' ? (takenAt?.slice(0, 10) ?? null) : null)));
        for (const [index, { day }] of outline.days.entries()) expect(day).not.toBe(outline.days[index + 1]?.day);
        seen.photos += photos.length;
        seen.runs += outline.days.length;
      }),
      { numRuns: 150 },
    );
    expect(seen.photos).toBeGreaterThan(2000);
    expect(seen.runs).toBeGreaterThan(300);
  });

  it('by time of capture has all photos without a date together at its end, in either direction', () => {
    for (const descending of [false, true]) {
      const { days } = catalog.photos.outline(photoQuerySchema.parse({ descending }));
      expect(days.filter(({ day }) => day === null)).toEqual([days.at(-1)]);
      expect(days.length).toBeGreaterThan(4);
    }
  });

  it('takes a date that is none for none', () => {
    const [id = 0] = addFiles(catalog, ['odd.jpg'], 'odd');
    look(catalog, id, { details: { takenAt: '2019-02-31T25:00:00' } });
    const query = photoQuerySchema.parse({ text: 'odd' });
    expect(catalog.photos.outline(query).days).toEqual([{ day: null, count: 1 }]);
    expect(catalog.photos.page(id, () => false).details?.takenAt).toBe('2019-02-31T25:00:00');
    catalog.photos.remove([id]);
  });

  it('of an album that is not there is refused', () => {
    expect(() => catalog.photos.outline(photoQuerySchema.parse({ album: 'none' }))).toThrow(
      expect.objectContaining({ code: 'not-found' }) as Error,
    );
  });
});

describe('some photos', () => {
  it('come in the order asked for, as lists show them, without those that there are not', () => {
    const { photos } = catalog.photos.list(photoQuerySchema.parse({ limit: 1000 }));
    const wanted = [photos[7]!, photos[3]!, photos[90]!];
    expect(catalog.photos.some([wanted[0]!.id, 9999, wanted[1]!.id, wanted[2]!.id])).toEqual(wanted);
  });

  it('have the key of their thumbnail once they were looked at', () => {
    const id = addFiles(catalog, ['new.jpg'], 'other')[0]!;
    const key = (): string | null | undefined => catalog.photos.some([id])[0]?.thumbnailKey;
    expect(key()).toBeNull();
    look(catalog, id, { facts: { orientation: 6 } });
    expect(key()).toBe(`${hash(id)}-6`);
    expect(catalog.photos.page(id, () => false).thumbnailKey).toBe(key());
    const file = catalog.photos.file(id)!;
    catalog.photos.setStamp(id, { ...file.stamp, bytes: 5 }, null);
    expect(key()).toBeNull();
    catalog.photos.remove([id]);
  });
});
