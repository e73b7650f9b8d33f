/**
 * By what a photo is known again when its file has another name or place: the file number together with size and time says it at once; the
 * content says it, when the file is looked at.
 */
import { join } from 'node:path';
import { errorCode } from '../disk/file-ops.ts';
import type { FileStamp } from '../photo/stores.ts';
import type { FileRow, PhotoRows } from './photo-rows.ts';
import type { ScanDisk } from './scan-disk.ts';
import type { Listing, SeenFile } from './scan-listing.ts';

export function sameStamp(a: FileStamp, b: FileStamp): boolean {
  return a.bytes === b.bytes && a.mtimeNs === b.mtimeNs;
}

/** For a photo that is lost while another file has its name: no file can be called so. */
export function waitingName({ id, name }: Pick<FileRow, 'id' | 'name'>): string {
  return `${name.split('/')[0] ?? ''}/${String(id)}`;
}

/** Where a photo's row says that it lies. */
export interface RowPlace {
  readonly folder: string;
  /** False while nothing can be said of its root, because that is away. */
  readonly reachable: boolean;
}

export interface MoveSearch {
  readonly rows: Pick<PhotoRows, 'byInode' | 'knownInodes'>;
  readonly disk: Pick<ScanDisk, 'status' | 'realPath'>;
  /** Null for a folder that is none of this library's. */
  readonly placeOf: (row: FileRow) => RowPlace | null;
}

/**
 * The photo whose file came to lie here under the name of `file`; null when it is a file of its own, or a second name for one that is still where
 * it was. `taken` are photos that were found elsewhere already.
 */
export function findMoved(file: SeenFile, listing: Listing, search: MoveSearch, taken: ReadonlySet<number>): FileRow | null {
  for (const row of search.rows.byInode(file.inode)) {
    if (taken.has(row.id) || !sameStamp(row.stamp, file.stamp)) continue;
    const place = search.placeOf(row);
    if (place?.reachable !== true) continue;
    if (row.name === file.name && place.folder === listing.folder) continue;
    if (!isStillThere(row, place.folder, listing, search.disk)) return row;
  }
  return null;
}

function isStillThere(row: FileRow, folder: string, listing: Listing, disk: MoveSearch['disk']): boolean {
  if (folder === listing.folder) return listing.unsure.has(row.name) || listing.files.get(row.name)?.inode === row.inode;
  const path = join(folder, row.name);
  try {
    const status = disk.status(path);
    if (status?.kind !== 'file' || String(status.inode) !== row.inode) return false;
    // Where case or composition of letters makes no difference, the old name still leads to a file that was only renamed.
    return disk.realPath(path) === path;
  } catch (error) {
    // Another folder stands where one was. Of anything else that cannot be read nothing is known, and nothing taken from it.
    return !['ENOENT', 'ENOTDIR'].includes(errorCode(error));
  }
}
