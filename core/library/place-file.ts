/** How a finished file of the library gets its name: flushed first, whole from the first moment, and never over another one. */
import { closeSync, fsyncSync, linkSync, openSync, renameSync, statSync, unlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorCode } from '../disk/file-ops.ts';

/** Gives `temp` the name `path` in the same folder. False when that name is taken; the temp file is gone either way. */
export function placeFile(temp: string, path: string): boolean {
  sync(temp, 'r+');
  try {
    linkSync(temp, path);
  } catch (error) {
    if (errorCode(error) === 'EEXIST' || exists(path)) {
      unlinkSync(temp);
      return false;
    }
    // Disks without hard links. Only one process at a time gets here: it holds the catalog, or there is none yet.
    renameSync(temp, path);
    syncFolder(dirname(path));
    return true;
  }
  unlinkSync(temp);
  syncFolder(dirname(path));
  return true;
}

/** Waits until names in a folder are on the disk, where the system can tell. */
export function syncFolder(path: string): void {
  // Windows has no such call; its file systems journal names.
  if (process.platform !== 'win32') sync(path, 'r');
}

export function exists(path: string): boolean {
  return bytesOf(path) !== null;
}

/** Null when there is no such file. */
export function bytesOf(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.size ?? null;
}

function sync(path: string, flags: 'r' | 'r+'): void {
  const file = openSync(path, flags);
  try {
    fsyncSync(file);
  } catch (error) {
    // Some network and FUSE disks do not know the call for folders: nothing more can be done there.
    if (flags === 'r+' || !['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EBADF'].includes(errorCode(error))) throw error;
  } finally {
    closeSync(file);
  }
}
