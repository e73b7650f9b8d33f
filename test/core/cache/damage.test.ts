/** Whatever happens to any file of the cache, nothing is shown that is not what was stored, and it can be made again. */
import { cpSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCache, type Cache } from '../../../core/cache/cache.ts';
import { resultKey } from '../../../core/cache/result-key.ts';
import { nodeFileOps } from '../../../core/disk/file-ops.ts';
import { metadataName } from '../../../core/photo/result.ts';
import { workspace, type Workspace } from '../../fixtures/run.ts';
import { resultParts, sha256Of, storeResult, storeThumbnail } from '../../fixtures/stored-results.ts';

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

const key = resultKey(resultParts(1));
const photo = sha256Of('photo');

/** What a reader of the folder would take for pixels, checked as the engine checks them; null when it is refused. */
async function readPixels(): Promise<string | null> {
  const found = await cache.results.find(key);
  if (found === null) return null;
  const { directory, manifest } = found;
  for (const { file, tileCrc32 } of manifest.levels)
    if (crc32(readFileSync(join(directory, file))) !== tileCrc32[0]) return refuse();
  if (crc32(readFileSync(join(directory, metadataName))) !== manifest.metadataCrc32) return refuse();
  return JSON.stringify(manifest) + readFileSync(join(directory, 'pixels.tif'), 'latin1');
}

/** As a host does when the engine answers `damaged`. */
async function refuse(): Promise<null> {
  await cache.results.remove(key);
  return null;
}

const harms: [string, (path: string) => void][] = [
  [
    'deleted',
    (path) => {
      rmSync(path);
    },
  ],
  [
    'emptied',
    (path) => {
      truncateSync(path);
    },
  ],
  [
    'cut by one byte',
    (path) => {
      truncateSync(path, Math.max(0, statSync(path).size - 1));
    },
  ],
  [
    'made longer',
    (path) => {
      writeFileSync(path, 'x', { flag: 'a' });
    },
  ],
  [
    'replaced by a folder',
    (path) => {
      rmSync(path);
      cpSync(space.path('cache/drafts'), path, { recursive: true });
    },
  ],
];

/** Flips one bit of every `step`-th byte in turn; the bit differs from byte to byte. */
function flips(path: string, step: number): (() => void)[] {
  const whole = readFileSync(path);
  return Array.from({ length: Math.ceil(whole.length / step) }, (_unused, count) => () => {
    const index = count * step;
    const flipped = Buffer.from(whole);
    flipped[index] = (whole[index] ?? 0) ^ (1 << (index % 8));
    writeFileSync(path, flipped);
  });
}

describe('a stored result', () => {
  it.each(harms)('with any file %s is never taken for whole, and is made again', async (_name, harm) => {
    await storeResult(cache, 1);
    const whole = await readPixels();
    const files = space.list(`cache/results/${key.slice(0, 2)}/${key}`);
    expect(files).toHaveLength(5);
    for (const file of files) {
      const path = space.path(join('cache/results', key.slice(0, 2), key, file));
      const empty = statSync(path).size === 0;
      harm(path);
      const seen = await readPixels();
      // The seal is empty anyway: what lies in it says nothing.
      expect(seen === null || (empty && seen === whole), `${file} of ${files.join(', ')}`).toBe(true);
      if (seen !== null) await cache.results.remove(key);
      expect(await cache.results.keys()).toEqual([]);
      await storeResult(cache, 1);
      expect(await readPixels()).toBe(whole);
    }
  });

  it('with any bit of any file flipped is never taken for another one', async () => {
    await storeResult(cache, 1, 200);
    const whole = await readPixels();
    let tried = 0;
    for (const file of space.list(`cache/results/${key.slice(0, 2)}/${key}`)) {
      for (const flip of flips(space.path(join('cache/results', key.slice(0, 2), key, file)), 3)) {
        flip();
        expect(await readPixels()).toBeNull();
        expect(await cache.results.keys()).toEqual([]);
        await storeResult(cache, 1, 200);
        tried += 1;
      }
    }
    expect(await readPixels()).toBe(whole);
    expect(tried).toBeGreaterThan(400);
  }, 60_000);

  it('that was put under the name of another is not taken for that one', async () => {
    const other = await storeResult(cache, 2);
    const folder = (name: string) => space.path(join('cache/results', name.slice(0, 2), name));
    cpSync(folder(other), folder(key), { recursive: true });
    expect(await cache.results.find(key)).toBeNull();
    expect(await cache.results.keys()).toEqual([other]);
  });
});

describe('a thumbnail', () => {
  it.each(harms)('that was %s is not shown, and can be made again', async (_name, harm) => {
    await storeThumbnail(cache, photo, 'PICTURE');
    harm(space.path(`cache/${space.list('cache').find((name) => name.endsWith('.thumb')) ?? ''}`));
    expect(await cache.thumbnails.read(photo, 1)).toBeNull();
    await storeThumbnail(cache, photo, 'PICTURE');
    expect(Buffer.from((await cache.thumbnails.read(photo, 1)) ?? []).toString()).toBe('PICTURE');
  });

  it('with any bit flipped is not shown', async () => {
    await storeThumbnail(cache, photo, 'PICTURE');
    const path = space.path(`cache/${space.list('cache').find((name) => name.endsWith('.thumb')) ?? ''}`);
    for (const flip of flips(path, 1)) {
      flip();
      expect(await cache.thumbnails.read(photo, 1)).toBeNull();
      await storeThumbnail(cache, photo, 'PICTURE');
    }
  });
});

describe('the whole folder', () => {
  it('may go at any time', async () => {
    await storeResult(cache, 1);
    await storeThumbnail(cache, photo, 'PICTURE');
    const draft = await cache.results.draft();
    rmSync(space.path('cache'), { recursive: true });
    expect(await cache.results.find(key)).toBeNull();
    expect(await cache.thumbnails.read(photo, 1)).toBeNull();
    await draft.discard();
    await storeResult(cache, 1);
    await storeThumbnail(cache, photo, 'PICTURE');
    expect(await readPixels()).not.toBeNull();
    expect(await cache.results.makeRoom(0, { pinned: new Set(), unreviewed: new Set() })).toEqual({
      freedBytes: 0,
      shortBytes: 0,
    });
    await nodeFileOps.removeTree(space.path('cache'));
    expect((await cache.status(new Set())).results.count).toBe(0);
  });
});
