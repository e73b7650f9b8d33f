/** The stored results as a whole, kept within a number of bytes. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileOps } from '../disk/file-ops.ts';
import type { CachePlace } from './cache-place.ts';
import { inOrderOfLoss, type CacheEntry, type Spared } from './eviction.ts';
import { bytesOf } from './files-by-age.ts';
import type { Results } from './results.ts';

export interface Room {
  readonly freedBytes: number;
  /** By how much it is still too little, of the limit or of the disk: what is left is pinned or in use. 0 when it fits. */
  readonly shortBytes: number;
}

export interface ResultStatus {
  readonly count: number;
  readonly bytes: number;
  readonly pinnedBytes: number;
}

export interface ResultCache extends Pick<Results, 'find' | 'hold' | 'draft' | 'remove' | 'keys'> {
  /**
   * Removes results until `bytesNeeded` more fit within the limit and on the disk: first what was rejected, exported or forgotten, then what
   * waits for a verdict, each by last use; never what is pinned, or in use by a living run. Two processes that make room at once agree on
   * what goes; what they are making meanwhile may exceed the limit until the next call.
   */
  makeRoom(bytesNeeded: number, spared: Spared): Promise<Room>;
  /** By how much it would be too little if everything went that may, what waits for a verdict excepted. Removes nothing; 0 when it fits. */
  shortfall(bytesNeeded: number, spared: Spared): Promise<number>;
  /** Removes everything that nobody uses, and with `all` what is pinned, too. Returns the bytes. */
  clear(options: { readonly pinned: ReadonlySet<string>; readonly all?: boolean }): Promise<number>;
  status(pinned: ReadonlySet<string>): Promise<ResultStatus>;
}

/** `limitBytes` is asked anew each time. */
export function boundedResults(place: CachePlace, files: FileOps, results: Results, limitBytes: () => number): ResultCache {
  /** By how much so many bytes more would exceed the limit or the disk. */
  const excess = async (entries: readonly CacheEntry[], bytesNeeded: number): Promise<number> => {
    const used = bytesOf(entries) + (await draftBytes(place));
    // A disk that cannot tell will tell when it is full.
    const free = await files.freeBytes(place.directory).catch(() => Infinity);
    return Math.max(0, used + bytesNeeded - limitBytes(), bytesNeeded - free);
  };
  return {
    find: (key) => results.find(key),
    hold: (key) => results.hold(key),
    draft: () => results.draft(),
    remove: (key) => results.remove(key),
    keys: () => results.keys(),
    async makeRoom(bytesNeeded, spared) {
      const entries = await results.entries();
      const wanted = await excess(entries, bytesNeeded);
      let freedBytes = 0;
      for (const { key, bytes } of inOrderOfLoss(entries, spared)) {
        if (freedBytes >= wanted) break;
        if (await results.evict(key)) freedBytes += bytes;
      }
      return { freedBytes, shortBytes: Math.max(0, wanted - freedBytes) };
    },
    async shortfall(bytesNeeded, { pinned, unreviewed }) {
      const entries = await results.entries();
      const mayGo = entries.filter(({ key }) => !pinned.has(key) && !unreviewed.has(key));
      return Math.max(0, (await excess(entries, bytesNeeded)) - bytesOf(mayGo));
    },
    async clear({ pinned, all = false }) {
      let freedBytes = 0;
      for (const { key, bytes } of await results.entries()) {
        if ((all || !pinned.has(key)) && (await results.evict(key))) freedBytes += bytes;
      }
      return freedBytes;
    },
    async status(pinned) {
      const entries = await results.entries();
      return {
        count: entries.length,
        bytes: bytesOf(entries),
        pinnedBytes: bytesOf(entries.filter(({ key }) => pinned.has(key))),
      };
    },
  };
}

/** What is being made now, by all runs. */
async function draftBytes({ drafts }: CachePlace): Promise<number> {
  const names = await readdir(drafts, { recursive: true }).catch(() => []);
  let bytes = 0;
  for (const name of names) {
    const entry = await stat(join(drafts, name)).catch(() => null);
    if (entry?.isFile() === true) bytes += entry.size;
  }
  return bytes;
}
