/**
 * The cache folder: finished results, thumbnails and what previews computed. Everything in it can be made again, so nothing is flushed to the
 * disk, everything is checked when it is read, and the whole folder may go at any time. Several processes may share it.
 */
import { statfs } from 'node:fs/promises';
import { nodeFileOps, type FileOps } from '../disk/file-ops.ts';
import { writing } from '../disk/write-failure.ts';
import { cacheOption, cachePlace } from './cache-place.ts';
import { openLeases } from './leases.ts';
import { openPreviews, type Previews } from './previews.ts';
import { boundedResults, type ResultCache, type ResultStatus } from './result-cache.ts';
import { openResults } from './results.ts';
import { openDrafts } from './run-drafts.ts';
import { sweepCache } from './sweep-cache.ts';
import { openThumbnails, type Thumbnails } from './thumbnails.ts';

export interface CacheOptions {
  /** Absolute; made when it is missing. */
  readonly directory: string;
  /** Null: 20 GB, or a fifth of the disk where that is less. */
  readonly limitBytes: number | null;
  readonly files?: FileOps;
}

export interface CacheStatus {
  readonly results: ResultStatus;
  readonly thumbnails: { readonly count: number; readonly bytes: number };
  readonly previewBytes: number;
  readonly limitBytes: number;
}

export interface Cache {
  readonly directory: string;
  readonly results: ResultCache;
  readonly thumbnails: Thumbnails;
  readonly previews: Previews;
  /** Counts thumbnails one by one: seconds where there are a hundred thousand. */
  status(pinned: ReadonlySet<string>): Promise<CacheStatus>;
  /** Empties it, except for results in use and, without `all`, pinned ones. Returns the bytes. */
  clear(options: { readonly pinned: ReadonlySet<string>; readonly all?: boolean }): Promise<number>;
  /** Takes effect with the next thing that is stored. */
  setLimit(limitBytes: number): void;
  /** Releases what is held and removes what was not finished. */
  close(): Promise<void>;
}

/** Of the limit. A hundred thousand thumbnails take about 3 GB. */
const shares = { results: 0.8, thumbnails: 0.15, previews: 0.05 } as const;
const usualLimitBytes = 20e9;
const usualShareOfDisk = 0.2;

/** Opens a cache folder and removes what dead runs left in it. Throws `not-writable` or `disk-full` when there can be none. */
export async function openCache({ directory, limitBytes, files = nodeFileOps }: CacheOptions): Promise<Cache> {
  const place = cachePlace(directory);
  await writing(files, directory, 1000, () => files.makeFolder(directory), cacheOption);
  await sweepCache(place, files);
  let limit = limitBytes ?? (await usualLimit(directory));

  const drafts = openDrafts(place, files);
  const leases = openLeases(place, files, () => drafts.register());
  const previews = openPreviews(place, files, () => limit * shares.previews);
  const thumbnails = openThumbnails(place, files, drafts, () => limit * shares.thumbnails);
  const stored = openResults(place, files, drafts, leases, (key) => previews.remove(key));
  const results = boundedResults(place, files, stored, () => limit * shares.results);
  return {
    directory,
    results,
    thumbnails,
    previews,
    status: async (pinned) => ({
      results: await results.status(pinned),
      thumbnails: await thumbnails.status(),
      previewBytes: await previews.bytes(),
      limitBytes: limit,
    }),
    clear: async (options) => (await results.clear(options)) + (await thumbnails.clear()) + (await previews.clear()),
    setLimit(bytes) {
      limit = bytes;
    },
    async close() {
      await leases.close();
      await drafts.close();
    },
  };
}

async function usualLimit(directory: string): Promise<number> {
  // A disk that cannot tell its size gets the usual limit.
  const disk = await statfs(directory).catch(() => null);
  return disk === null ? usualLimitBytes : Math.min(usualLimitBytes, disk.blocks * disk.bsize * usualShareOfDisk);
}
