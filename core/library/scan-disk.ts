/**
 * Every call by which a scan looks at the disk, as one small interface, so that a test can put another disk in its place. All are synchronous: a
 * scan asks for a hundred thousand files one after the other, and waiting for each answer would cost ten times the answer. Errors are the
 * system's.
 */
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  opendirSync,
  openSync,
  readdirSync,
  readSync,
  realpathSync,
  statSync,
  type BigIntStats,
} from 'node:fs';
import { join } from 'node:path';

export type EntryKind = 'file' | 'folder' | 'link' | 'other';

export interface DiskEntry {
  readonly name: string;
  readonly kind: EntryKind;
}

export interface DiskStatus {
  readonly kind: EntryKind;
  readonly device: bigint;
  readonly inode: bigint;
  readonly bytes: number;
  readonly mtimeNs: bigint;
  /** When it was made; 0 where the disk does not tell. */
  readonly bornNs: bigint;
}

export interface ScanDisk {
  list(folder: string): DiskEntry[];
  /** Throws when a folder cannot be listed, without listing it all. */
  tryList(folder: string): void;
  /** Of the entry itself, not of what a link leads to; null when there is none. */
  status(path: string): DiskStatus | null;
  /** The path as the disk spells it, without links. */
  realPath(path: string): string;
  /** Up to `bytes` first bytes of a regular file; null for anything else. Never blocks on a pipe. */
  head(path: string, bytes: number): Uint8Array | null;
  /** A name for the volume that stays with it when it is connected elsewhere; null where the system tells none. */
  volume(device: bigint): string | null;
}

// Windows has neither flag, and no pipe or link that they guard against.
const { O_RDONLY, O_NONBLOCK = 0, O_NOFOLLOW = 0 } = constants as Partial<typeof constants>;
const readOnly = (O_RDONLY ?? 0) | O_NONBLOCK | O_NOFOLLOW;

const volumesFolder = '/dev/disk/by-uuid';

export const nodeScanDisk: ScanDisk = {
  list: (folder) => readdirSync(folder, { withFileTypes: true }).map((entry) => ({ name: entry.name, kind: kindOf(entry) })),
  tryList(folder) {
    const opened = opendirSync(folder);
    try {
      opened.readSync();
    } finally {
      opened.closeSync();
    }
  },
  status(path) {
    const status = lstatSync(path, { bigint: true, throwIfNoEntry: false });
    return status === undefined
      ? null
      : {
          kind: kindOf(status),
          device: status.dev,
          inode: status.ino,
          bytes: Number(status.size),
          mtimeNs: status.mtimeNs,
          bornNs: status.birthtimeNs,
        };
  },
  realPath: (path) => realpathSync.native(path),
  head(path, bytes) {
    const file = openSync(path, readOnly);
    try {
      if (!fstatSync(file).isFile()) return null;
      const head = new Uint8Array(bytes);
      return head.subarray(0, readSync(file, head, 0, bytes, 0));
    } finally {
      closeSync(file);
    }
  },
  volume(device) {
    try {
      return readdirSync(volumesFolder).find((uuid) => blockDevice(join(volumesFolder, uuid)) === device) ?? null;
    } catch {
      // Only Linux has this folder, and not everywhere.
      return null;
    }
  },
};

function kindOf(entry: Pick<BigIntStats, 'isFile' | 'isDirectory' | 'isSymbolicLink'>): EntryKind {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'folder';
  return entry.isSymbolicLink() ? 'link' : 'other';
}

function blockDevice(path: string): bigint | null {
  return statSync(path, { bigint: true, throwIfNoEntry: false })?.rdev ?? null;
}
