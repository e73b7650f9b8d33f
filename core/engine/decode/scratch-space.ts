import { rm, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { EnlargerError } from '../../photo/failure.ts';
import type { RasterShape } from '../raster/raster.ts';

const headerBytes = 1024 * 1024;

/** Bytes of a scratch raster on disk. */
export function scratchFileBytes(shape: RasterShape): number {
  return shape.width * shape.height * shape.channels * (shape.bitDepth / 8) + headerBytes;
}

/**
 * Throws `disk-full`, with the figures, when a file of `neededBytes` cannot lie at `path`. A part of it
 * that is there already counts as free. It also tells after a failed write whether space was the reason,
 * which the decoder says in words only.
 */
export async function requireScratchSpace(path: string, neededBytes: number): Promise<void> {
  const system = await statfs(dirname(path));
  const there = await stat(path).then(
    (status) => status.size,
    () => 0,
  );
  const freeBytes = system.bavail * system.bsize + there;
  if (freeBytes >= neededBytes) return;
  throw new EnlargerError(
    'disk-full',
    `Temporary files need ${megabytes(neededBytes)} MB and ${megabytes(freeBytes)} MB are free. Free some space on that disk, or choose another place for temporary files.`,
  );
}

/** Takes a scratch file away; one that is not there is taken away already. */
export async function removeScratch(path: string): Promise<void> {
  await rm(path, { force: true });
}

function megabytes(bytes: number): string {
  return String(Math.ceil(bytes / 2 ** 20));
}
