/** Small steps of cleaning up, which never stops anything else: what resists is tried again another time. */
import { lstat, readdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { errorCode, type FileOps } from './file-ops.ts';

/** Names in a folder; none when it cannot be read. */
export async function namesIn(folder: string): Promise<string[]> {
  return await readdir(folder).catch(() => []);
}

/** Whether a path is a file or folder itself, not a link to one. */
export async function isKind(path: string, kind: 'file' | 'folder'): Promise<boolean> {
  const entry = await lstat(path).catch(() => null);
  return entry !== null && (kind === 'file' ? entry.isFile() : entry.isDirectory());
}

/** Whether what was to be removed is gone. */
export async function removed(removal: Promise<void>): Promise<boolean> {
  return await removal.then(
    () => true,
    (error: unknown) => errorCode(error) === 'ENOENT',
  );
}

/**
 * Removes folders that were made for something that did not come, from the lowest up to the topmost that was made, while they are empty. Never
 * rejects.
 */
export async function removeMade(files: FileOps, folder: string, topmost: string): Promise<void> {
  for (let path = folder; ; path = dirname(path)) {
    try {
      await files.removeEmptyFolder(path);
    } catch (error) {
      // Somebody put a file into it, or it went: both are reasons to leave it.
      if (errorCode(error) !== 'ENOENT') return;
    }
    if (path === topmost || basename(path) === '') return;
  }
}
