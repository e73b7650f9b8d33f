/** Work in a cache, failed or killed at each single call that changes the disk. After each, the promises must hold. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCache } from '../../../core/cache/cache.ts';
import { resultKey } from '../../../core/cache/result-key.ts';
import { inspectStored } from '../../../core/cache/stored-result.ts';
import { namesIn } from '../../../core/disk/tidy.ts';
import { EnlargerError } from '../../../core/photo/failure.ts';
import { busyLimitBytes, workInCache } from '../../fixtures/busy-cache.ts';
import { filesThat, systemError } from '../../fixtures/failing-files.ts';
import { workspace, type Workspace } from '../../fixtures/run.ts';
import { resultParts, sha256Of, storeResult } from '../../fixtures/stored-results.ts';

let space: Workspace;
let directory: string;
beforeEach(() => {
  space = workspace();
  directory = space.path('cache');
});
afterEach(() => {
  space.remove();
});

function clear(): void {
  space.remove();
  space = workspace();
  directory = space.path('cache');
}

/** Whatever has the name of a result is whole, to the last byte. */
async function expectNothingTorn(): Promise<number> {
  let count = 0;
  for (const shard of await namesIn(join(directory, 'results'))) {
    for (const key of readdirSync(join(directory, 'results', shard))) {
      const path = join(directory, 'results', shard, key);
      expect((await inspectStored(path, key)).state, key).toBe('whole');
      count += 1;
    }
  }
  return count;
}

/** After the next start and end nothing is left of what was under way, the bound holds, and everything works. */
async function expectRecovery(): Promise<void> {
  await expectNothingTorn();
  const cache = await openCache({ directory, limitBytes: busyLimitBytes });
  for (const folder of ['drafts', 'leases', 'runs']) expect(await namesIn(join(directory, folder)), folder).toEqual([]);
  for (const seed of [1, 2, 3]) {
    const picture = await cache.thumbnails.read(sha256Of(String(seed)), 1);
    if (picture !== null) expect(Buffer.from(picture).toString()).toBe(`picture ${String(seed)}`);
  }
  await cache.results.makeRoom(0, { pinned: new Set(), unreviewed: new Set() });
  expect((await cache.results.status(new Set())).bytes).toBeLessThanOrEqual(busyLimitBytes);
  await storeResult(cache, 5);
  expect(await cache.results.find(resultKey(resultParts(5)))).not.toBeNull();
  await cache.close();
  await expectNothingTorn();
}

describe('a cache', () => {
  it.each(['EIO', 'ENOSPC'])(
    'that gets %s at the k-th call shows nothing torn, for every k',
    async (code) => {
      let failures = 0;
      for (let k = 1; ; k += 1) {
        const { files, calls } = filesThat(() => {
          throw systemError(code);
        }, k);
        const error: unknown = await workInCache(directory, files).then(
          () => null,
          (thrown: unknown) => thrown,
        );
        if (error !== null) {
          failures += 1;
          expect(error).toBeInstanceOf(EnlargerError);
          expect((error as EnlargerError).code, calls.at(-1)).toBe(code === 'ENOSPC' ? 'disk-full' : 'not-writable');
        }
        await expectNothingTorn();
        clear();
        if (calls.length < k) break;
      }
      expect(failures).toBeGreaterThan(15);
    },
    120_000,
  );

  it('on a disk that is full from the k-th call on shows nothing torn, and works again when there is room, for every k', async () => {
    for (let k = 1; ; k += 1) {
      let calls = 0;
      const growing = new Set(['makeFolder', 'createExclusive', 'writeText']);
      const { files } = filesThat(() => undefined, 0);
      const full = Object.fromEntries(
        Object.entries(files).map(([name, call]) => [
          name,
          async (...given: string[]) => {
            calls += 1;
            if (calls >= k && growing.has(name)) throw systemError('ENOSPC');
            return await (call as (...all: string[]) => Promise<unknown>)(...given);
          },
        ]),
      ) as unknown as typeof files;
      await workInCache(directory, full).catch((error: unknown) => {
        expect((error as EnlargerError).code).toBe('disk-full');
      });
      await expectRecoveryInProcess();
      clear();
      if (calls < k) break;
    }
  }, 120_000);

  /** As `expectRecovery`, but this process lives: what is of its closed caches must be gone without a sweep. */
  async function expectRecoveryInProcess(): Promise<void> {
    await expectNothingTorn();
    const cache = await openCache({ directory, limitBytes: busyLimitBytes });
    await storeResult(cache, 5);
    expect(await cache.results.find(resultKey(resultParts(5)))).not.toBeNull();
    await cache.close();
    for (const folder of ['drafts', 'leases', 'runs']) expect(await namesIn(join(directory, folder)), folder).toEqual([]);
  }

  it('killed at the k-th call shows nothing torn, and the next start cleans up, for every k', async () => {
    const script = fileURLToPath(new URL('../../fixtures/killed-cache.ts', import.meta.url));
    let killed = 0;
    for (let k = 1; ; k += 1) {
      const child = spawnSync(process.execPath, [script, directory, String(k)], { encoding: 'utf8' });
      if (child.signal === null) expect(child.status, child.stderr).toBe(0);
      else killed += 1;
      await expectRecovery();
      clear();
      if (child.signal === null) break;
    }
    expect(killed).toBeGreaterThan(50);
  }, 240_000);
});
