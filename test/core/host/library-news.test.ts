import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createEvents } from '../../../core/api/events.ts';
import type { EventValue } from '../../../core/api/contract.ts';
import { openLibraryNews, type LibraryNews } from '../../../core/host/library-news.ts';
import { openCatalog, type Catalog } from '../../../core/library/catalog.ts';
import { addFiles, addPhotos } from '../../fixtures/catalog-rows.ts';

let catalog: Catalog;
let news: LibraryNews;
let heard: EventValue<'library'>[];
let woken: number;
beforeEach(() => {
  vi.useFakeTimers();
  catalog = openCatalog({ path: ':memory:' });
  addPhotos(catalog, 5);
  heard = [];
  woken = 0;
  const events = createEvents({ check: true });
  events.subscribe('library', (value) => heard.push(value));
  news = openLibraryNews({ catalog, events, onUnlooked: () => (woken += 1), everyMs: 250 });
});
afterEach(() => {
  news.close();
  catalog.close();
  vi.useRealTimers();
});

describe('news of the library', () => {
  it('come at once after a rest, and then together', async () => {
    catalog.photos.rate([1], 5);
    await vi.advanceTimersByTimeAsync(1);
    expect(heard).toEqual([{ changedIds: [1], listChanged: false }]);
    catalog.photos.rate([2, 3], 5);
    await vi.advanceTimersByTimeAsync(100);
    catalog.photos.favour([3, 4], true);
    catalog.albums.create('album');
    await vi.advanceTimersByTimeAsync(148);
    expect(heard).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(2);
    expect(heard.slice(1)).toEqual([{ changedIds: [2, 3, 4], listChanged: true }]);
  });

  it('are at most four a second, however much happens, and leave nothing out', async () => {
    for (let round = 0; round < 100; round += 1) {
      catalog.photos.rate([1 + (round % 5)], 1 + (Math.floor(round / 5) % 5));
      await vi.advanceTimersByTimeAsync(20);
    }
    await vi.advanceTimersByTimeAsync(250);
    expect(heard.length).toBeLessThanOrEqual(10);
    expect(new Set(heard.flatMap(({ changedIds }) => changedIds))).toEqual(new Set([1, 2, 3, 4, 5]));
  });

  it('wake whoever looks at photos, and say nothing more once they are closed', async () => {
    addFiles(catalog, ['new.jpg'], 'other');
    await vi.advanceTimersByTimeAsync(1);
    expect([woken, heard.length]).toEqual([1, 1]);
    catalog.photos.rate([1], 5);
    news.close();
    catalog.photos.rate([1], 4);
    await vi.advanceTimersByTimeAsync(1000);
    expect([woken, heard.length]).toEqual([1, 1]);
  });
});
