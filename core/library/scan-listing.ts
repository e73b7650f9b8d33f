/** What lies in one folder of the disk now. */
import { join } from 'node:path';
import { errorCode } from '../disk/file-ops.ts';
import { isPassedOver, isUndecoded } from '../photo/file-names.ts';
import type { FileStamp } from '../photo/stores.ts';
import type { SkipReason } from '../photo/skip-reason.ts';
import { unreadableCode } from '../photo/unreadable.ts';
import type { ScanDisk } from './scan-disk.ts';
import type { Pace } from './scan-pace.ts';

export interface SeenFile {
  readonly name: string;
  readonly stamp: FileStamp;
  /** File number; stays with a file through renames and moves within its volume. */
  readonly inode: string;
}

export interface Listing {
  readonly folder: string;
  /** Regular files, photos or not; no links. */
  readonly files: ReadonlyMap<string, SeenFile>;
  /** Names that are there, but of which nothing can be known now. */
  readonly unsure: ReadonlySet<string>;
  /** Names of folders; no links. */
  readonly folders: readonly string[];
}

export type Skip = (path: string, reason: SkipReason) => void;

/**
 * Lists a folder; hidden and system names are left out without a word, whatever else is no regular file is told to `skip`. Throws the system's
 * error when the folder cannot be read.
 */
export async function listFolder(disk: ScanDisk, folder: string, pace: Pace, skip: Skip): Promise<Listing> {
  const files = new Map<string, SeenFile>();
  const unsure = new Set<string>();
  const folders: string[] = [];
  for (const { name, kind } of disk.list(folder)) {
    if (pace.isOver()) await pace.rest();
    if (isPassedOver(name)) continue;
    const path = join(folder, name);
    if (kind === 'folder') folders.push(name);
    else if (kind === 'link') skip(path, { code: 'link' });
    else if (kind === 'other') skip(path, { code: 'irregular' });
    else if (!addFile(disk, path, name, files, skip)) unsure.add(name);
  }
  return { folder, files, unsure, folders };
}

/** False when the file is there, but nothing can be known of it. */
function addFile(disk: ScanDisk, path: string, name: string, files: Map<string, SeenFile>, skip: Skip): boolean {
  try {
    const status = disk.status(path);
    if (status?.kind === 'file')
      files.set(name, {
        name,
        stamp: { bytes: status.bytes, mtimeNs: status.mtimeNs },
        inode: String(status.inode),
      });
    // A file that went away meanwhile is simply not there. A name that cannot be spelt is there, and lost all the same.
    else if (status === null && isUndecoded(name)) skip(path, unreadableReason('ENOENT', path));
    return true;
  } catch (error) {
    const code = errorCode(error);
    if (code === '') throw error;
    skip(path, unreadableReason(code, path));
    return false;
  }
}

/** Of something that cannot be read. `system`: the system's error code. */
export function unreadableReason(system: string, path: string): SkipReason {
  const code = unreadableCode(system, path);
  return code === null ? { code: 'refused', system } : { code };
}
