import { mkdirSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openCache, type Cache } from '../../../core/cache/cache.ts';
import { handlers } from '../../../core/engine/handlers.ts';
import { createImporter } from '../../../core/library/import.ts';
import { photoQuerySchema } from '../../../core/photo/library-view.ts';
import { phone } from '../../fixtures/exif-block.ts';
import { goodPhotos, truncatedJpeg } from '../../fixtures/photos.ts';
import { scanPlace, type ScanPlace } from './scan-place.ts';

const { signal } = new AbortController();

let place: ScanPlace;
let cache: Cache;
beforeEach(async () => {
  place = scanPlace();
  cache = await openCache({ directory: place.space.path('cache'), limitBytes: null });
});
afterEach(async () => {
  await cache.close();
  place.remove();
});

it('looks at photos of every kind with the real engine: facts, details, thumbnails, and one that is cut', async () => {
  mkdirSync(place.space.path('in'));
  for (const make of [...Object.values(goodPhotos), truncatedJpeg]) await make(place.space.path('in'));
  place.space.put('in/letter.jpg', 'Dear reader');
  const count = Object.keys(goodPhotos).length + 2;
  const { ids } = await place.add('in');
  expect(ids).toHaveLength(count);
  const importer = createImporter({
    catalog: place.catalog,
    thumbnails: cache.thumbnails,
    look: async (items) => {
      const context = { signal, progress: () => undefined, log: () => undefined };
      return (await handlers.look({ items }, context)).looks;
    },
  });
  expect(await importer.lookAtAll(signal)).toEqual({ looked: count, failed: 1 });
  for (const id of ids) {
    const record = place.catalog.photos.get(id)!;
    if (record.name === 'letter.jpg') {
      expect(record.failure?.code).toBe('not-a-photo');
      continue;
    }
    expect([record.facts?.width, record.facts?.height]).toEqual([320, 240]);
    const thumbnail = await cache.thumbnails.read(record.facts!.sha256, record.facts!.orientation);
    expect(thumbnail?.length).toBeGreaterThan(100);
  }
  const found = (text: string): string[] =>
    place.catalog.photos.list(photoQuerySchema.parse({ text })).photos.map(({ name }) => name);
  expect(found(phone.model)).toEqual(['phone-6.jpg']);
  const states = place.catalog.photos.list(photoQuerySchema.parse({ state: 'damaged', sort: 'name' }));
  expect(states.photos.map(({ name }) => name)).toEqual(['letter.jpg', 'truncated.jpg']);
});
