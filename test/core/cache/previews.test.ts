import { existsSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCache, type Cache } from '../../../core/cache/cache.ts';
import { workspace, type Workspace } from '../../fixtures/run.ts';
import { sha256Of } from '../../fixtures/stored-results.ts';

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

describe('the log of a preview', () => {
  it('has a place of its own, in a folder that is there', async () => {
    const path = await cache.previews.pathFor(sha256Of('a'));
    expect(existsSync(dirname(path))).toBe(true);
    expect(existsSync(path)).toBe(false);
    expect(await cache.previews.pathFor(sha256Of('a'))).toBe(path);
    expect(await cache.previews.pathFor(sha256Of('b'))).not.toBe(path);
    await expect(cache.previews.pathFor('../x')).rejects.toThrow(RangeError);
  });

  it('is removed when it is not wanted any more', async () => {
    const path = await cache.previews.pathFor(sha256Of('a'));
    writeFileSync(path, 'tiles');
    expect(await cache.previews.bytes()).toBe(5);
    await cache.previews.remove(sha256Of('a'));
    await cache.previews.remove(sha256Of('a'));
    expect(existsSync(path)).toBe(false);
  });

  it('gives way to others when there are too many, the longest unused first, but never to itself', async () => {
    const paths: string[] = [];
    for (let index = 0; index < 4; index += 1) {
      const path = await cache.previews.pathFor(sha256Of(String(index)));
      writeFileSync(path, 'x'.repeat(1000));
      const time = Date.now() / 1000 - (10 - index) * 60;
      utimesSync(path, time, time);
      paths.push(path);
    }
    cache.setLimit(2000 / 0.05);
    await cache.previews.pathFor(sha256Of('0'));
    expect(paths.map((path) => existsSync(path))).toEqual([true, false, false, true]);
    cache.setLimit(0);
    await cache.previews.pathFor(sha256Of('0'));
    expect(paths.map((path) => existsSync(path))).toEqual([true, false, false, false]);
    expect(await cache.previews.clear()).toBe(1000);
  });
});
