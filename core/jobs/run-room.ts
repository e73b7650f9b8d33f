/** Whether a run keeps a result in the cache: only where that takes no room from the files it was asked for. */
import type { Cache } from '../cache/cache.ts';
import type { FileOps } from '../disk/file-ops.ts';
import { existingPart } from './disk-check.ts';
import type { RenderKit } from './enhance-render.ts';
import { sumOfLargest } from './largest.ts';
import type { PlannedPhoto } from './run-plan.ts';
import type { RunPhoto } from './run-work.ts';

/** A command keeps results for later only; none of them waits for anybody. */
const nothingSpared = { pinned: new Set<string>(), unreviewed: new Set<string>() };
/** Estimates of compressed sizes are not exact. */
const margin = 1.1;

/**
 * Makes room for each result, older ones giving way. Says no when the disk, with all files of the run that it still has to hold, would have too
 * little left, or when the result alone is larger than the cache may be. `atOnce`: photos that are worked on side by side, at most.
 */
export function roomFor(
  cache: Pick<Cache, 'directory' | 'results'>,
  photos: readonly RunPhoto[],
  scratchDirectory: string,
  files: FileOps,
  atOnce: number,
): RenderKit['makeRoom'] {
  let reserve: Promise<number> | undefined;
  return async ({ plan }) => {
    reserve ??= reservedBytes(cache.directory, photos, scratchDirectory, atOnce);
    const reserved = await reserve;
    const fitsIn = async (bytes: number): Promise<boolean> => {
      const { shortBytes } = await cache.results.makeRoom(bytes, nothingSpared);
      // A disk that cannot tell will tell when it is full.
      const free = await files.freeBytes(cache.directory).catch(() => Infinity);
      return shortBytes === 0 && free >= plan.resultBytes + reserved;
    };
    return (await fitsIn(plan.resultBytes)) || (await fitsIn(plan.resultBytes + reserved));
  };
}

/** What the run itself will write to the disk of the cache; what it has written already counts again, which only errs on the safe side. */
async function reservedBytes(
  directory: string,
  photos: readonly RunPhoto[],
  scratchDirectory: string,
  atOnce: number,
): Promise<number> {
  const deviceOf = async (folder: string): Promise<string> => (await existingPart(folder)).device;
  const disk = await deviceOf(directory);
  const largest = (of: (plan: PlannedPhoto['plan']) => number, count: number): number =>
    sumOfLargest(
      photos.map(({ photo }) => of(photo.plan)),
      count,
    );
  // Results of the others that are made meanwhile.
  let bytes = largest(({ resultBytes }) => resultBytes, atOnce - 1);
  const devices = new Map<string, string>();
  for (const { photo } of photos) {
    const device = devices.get(photo.folder) ?? (await deviceOf(photo.folder));
    devices.set(photo.folder, device);
    if (device === disk) bytes += photo.plan.outputBytes * margin;
  }
  if ((await deviceOf(scratchDirectory)) === disk) bytes += largest(({ scratchBytes }) => scratchBytes, atOnce);
  return bytes;
}
