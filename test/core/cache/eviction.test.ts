import { existsSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCache, type Cache } from '../../../core/cache/cache.ts';
import { inOrderOfLoss, type CacheEntry } from '../../../core/cache/eviction.ts';
import { nodeFileOps } from '../../../core/disk/file-ops.ts';
import { workspace, type Workspace } from '../../fixtures/run.ts';
import { fillDraft, resultParts, storeResult } from '../../fixtures/stored-results.ts';

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

const none: ReadonlySet<string> = new Set();
const nothingSpared = { pinned: none, unreviewed: none };

/** Stores results of equal size, the first the longest unused, and returns their keys and the size of one. */
async function storeSeries(count: number): Promise<{ keys: string[]; bytes: number }> {
  const keys: string[] = [];
  for (let seed = 1; seed <= count; seed += 1) keys.push(await storeResult(cache, seed, 10_000));
  keys.forEach((key, index) => {
    age(key, (count - index) * 60);
  });
  return { keys, bytes: (await cache.results.status(none)).bytes / count };
}

function age(key: string, seconds: number): void {
  const folder = space.path(join('cache/results', key.slice(0, 2), key));
  const seal = readdirSync(folder).find((name) => name.startsWith('sealed-')) ?? '';
  const time = Date.now() / 1000 - seconds;
  utimesSync(join(folder, seal), time, time);
}

const left = async (keys: readonly string[]) => {
  const there = await cache.results.keys();
  return keys.map((key) => there.includes(key));
};

/** Of the limit, for results. */
const resultShare = 0.8;

describe('making room', () => {
  it('gives up the longest unused first, and only as many as it must', async () => {
    const { keys, bytes } = await storeSeries(5);
    cache.setLimit((bytes * 5) / resultShare);
    await cache.results.find(keys[0] ?? '');
    expect(await cache.results.makeRoom(1.5 * bytes, nothingSpared)).toEqual({ freedBytes: 2 * bytes, shortBytes: 0 });
    expect(await left(keys)).toEqual([true, false, false, true, true]);
    expect(await cache.results.makeRoom(bytes, nothingSpared)).toEqual({ freedBytes: 0, shortBytes: 0 });
  });

  it('keeps what waits for a verdict longer than all else, and what is pinned for good', async () => {
    const { keys, bytes } = await storeSeries(6);
    cache.setLimit((bytes * 6) / resultShare);
    const spared = { pinned: new Set(keys.slice(0, 2)), unreviewed: new Set(keys.slice(2, 4)) };
    await cache.results.makeRoom(2 * bytes, spared);
    expect(await left(keys)).toEqual([true, true, true, true, false, false]);
    await cache.results.makeRoom(3 * bytes, spared);
    expect(await left(keys)).toEqual([true, true, false, true, false, false]);
    const room = await cache.results.makeRoom(6 * bytes, spared);
    expect(await left(keys)).toEqual([true, true, false, false, false, false]);
    expect(room).toEqual({ freedBytes: bytes, shortBytes: 2 * bytes });
  });

  it('counts what others are making', async () => {
    const { keys, bytes } = await storeSeries(3);
    const other = await openCache({ directory: cache.directory, limitBytes: 1e9 });
    fillDraft((await other.results.draft()).directory, resultParts(9), 10_000);
    cache.setLimit((bytes * 4) / resultShare);
    await cache.results.makeRoom(bytes, nothingSpared);
    expect(await left(keys)).toEqual([false, true, true]);
    await other.close();
  });

  it('also makes room on a disk that is nearly full', async () => {
    const { keys, bytes } = await storeSeries(3);
    const files = { ...nodeFileOps, freeBytes: () => Promise.resolve(bytes / 2) };
    const other = await openCache({ directory: cache.directory, limitBytes: 1e9, files });
    expect(await other.results.makeRoom(bytes, nothingSpared)).toEqual({ freedBytes: bytes, shortBytes: 0 });
    expect(await left(keys)).toEqual([false, true, true]);
    await other.close();
  });

  it('never takes what is held, until it is released', async () => {
    const { keys, bytes } = await storeSeries(2);
    const held = await cache.results.hold(keys[0] ?? '');
    const again = await cache.results.hold(keys[0] ?? '');
    cache.setLimit(1);
    await cache.results.makeRoom(0, nothingSpared);
    expect(await left(keys)).toEqual([true, false]);
    await held?.release();
    await held?.release();
    expect((await cache.results.makeRoom(0, nothingSpared)).freedBytes).toBe(0);
    await again?.release();
    expect((await cache.results.makeRoom(0, nothingSpared)).freedBytes).toBe(bytes);
    expect(readdirSync(space.path('cache/leases'))).toEqual([]);
  });

  it('lets whoever comes while a result is about to go wait, and then not find it', async () => {
    const { keys, bytes } = await storeSeries(2);
    const reader = await openCache({ directory: cache.directory, limitBytes: 1e9 });
    let seen: Promise<unknown> = Promise.resolve('nobody looked');
    const files = {
      ...nodeFileOps,
      rename: async (from: string, to: string) => {
        // Between the look at the leases and the step.
        if (from.endsWith(keys[0] ?? '')) {
          seen = reader.results.hold(keys[0] ?? '');
          await setTimeout(50);
        }
        await nodeFileOps.rename(from, to);
      },
    };
    const evictor = await openCache({ directory: cache.directory, limitBytes: (2 * bytes) / resultShare, files });
    expect(await evictor.results.makeRoom(bytes, nothingSpared)).toEqual({ freedBytes: bytes, shortBytes: 0 });
    expect(await left(keys)).toEqual([false, true]);
    expect(await seen).toBeNull();
    expect(readdirSync(space.path('cache/leases'))).toEqual([]);
    await Promise.all([reader.close(), evictor.close()]);
  });

  it('removes what has no seal before anything else', async () => {
    const { keys, bytes } = await storeSeries(2);
    const folder = space.path(`cache/results/ff/${'f'.repeat(64)}`);
    await nodeFileOps.makeFolder(folder);
    writeFileSync(join(folder, 'pixels.tif'), 'left by nobody knows whom');
    cache.setLimit((2 * bytes) / resultShare);
    await cache.results.makeRoom(1, nothingSpared);
    expect(existsSync(folder)).toBe(false);
    expect(await left(keys)).toEqual([false, true]);
  });
});

describe('emptying the cache', () => {
  it('spares pinned results, unless everything is to go', async () => {
    const { keys, bytes } = await storeSeries(3);
    const pinned = new Set(keys.slice(0, 1));
    expect(await cache.results.status(pinned)).toEqual({ count: 3, bytes: 3 * bytes, pinnedBytes: bytes });
    expect(await cache.clear({ pinned })).toBe(2 * bytes);
    expect(await left(keys)).toEqual([true, false, false]);
    expect(await cache.clear({ pinned, all: true })).toBe(bytes);
    expect(await cache.results.keys()).toEqual([]);
  });
});

describe('the order of loss', () => {
  const entries = fc.uniqueArray(fc.record({ key: fc.string(), bytes: fc.nat(), lastUseMs: fc.integer({ min: 0, max: 50 }) }), {
    selector: ({ key }) => key,
  });
  const withSets = entries.chain((all) => {
    const keys = all.map(({ key }) => key);
    return fc.record({ all: fc.constant(all), pinned: fc.subarray(keys), unreviewed: fc.subarray(keys) });
  });

  it('holds everything but what is pinned, once, and is the same whoever asks', () => {
    fc.assert(
      fc.property(withSets, ({ all, pinned, unreviewed }) => {
        const spared = { pinned: new Set(pinned), unreviewed: new Set(unreviewed) };
        const order = inOrderOfLoss(all, spared);
        expect(new Set(order)).toEqual(new Set(all.filter(({ key }) => !spared.pinned.has(key))));
        expect(inOrderOfLoss(all.toReversed(), spared)).toEqual(order);
        order.slice(1).forEach((entry, index) => {
          expectLater(order[index] ?? entry, entry, spared.unreviewed);
        });
      }),
    );
  });

  function expectLater(first: CacheEntry, second: CacheEntry, unreviewed: ReadonlySet<string>): void {
    if (unreviewed.has(first.key)) expect(unreviewed.has(second.key)).toBe(true);
    if (unreviewed.has(first.key) === unreviewed.has(second.key))
      expect(second.lastUseMs).toBeGreaterThanOrEqual(first.lastUseMs);
  }
});
