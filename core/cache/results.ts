/**
 * Finished results by key, on a disk that several processes share. A result appears by one rename and goes by one; in between nobody changes it.
 * Everything is checked when it is found, and what is not as it was stored is removed.
 */
import { join } from 'node:path';
import { errorCode, type FileOps } from '../disk/file-ops.ts';
import { isKind, namesIn } from '../disk/tidy.ts';
import { writing } from '../disk/write-failure.ts';
import { EnlargerError } from '../photo/failure.ts';
import type { ResultManifest } from '../photo/result.ts';
import { cacheOption, shardsIn, type CachePlace } from './cache-place.ts';
import type { CacheEntry } from './eviction.ts';
import type { Lease, Leases } from './leases.ts';
import { isResultKey } from './result-key.ts';
import type { RunDrafts } from './run-drafts.ts';
import { inspectDraft, inspectStored, readSeal, sealName } from './stored-result.ts';

export interface CachedResult {
  readonly key: string;
  /** Holds what `core/photo/result.ts` describes. To be read only. */
  readonly directory: string;
  readonly manifest: ResultManifest;
  readonly bytes: number;
}

/** Is not removed to make room, by this process or another, until it is released. */
export type HeldResult = CachedResult & Lease;

export interface ResultDraft {
  /** Existing and empty; the engine fills it. */
  readonly directory: string;
  /**
   * Gives it its name. When another run was faster, that one's result is kept instead: they are equal. Throws `damaged`, with retry, when
   * the folder holds no whole result of this key.
   */
  commit(key: string): Promise<HeldResult>;
  /** Removes it, unless it was committed. Never rejects. */
  discard(): Promise<void>;
}

export interface Results {
  /** The result, used now; null when there is none that is whole. For a look; longer work holds it. */
  find(key: string): Promise<CachedResult | null>;
  hold(key: string): Promise<HeldResult | null>;
  draft(): Promise<ResultDraft>;
  /** Removes a result even while it is used: for one that proved to be damaged when its pixels were read. */
  remove(key: string): Promise<void>;
  keys(): Promise<string[]>;
  /** All of them, by their seals; a folder without a seal counts nothing and was never used. */
  entries(): Promise<CacheEntry[]>;
  /** Removes a result that nobody uses, and says whether it is gone. */
  evict(key: string): Promise<boolean>;
}

/** Touching at each look would write to the disk as often as a screen asks for tiles. */
const touchAfterMs = 1000;
const takenCodes = ['EEXIST', 'ENOTEMPTY', 'EPERM', 'EACCES', 'ENOTDIR', 'ENOENT'];

/** `stored` is called with each key that was committed. */
export function openResults(
  place: CachePlace,
  files: FileOps,
  drafts: RunDrafts,
  leases: Leases,
  stored: (key: string) => Promise<void>,
): Results {
  const shardOf = (key: string): string => join(place.results, key.slice(0, 2));
  const directoryOf = (key: string): string => join(shardOf(key), key);

  const remove = async (key: string): Promise<void> => {
    if (isResultKey(key)) await drafts.discard(directoryOf(key));
  };
  const find = async (key: string): Promise<CachedResult | null> => {
    if (!isResultKey(key)) return null;
    const inspection = await inspectStored(directoryOf(key), key);
    if (inspection.state === 'damaged') await remove(key);
    if (inspection.state !== 'whole') return null;
    const { directory, manifest, bytes, seal, lastUseMs } = inspection.stored;
    // A use that could not be noted down is no reason not to use it.
    if (Date.now() - lastUseMs > touchAfterMs) await files.touch(seal).catch(() => undefined);
    return { key, directory, manifest, bytes };
  };
  const hold = async (key: string): Promise<HeldResult | null> => {
    if (!isResultKey(key)) return null;
    const lease = await leases.take(key);
    const found = await find(key);
    if (found === null) await lease.release();
    return found === null ? null : { ...found, ...lease };
  };

  const commit = async (directory: string, key: string): Promise<HeldResult> => {
    const draft = await inspectDraft(directory, key);
    if (draft === null) throw notWhole();
    const held = await writing(files, place.results, draft.bytes, () => store(directory, key, draft), cacheOption);
    await stored(key);
    return held;
  };
  const store = async (directory: string, key: string, draft: { checksum: string; bytes: number }): Promise<HeldResult> => {
    await files.createExclusive(join(directory, sealName(draft))).catch((error: unknown) => {
      // Sealed by a commit that failed behind it and is tried again.
      if (errorCode(error) !== 'EEXIST') throw error;
    });
    const lease = await leases.take(key);
    try {
      for (let attempt = 1; ; attempt += 1) {
        const refused = await move(directory, key);
        const found = await find(key);
        if (found !== null) return { ...found, ...lease };
        if (refused === null) throw notWhole();
        if (attempt === 3) throw refused;
        // What has the name is no result.
        await remove(key);
      }
    } catch (error) {
      await lease.release();
      throw error;
    }
  };
  /** Null when it has its name now; otherwise the error that may mean that the name is taken, in the words of some system. */
  const move = async (directory: string, key: string): Promise<Error | null> => {
    try {
      await files.makeFolder(shardOf(key));
      await files.rename(directory, directoryOf(key));
      drafts.settle(directory);
      return null;
    } catch (error) {
      if (error instanceof Error && takenCodes.includes(errorCode(error))) return error;
      throw error;
    }
  };
  const keysIn = async (shard: string): Promise<string[]> =>
    (await namesIn(join(place.results, shard))).filter((name) => isResultKey(name));

  return {
    find,
    hold,
    async draft() {
      const directory = await drafts.newPath();
      await writing(files, place.drafts, 1000, () => files.makeFolder(directory), cacheOption);
      return {
        directory,
        commit: (key) => commit(directory, key),
        discard: () => drafts.drop(directory),
      };
    },
    remove,
    async keys() {
      const keys: string[] = [];
      for (const shard of await shardsIn(place.results)) keys.push(...(await keysIn(shard)));
      return keys;
    },
    async entries() {
      const entries: CacheEntry[] = [];
      for (const shard of await shardsIn(place.results)) {
        const found = (await keysIn(shard)).map(async (key) => ({
          key,
          ...((await readSeal(directoryOf(key))) ?? { bytes: 0, lastUseMs: 0 }),
        }));
        entries.push(...(await Promise.all(found)));
      }
      return entries;
    },
    async evict(key) {
      const claim = await leases.claim(key);
      if (claim === null) return false;
      const taken = await drafts.takeAway(directoryOf(key));
      await claim.release();
      if (taken === null) return !(await isKind(directoryOf(key), 'folder'));
      await drafts.drop(taken);
      return true;
    },
  };
}

function notWhole(): EnlargerError {
  return new EnlargerError('damaged', 'The result was not stored whole. Check the disk of the cache and try again.', {
    retry: true,
  });
}
