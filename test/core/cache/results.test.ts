import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCache, type Cache } from '../../../core/cache/cache.ts';
import { resultKey } from '../../../core/cache/result-key.ts';
import { nodeFileOps } from '../../../core/disk/file-ops.ts';
import { isFailureCode } from '../../../core/photo/failure.ts';
import { systemError } from '../../fixtures/failing-files.ts';
import { workspace, type Workspace } from '../../fixtures/run.ts';
import { fillDraft, resultParts, storeResult } from '../../fixtures/stored-results.ts';

let space: Workspace;
let cache: Cache;
const open = (limitBytes: number | null = 1e9) => openCache({ directory: space.path('cache'), limitBytes });
beforeEach(async () => {
  space = workspace();
  cache = await open();
});
afterEach(async () => {
  await cache.close();
  space.remove();
});

const folderOf = (key: string) => space.path(join('cache/results', key.slice(0, 2), key));
const key1 = resultKey(resultParts(1));

describe('a result', () => {
  it('is found once it was committed, by this cache and any other, with its manifest and size', async () => {
    const draft = await cache.results.draft();
    expect(readdirSync(draft.directory)).toEqual([]);
    fillDraft(draft.directory, resultParts(1));
    expect(await cache.results.find(key1)).toBeNull();
    const held = await draft.commit(key1);
    await draft.discard();
    const other = await open();
    for (const found of [held, await cache.results.find(key1), await other.results.find(key1)]) {
      expect(found?.directory).toBe(folderOf(key1));
      expect(found?.manifest.parts).toEqual(resultParts(1));
      const files = readdirSync(folderOf(key1)).map((name) => statSync(join(folderOf(key1), name)).size);
      expect(found?.bytes).toBe(files.reduce((sum, bytes) => sum + bytes, 0));
    }
    expect(await cache.results.keys()).toEqual([key1]);
  });

  it('that is not there, or under no key at all, is not found', async () => {
    for (const key of [key1, '', '..', '../drafts', 'a'.repeat(63), `${'a'.repeat(63)}/`]) {
      expect(await cache.results.find(key)).toBeNull();
      expect(await cache.results.hold(key)).toBeNull();
      await cache.results.remove(key);
    }
    expect(space.list('cache').filter((name) => !name.startsWith('runs/'))).toEqual([]);
  });

  it('is removed in one step', async () => {
    await storeResult(cache, 1);
    await cache.results.remove(key1);
    expect(await cache.results.find(key1)).toBeNull();
    expect(existsSync(folderOf(key1))).toBe(false);
    expect(readdirSync(space.path('cache/drafts'))).toEqual([]);
  });

  it('ends the log of its preview', async () => {
    writeFileSync(await cache.previews.pathFor(key1), 'tiles');
    await storeResult(cache, 1);
    expect(await cache.previews.bytes()).toBe(0);
  });
});

describe('a draft', () => {
  it('leaves nothing when it is discarded, or when the cache is closed', async () => {
    const draft = await cache.results.draft();
    fillDraft(draft.directory, resultParts(1));
    await draft.discard();
    const other = await cache.results.draft();
    fillDraft(other.directory, resultParts(2));
    await cache.close();
    expect(space.list('cache')).toEqual([]);
    expect(await cache.results.keys()).toEqual([]);
  });

  it('of another key, or half-filled, is refused', async () => {
    const cases: [string, (directory: string) => void][] = [
      [
        'empty',
        (directory) => {
          rmSync(directory, { recursive: true });
          mkdirSync(directory);
        },
      ],
      [
        'without its manifest',
        (directory) => {
          rmSync(join(directory, 'result.json'));
        },
      ],
      [
        'with half a manifest',
        (directory) => {
          writeFileSync(join(directory, 'result.json'), '{"version":1,');
        },
      ],
      [
        'without a level',
        (directory) => {
          rmSync(join(directory, 'level-1.tif'));
        },
      ],
      [
        'with a short level',
        (directory) => {
          writeFileSync(join(directory, 'level-1.tif'), 'short');
        },
      ],
      [
        'without metadata',
        (directory) => {
          rmSync(join(directory, 'metadata.json'));
        },
      ],
      [
        'of another photo',
        (directory) => {
          fillDraft(directory, resultParts(2));
        },
      ],
    ];
    for (const [name, spoil] of cases) {
      const draft = await cache.results.draft();
      fillDraft(draft.directory, resultParts(1));
      spoil(draft.directory);
      expect(isFailureCode(await draft.commit(key1).catch((error: unknown) => error), 'damaged'), name).toBe(true);
      await draft.discard();
    }
    expect(await cache.results.keys()).toEqual([]);
  });

  it('that comes second uses the result of the first', async () => {
    const [first, second] = [await cache.results.draft(), await cache.results.draft()];
    for (const draft of [first, second]) fillDraft(draft.directory, resultParts(1));
    writeFileSync(join((await first.commit(key1)).directory, 'of-the-first'), '');
    const held = await second.commit(key1);
    await second.discard();
    expect(readdirSync(held.directory)).toContain('of-the-first');
    expect(readdirSync(space.path('cache/drafts'))).toEqual([]);
  });

  it('takes the place of whatever has its name and is no result', async () => {
    const squatters: ((folder: string) => void)[] = [
      (folder) => {
        mkdirSync(folder, { recursive: true });
      },
      (folder) => {
        mkdirSync(folder, { recursive: true });
        writeFileSync(join(folder, 'result.json'), '{}');
      },
      (folder) => {
        mkdirSync(join(folder, '..'), { recursive: true });
        writeFileSync(folder, 'a file');
      },
    ];
    for (const squat of squatters) {
      squat(folderOf(key1));
      expect(await cache.results.find(key1)).toBeNull();
      squat(folderOf(key1));
      expect(await storeResult(cache, 1)).toBe(key1);
      expect((await cache.results.find(key1))?.manifest.parts).toEqual(resultParts(1));
      await cache.results.remove(key1);
    }
  });

  it('takes the place of a damaged result, in the words of every system', async () => {
    for (const code of ['ENOTEMPTY', 'EEXIST', 'EPERM', 'EACCES']) {
      await storeResult(cache, 1);
      writeFileSync(join(folderOf(key1), 'pixels.tif'), 'short');
      const rename = (from: string, to: string) =>
        existsSync(to) ? Promise.reject(systemError(code)) : nodeFileOps.rename(from, to);
      const elsewhere = await openCache({ directory: cache.directory, limitBytes: 1e9, files: { ...nodeFileOps, rename } });
      await storeResult(elsewhere, 1);
      expect((await cache.results.find(key1))?.bytes).toBeGreaterThan(1000);
      await elsewhere.close();
      await cache.results.remove(key1);
    }
  });

  it('can be made again after the whole folder was removed under it', async () => {
    await storeResult(cache, 1);
    rmSync(cache.directory, { recursive: true });
    expect(await cache.results.find(key1)).toBeNull();
    expect(await cache.results.keys()).toEqual([]);
    await storeResult(cache, 1);
    expect(await cache.results.find(key1)).not.toBeNull();
  });
});

describe('a cache folder', () => {
  it('that cannot be made is said to be so, with what to do', async () => {
    space.put('file', '');
    const error: unknown = await openCache({ directory: space.path('file/cache'), limitBytes: null }).catch(
      (thrown: unknown) => thrown,
    );
    expect(isFailureCode(error, 'not-writable')).toBe(true);
    expect(String(error)).toContain('ENLARGER_CACHE');
  });

  it('may hold at most 20 GB unless told otherwise', async () => {
    const usual = await open(null);
    const { limitBytes } = await usual.status(new Set());
    expect(limitBytes).toBeGreaterThan(0);
    expect(limitBytes).toBeLessThanOrEqual(20e9);
    usual.setLimit(5);
    expect((await usual.status(new Set())).limitBytes).toBe(5);
  });
});
