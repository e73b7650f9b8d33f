import { existsSync, utimesSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCache, type Cache } from '../../../core/cache/cache.ts';
import { workspace, type Workspace } from '../../fixtures/run.ts';
import { sha256Of, storeThumbnail } from '../../fixtures/stored-results.ts';

let space: Workspace;
let cache: Cache;
beforeEach(async () => {
  space = workspace();
  cache = await openCache({ directory: space.path('cache'), limitBytes: 1e9 });
});
afterEach(async () => {
  await cache.close();
  space.remove();
});

const read = async (sha256: string, orientation = 1) => {
  const picture = await cache.thumbnails.read(sha256, orientation);
  return picture === null ? null : Buffer.from(picture).toString();
};
/** Hashes that share a folder. */
const sharded = (count: number) => Array.from({ length: count }, (_unused, index) => `aa${sha256Of(String(index)).slice(2)}`);
const pathOf = (sha256: string) => space.path(`cache/thumbnails/${sha256.slice(0, 2)}/${sha256}-1.thumb`);

describe('a thumbnail', () => {
  it('is one for each content and orientation, and the last one counts', async () => {
    const [a = '', b = ''] = sharded(2);
    await storeThumbnail(cache, a, 'upright');
    await storeThumbnail(cache, a, 'turned', 6);
    await storeThumbnail(cache, b, 'before');
    await storeThumbnail(cache, b, 'after');
    expect([await read(a), await read(a, 6), await read(a, 3), await read(b)]).toEqual(['upright', 'turned', null, 'after']);
    expect((await cache.thumbnails.status()).count).toBe(3);
  });

  it('has no name outside its folder', async () => {
    for (const [sha256, orientation] of [
      ['../../../x', 1],
      ['', 1],
      ['a'.repeat(64), 0],
      ['a'.repeat(64), 1.5],
      ['A'.repeat(64), 1],
    ] as const) {
      expect(await cache.thumbnails.read(sha256, orientation)).toBeNull();
      const draft = await cache.thumbnails.draft();
      writeFileSync(draft, 'x');
      await expect(cache.thumbnails.adopt(draft, sha256, orientation)).rejects.toThrow(RangeError);
      await cache.thumbnails.drop(draft);
      expect(existsSync(draft)).toBe(false);
    }
  });

  it('gives way to newer ones when its folder is full, the longest unused first', async () => {
    const hashes = sharded(40);
    const picture = 'x'.repeat(992);
    for (const [index, sha256] of hashes.slice(0, 20).entries()) {
      await storeThumbnail(cache, sha256, picture);
      const time = Date.now() / 1000 - (30 - index) * 24 * 3600;
      utimesSync(pathOf(sha256), time, time);
    }
    // Whoever was looked at goes last.
    expect(await read(hashes[0] ?? '')).toBe(picture);
    cache.setLimit((20_500 * 256) / 0.15);
    await storeThumbnail(cache, hashes[20] ?? '', picture);
    const left = await Promise.all(hashes.slice(0, 21).map(async (sha256) => (await read(sha256)) !== null));
    expect(left).toEqual(hashes.slice(0, 21).map((_hash, index) => index === 0 || index > 3));
    for (const sha256 of hashes.slice(21)) {
      await storeThumbnail(cache, sha256, picture);
      expect((await cache.thumbnails.status()).bytes).toBeLessThanOrEqual(20_500);
      expect(await read(sha256)).toBe(picture);
    }
  });

  it('is kept, the newest at least, however little room there is', async () => {
    cache.setLimit(0);
    for (const sha256 of sharded(5)) {
      await storeThumbnail(cache, sha256, 'picture');
      expect(await read(sha256)).toBe('picture');
      expect((await cache.thumbnails.status()).count).toBe(1);
    }
  });

  it('that others stored counts, too', async () => {
    const other = await openCache({ directory: cache.directory, limitBytes: (10_000 * 256) / 0.15 });
    cache.setLimit((10_000 * 256) / 0.15);
    const hashes = sharded(300);
    for (const [index, sha256] of hashes.entries()) await storeThumbnail(index % 2 === 0 ? cache : other, sha256, 'x'.repeat(92));
    // Each may have overlooked what the other stored since it last counted.
    expect((await cache.thumbnails.status()).bytes).toBeLessThanOrEqual(20_000);
    await other.close();
  });

  it('goes with all others when the cache is emptied', async () => {
    for (const sha256 of ['a', 'b', 'c'].map(sha256Of)) await storeThumbnail(cache, sha256, 'picture');
    const { bytes } = await cache.thumbnails.status();
    expect(bytes).toBe(3 * 15);
    expect(await cache.clear({ pinned: new Set() })).toBe(bytes);
    expect(await cache.thumbnails.status()).toEqual({ count: 0, bytes: 0 });
    await storeThumbnail(cache, sha256Of('a'), 'picture');
    expect(await read(sha256Of('a'))).toBe('picture');
  });
});
