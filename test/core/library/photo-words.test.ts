import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCatalog, type Catalog } from '../../../core/library/catalog.ts';
import { matchOf, wordsOf } from '../../../core/library/photo-words.ts';
import { addFiles, look } from '../../fixtures/catalog-rows.ts';

let catalog: Catalog;
beforeEach(() => {
  catalog = openCatalog({ path: ':memory:' });
});
afterEach(() => {
  catalog.close();
});

const found = (text: string): string[] => {
  const query = { text, sort: 'name', descending: false, cursor: null, limit: 1000 } as const;
  return catalog.photos.list(query).photos.map(({ name }) => name);
};

describe('the words of a text', () => {
  it('are runs of letters and digits without case and accents', () => {
    expect(wordsOf('IMG_0012 (Kopie).JPG')).toEqual(['img', '0012', 'kopie', 'jpg']);
    expect(wordsOf('Ärger in São-Tomé')).toEqual(['arger', 'in', 'sao', 'tome']);
    expect(wordsOf('İstanbul Ελλάδα 東京')).toEqual(['istanbul', 'ελλαδα', '東京']);
    expect(wordsOf(' \0 "*" 🙂 ')).toEqual([]);
  });

  it('leave out what a longer one finds as well', () => {
    expect(matchOf('trip tri TRIPS')).toBe('"trips"*');
    expect(matchOf('a b')).toBe('"a"* "b"*');
    expect(matchOf('…')).toBeNull();
  });
});

describe('a photo is found', () => {
  it('by its name, folder, camera, lens, title and keywords, and nothing above the root', () => {
    const [id = 0] = addFiles(catalog, ['IMG_77.JPG'], '2024/Grand Café', '/home/anna/Pictures');
    const details = { camera: 'Canon EOS R5', lens: 'EF 50mm', title: 'Market square', keywords: ['Lisbon', 'red tram'] };
    look(catalog, id, { details });
    for (const text of ['img', '77', 'jp', 'pictures', '2024', 'cafe', 'CANON r5', '50mm', 'market', 'lisb', 'tram red img'])
      expect([text, found(text)]).toEqual([text, ['IMG_77.JPG']]);
    for (const text of ['home', 'anna', '7 8', 'mg', 'canon nikon', '…']) expect([text, found(text)]).toEqual([text, []]);
  });

  it('by its name and folder before it was looked at', () => {
    addFiles(catalog, ['IMG_77.JPG']);
    expect(found('77 trip')).toEqual(['IMG_77.JPG']);
  });

  it('by its new place after a move, and no longer by the old one', () => {
    const [id = 0] = addFiles(catalog, ['old.jpg']);
    look(catalog, id, { details: { keywords: ['tram'] } });
    const [root] = catalog.photos.roots();
    const folderId = catalog.photos.ensureFolder(root!.id, '/photos/elsewhere');
    catalog.photos.moveFiles([{ id, folderId, name: 'new.jpg' }]);
    expect(found('new elsewhere tram')).toEqual(['new.jpg']);
    expect(found('old')).toEqual([]);
    expect(found('trip')).toEqual([]);
  });

  it('no more once it is removed', () => {
    const ids = addFiles(catalog, ['a.jpg', 'b.jpg']);
    catalog.photos.remove(ids.slice(0, 1));
    expect(found('jpg')).toEqual(['b.jpg']);
    expect(catalog.check()).toMatchObject({ ok: true, photos: 1 });
  });
});

describe('any text', () => {
  it('is a legal query, which finds exactly the photos whose words it begins', () => {
    const names = ['IMG_1.jpg', 'Über "uns" AND NOT near.png', 'x*(y).tif', '東京 -- 1.jpg', 'NULL;DROP.webp'];
    addFiles(catalog, names);
    const place = ['photos', 'trip'];
    const anyText = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc
        .array(
          fc.constantFrom('img', 'u', '"', '*', 'AND', 'OR', 'NOT', 'near(', '^', 'words:', '{', '1', '東', '\0', '\ud800', ' '),
          {
            maxLength: 12,
          },
        )
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(anyText, (text) => {
        const wanted = wordsOf(text);
        const blank = text.trim() === '';
        const expected = names.filter((name) => {
          const words = [...wordsOf(name), ...place];
          return blank || (wanted.length > 0 && wanted.every((word) => words.some((own) => own.startsWith(word))));
        });
        expect(found(text)).toEqual(expected.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
      }),
      { numRuns: 500 },
    );
  });
});
