/**
 * Every call by which a run changes the disk, and the question how much room is left. One small interface, so
 * that a test can fail or kill a run at each single one of them. Errors are the system's (`code` ENOSPC, EEXIST, …).
 */
import { link, mkdir, open, rename, rm, rmdir, stat, statfs, unlink, utimes } from 'node:fs/promises';
import { dirname } from 'node:path';

export interface FileOps {
  /** Makes a folder and those above it; returns the topmost that was made, undefined when all were there. */
  readonly makeFolder: (path: string) => Promise<string | undefined>;
  /** Makes an empty file with the user's usual mode; EEXIST when anything has the name, a dangling link included. */
  readonly createExclusive: (path: string) => Promise<void>;
  /** Replaces a small file of our own by way of a temp file beside it, and waits until it is on the disk. */
  readonly writeText: (path: string, text: string) => Promise<void>;
  /** Waits until a file's content is on the disk. */
  readonly sync: (path: string) => Promise<void>;
  /** Waits until a folder's names are on the disk, where the system can tell. */
  readonly syncFolder: (path: string) => Promise<void>;
  readonly link: (existing: string, path: string) => Promise<void>;
  readonly rename: (from: string, to: string) => Promise<void>;
  readonly unlink: (path: string) => Promise<void>;
  /** Sets the times of a file of our own to now. */
  readonly touch: (path: string) => Promise<void>;
  /** Removes a folder if it is empty. */
  readonly removeEmptyFolder: (path: string) => Promise<void>;
  /** Removes a folder of our own with all that is in it. */
  readonly removeTree: (path: string) => Promise<void>;
  /** Bytes that this user may still write to the disk of an existing path. */
  readonly freeBytes: (path: string) => Promise<number>;
}

export const nodeFileOps: FileOps = {
  makeFolder: (path) => makeFolder(path),
  async createExclusive(path) {
    await (await open(path, 'wx')).close();
  },
  async writeText(path, text) {
    const temp = `${path}.${String(process.pid)}.tmp`;
    const file = await open(temp, 'w');
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temp, path);
  },
  async sync(path) {
    // Windows flushes only what was opened for writing.
    const file = await open(path, 'r+');
    try {
      await file.sync();
    } finally {
      await file.close();
    }
  },
  async syncFolder(path) {
    // Windows has no such call; its file systems journal names.
    if (process.platform === 'win32') return;
    const folder = await open(path, 'r');
    try {
      await folder.sync();
    } catch (error) {
      // Some network and FUSE disks do not know the call: nothing more can be done there.
      if (!['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EBADF'].includes(errorCode(error))) throw error;
    } finally {
      await folder.close();
    }
  },
  link,
  rename,
  unlink,
  async touch(path) {
    const now = new Date();
    await utimes(path, now, now);
  },
  removeEmptyFolder: rmdir,
  removeTree: (path) => rm(path, { recursive: true, force: true, maxRetries: 3 }),
  async freeBytes(path) {
    const disk = await statfs(path);
    return disk.bavail * disk.bsize;
  },
};

/**
 * Level by level, because `mkdir` with `recursive` tells ENOENT for a disk that can only be read, and never returns
 * where every folder is ENOENT (/proc). `mode` is for the folders that are made.
 */
export async function makeFolder(path: string, mode = 0o777): Promise<string | undefined> {
  try {
    return await makeLevel(path, mode);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT' || dirname(path) === path) throw error;
    const topmost = await makeFolder(dirname(path), mode);
    const made = await makeLevel(path, mode);
    return topmost ?? made;
  }
}

/** Makes one folder; undefined when it is there already, for another run may make it too. */
async function makeLevel(path: string, mode: number): Promise<string | undefined> {
  try {
    await mkdir(path, { mode });
    return path;
  } catch (error) {
    if (errorCode(error) === 'EEXIST' && (await stat(path)).isDirectory()) return undefined;
    throw error;
  }
}

/** The system's code of an error, for example ENOENT; empty for other errors. */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
