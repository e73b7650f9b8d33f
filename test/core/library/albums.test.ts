import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCatalog, type Catalog } from '../../../core/library/catalog.ts';
import { albumViewSchema } from '../../../core/photo/library-view.ts';
import { addPhotos } from '../../fixtures/catalog-rows.ts';

let catalog: Catalog;
let ids: number[];
beforeEach(() => {
  catalog = openCatalog({ path: ':memory:', now: () => 5000 });
  ids = addPhotos(catalog, 5);
});
afterEach(() => {
  expect(catalog.check().problems).toEqual([]);
  catalog.close();
});

const refused = (code: string): Error => expect.objectContaining({ code }) as Error;

describe('albums', () => {
  it('are listed by name with what they hold', () => {
    for (const name of ['b', 'ä', 'a']) catalog.albums.create(name);
    catalog.albums.add('b', ids.slice(0, 2));
    const albums = catalog.albums.list();
    expect(albums).toEqual([
      { name: 'a', photos: 0, createdMs: 5000 },
      { name: 'b', photos: 2, createdMs: 5000 },
      { name: 'ä', photos: 0, createdMs: 5000 },
    ]);
    for (const album of albums) expect(albumViewSchema.parse(album)).toEqual(album);
  });

  it('keep photos in the order of adding, each once', () => {
    catalog.albums.create('a');
    expect(catalog.albums.add('a', [ids[3]!, ids[1]!, ids[3]!])).toBe(2);
    expect(catalog.albums.add('a', [ids[1]!, ids[0]!, ids[4]!])).toBe(2);
    expect(catalog.photos.choose({ album: 'a' })).toEqual([ids[3], ids[1], ids[0], ids[4]]);
    expect(catalog.albums.remove('a', [ids[1]!, ids[2]!])).toBe(1);
    catalog.albums.add('a', [ids[1]!]);
    expect(catalog.photos.choose({ album: 'a' })).toEqual([ids[3], ids[0], ids[4], ids[1]]);
  });

  it('can be renamed and deleted, and the photos stay', () => {
    catalog.albums.create('a');
    catalog.albums.create('b');
    catalog.albums.add('a', ids);
    expect(catalog.albums.rename('a', 'c')).toEqual({ name: 'c', photos: 5, createdMs: 5000 });
    expect(catalog.albums.rename('c', 'c').name).toBe('c');
    expect(() => catalog.albums.rename('c', 'b')).toThrow(refused('conflict'));
    catalog.albums.delete('c');
    expect(catalog.albums.list().map(({ name }) => name)).toEqual(['b']);
    expect(catalog.photos.count({ sort: 'taken', descending: false })).toBe(5);
  });

  it('refuse a twin, and what is not there', () => {
    catalog.albums.create('a');
    expect(() => catalog.albums.create('a')).toThrow(refused('conflict'));
    expect(() => catalog.albums.rename('x', 'y')).toThrow(refused('not-found'));
    expect(() => catalog.albums.add('x', ids)).toThrow(refused('not-found'));
    expect(() => catalog.albums.remove('x', ids)).toThrow(refused('not-found'));
    expect(() => {
      catalog.albums.delete('x');
    }).toThrow(refused('not-found'));
    expect(() => catalog.albums.add('a', [ids[0]!, 999])).toThrow(refused('not-found'));
    expect(catalog.albums.list()).toMatchObject([{ photos: 0 }]);
  });

  it('name a photo by the oldest that holds it', () => {
    for (const name of ['z', 'a']) {
      catalog.albums.create(name);
      catalog.albums.add(name, [ids[0]!]);
    }
    expect(catalog.photos.get(ids[0]!)!.album).toBe('z');
    expect(catalog.photos.page(ids[0]!, () => false).albums).toEqual(['a', 'z']);
    expect(catalog.photos.get(ids[1]!)!.album).toBeNull();
  });
});
