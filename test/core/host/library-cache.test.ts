import { chmodSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LiveHost } from '../../../core/host/live-host.ts';
import { recipe } from '../../fixtures/facts.ts';
import { livePlace, type LivePlace } from '../../fixtures/live-place.ts';

let place: LivePlace;
beforeEach(() => {
  place = livePlace();
  mkdirSync(place.space.path('drive'));
});
afterEach(async () => {
  await place.remove();
});

const soon = { timeout: 10_000, interval: 20 };
const asRoot = process.getuid?.() === 0;

async function setPlace(host: LiveHost, folder: string | null): Promise<void> {
  await host.client.cache.setPlace({ folder: folder === null ? null : host.grants.issue(place.space.path(folder)) });
}

async function cachePath({ client }: LiveHost): Promise<string> {
  return (await client.host.about()).cachePath;
}

const cached = async ({ client }: LiveHost): Promise<boolean[]> =>
  (await client.review.list({})).results.map((result) => result.cached);

describe('the place of the cache', () => {
  it('holds from the next start on, and what lies at the one before is found again when it is set back', async () => {
    place.put('a.jpg');
    const first = await place.open();
    const { ids } = await first.client.library.add({ grants: [first.grants.issue(place.space.path('photos'))] });
    await expect.poll(async () => (await first.client.library.some({ ids })).photos[0]?.width, soon).not.toBeNull();
    await first.client.queue.add({ choice: { ids }, recipe: recipe() });
    await expect.poll(() => cached(first), soon).toEqual([true]);
    await setPlace(first, 'drive');
    expect(await cachePath(first)).toBe(place.space.path('library/cache'));
    expect(await cached(first)).toEqual([true]);
    await first.close();

    const second = await place.open();
    expect(await cachePath(second)).toBe(place.space.path('drive/enlarger-cache'));
    expect(await cached(second)).toEqual([false]);
    await setPlace(second, null);
    await second.close();
    const third = await place.open();
    expect(await cachePath(third)).toBe(place.space.path('library/cache'));
    expect(await cached(third)).toEqual([true]);
    expect(place.said).toEqual([]);
  });

  it('is the chosen folder itself when that is one of the program’s already', async () => {
    const first = await place.open();
    mkdirSync(place.space.path('drive/enlarger-cache'));
    await setPlace(first, 'drive/enlarger-cache');
    await first.close();
    expect(await cachePath(await place.open())).toBe(place.space.path('drive/enlarger-cache'));
    expect(readdirSync(place.space.path('drive'))).toEqual(['enlarger-cache']);
  });

  it('is refused when it cannot be written to, and stays as it was', async () => {
    const host = await place.open();
    writeFileSync(place.space.path('drive/enlarger-cache'), 'a file in the way');
    await expect(setPlace(host, 'drive')).rejects.toMatchObject({ code: 'not-writable' });
    await expect(setPlace(host, 'drive/enlarger-cache/deeper')).rejects.toMatchObject({ code: 'not-writable' });
    await expect(host.client.cache.setPlace({ folder: '/tmp' })).rejects.toMatchObject({ code: 'not-found' });
    await host.close();
    expect(await cachePath(await place.open())).toBe(place.space.path('library/cache'));
  });

  it.skipIf(asRoot)('is refused when this user may not write there', async () => {
    const host = await place.open();
    chmodSync(place.space.path('drive'), 0o555);
    await expect(setPlace(host, 'drive')).rejects.toMatchObject({ code: 'not-writable' });
    chmodSync(place.space.path('drive'), 0o755);
  });

  it('is the usual one while its disk is away, which is said, and itself again afterwards', async () => {
    const first = await place.open();
    await setPlace(first, 'drive');
    await first.close();
    renameSync(place.space.path('drive'), place.space.path('unplugged'));
    for (const inItsPlace of ['nothing', 'an empty folder', 'a file']) {
      if (inItsPlace === 'an empty folder') mkdirSync(place.space.path('drive'));
      if (inItsPlace === 'a file') writeFileSync(place.space.path('drive'), 'a file');
      const host = await place.open();
      expect([inItsPlace, await cachePath(host)]).toEqual([inItsPlace, place.space.path('library/cache')]);
      expect(place.said.at(-1)).toContain(place.space.path('library/cache'));
      await host.close();
      rmSync(place.space.path('drive'), { recursive: true, force: true });
    }
    expect(place.said).toHaveLength(3);
    renameSync(place.space.path('unplugged'), place.space.path('drive'));
    expect(await cachePath(await place.open())).toBe(place.space.path('drive/enlarger-cache'));
  });

  it('among photos is not taken for photos', async () => {
    place.put('a.jpg');
    const first = await place.open();
    await setPlace(first, 'photos');
    await first.close();
    const second = await place.open();
    place.space.put('photos/enlarger-cache/results/pixels.tif', 'as if it were one');
    const { ids } = await second.client.library.add({ grants: [second.grants.issue(place.space.path('photos'))] });
    expect(ids).toHaveLength(1);
    expect(await cachePath(second)).toBe(place.space.path('photos/enlarger-cache'));
  });
});
