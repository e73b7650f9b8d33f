/** Whether a run fits on its disks, asked before any work. */
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { EnlargerError } from '../photo/failure.ts';
import { errorCode, type FileOps } from '../disk/file-ops.ts';
import { sumOfLargest } from './largest.ts';
import type { PlannedPhoto } from './run-plan.ts';
import { byteText } from '../disk/write-failure.ts';

export interface DiskNeed {
  /** All results together. */
  readonly outputBytes: number;
  /** Intermediate pictures of the photos that need most, as many as are worked on at once. */
  readonly scratchBytes: number;
  /** What must be free on the disk of the scratch folder: intermediate pictures, and results that go there too. */
  readonly scratchDiskBytes: number;
  /** Least free room among the disks of the results; Infinity when no disk tells. */
  readonly freeBytes: number;
  /** `disk-full` with the figures, or null when everything fits. */
  readonly failure: EnlargerError | null;
}

/** Estimates of compressed sizes are not exact. */
const margin = 1.1;

/** What a check needs to know of a photo; `cached`: its result is there, and only a file is made of it. */
export interface DiskUse extends Pick<PlannedPhoto, 'folder'> {
  readonly plan: Pick<PlannedPhoto['plan'], 'outputBytes' | 'scratchBytes'>;
  readonly cached: boolean;
}

/**
 * Adds up what each disk must hold; results and scratch on one disk count together. Room in the cache is not asked for: what does not fit there is
 * made without being kept. `atOnce`: photos that are worked on side by side, at most.
 */
export async function checkDisks(
  photos: readonly DiskUse[],
  scratchDirectory: string,
  files: FileOps,
  atOnce = 1,
): Promise<DiskNeed> {
  const outputBytes = photos.reduce((sum, { plan }) => sum + plan.outputBytes, 0);
  const scratchBytes = sumOfLargest(
    photos.map(({ plan, cached }) => (cached ? 0 : plan.scratchBytes)),
    atOnce,
  );
  const disks = new Map<string, { path: string; bytes: number; holdsResults: boolean }>();
  const add = async (folder: string, bytes: number, holdsResults: boolean): Promise<void> => {
    const { path, device } = await existingPart(folder);
    const disk = disks.get(device) ?? { path, bytes: 0, holdsResults: false };
    disks.set(device, { path: disk.path, bytes: disk.bytes + bytes, holdsResults: disk.holdsResults || holdsResults });
  };
  const perFolder = new Map<string, number>();
  for (const { folder, plan } of photos) perFolder.set(folder, (perFolder.get(folder) ?? 0) + plan.outputBytes);
  for (const [folder, bytes] of perFolder) await add(folder, bytes * margin, true);
  await add(scratchDirectory, scratchBytes, false);

  let freeBytes = Infinity;
  let failure: EnlargerError | null = null;
  for (const disk of disks.values()) {
    // A disk that cannot tell is not refused: it will tell when it is full.
    const free = await files.freeBytes(disk.path).catch(() => Infinity);
    if (disk.holdsResults) freeBytes = Math.min(freeBytes, free);
    if (free < disk.bytes) failure ??= tooLittle(disk, free);
  }
  const scratchDisk = disks.get((await existingPart(scratchDirectory)).device);
  return { outputBytes, scratchBytes, scratchDiskBytes: scratchDisk?.bytes ?? 0, freeBytes, failure };
}

function tooLittle(disk: { path: string; bytes: number; holdsResults: boolean }, free: number): EnlargerError {
  const figures = `about ${byteText(disk.bytes)} are needed on the disk of ${disk.path}, ${byteText(free)} are free`;
  const cure = disk.holdsResults
    ? 'Make room, choose another folder, or take fewer photos at a time'
    : 'Make room, or set ENLARGER_CACHE to a folder on a larger disk';
  return new EnlargerError('disk-full', `There is too little room: ${figures}. ${cure}.`);
}

/** The lowest folder on the way that exists already, and its device. */
export async function existingPart(folder: string): Promise<{ path: string; device: string }> {
  for (let path = folder; ; path = dirname(path)) {
    try {
      return { path, device: String((await stat(path)).dev) };
    } catch (error) {
      if (path === dirname(path) || !['ENOENT', 'ENOTDIR'].includes(errorCode(error))) return { path, device: path };
    }
  }
}
