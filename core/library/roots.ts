/**
 * Whether a root is there. Only a root that is certainly there can lose photos; one that is away takes nothing with it, whatever the disk shows
 * in its place.
 */
import { join } from 'node:path';
import { errorCode } from '../disk/file-ops.ts';
import type { PhotoRows, RootRow } from './photo-rows.ts';
import { rootMarker } from './root-marker.ts';
import type { DiskStatus, ScanDisk } from './scan-disk.ts';

/** So many known files are looked for when a root has not the marker that it had; a few of each folder, for folders go as a whole. */
const witnessCount = 400;
const witnessesInFolder = 8;

/** The marker of the root that lies at `path` now; null when none does, or it cannot be read. */
export function presentMarker(path: string, disk: ScanDisk): string | null {
  const status = folderStatus(path, disk);
  return status === null ? null : rootMarker(status, disk);
}

function folderStatus(path: string, disk: ScanDisk): DiskStatus | null {
  try {
    const status = disk.status(path);
    if (status?.kind !== 'folder') return null;
    // A folder that may not be read, or a disk that answers with errors, is as good as away.
    disk.tryList(path);
    return status;
  } catch (error) {
    if (errorCode(error) === '') throw error;
    return null;
  }
}

/**
 * Says whether a root is there, and records what changed. Another marker than before is only believed when some photo that is known to lie in
 * the root does: a drive that came back under another number, a folder restored from a backup. An empty mount point has none.
 */
export function checkRoot(root: RootRow, rows: PhotoRows, disk: ScanDisk): RootRow {
  const marker = presentMarker(root.path, disk);
  const isThere = marker !== null && (marker === root.marker || root.marker === null || hasWitness(root, rows, disk));
  if (isThere && marker !== root.marker) rows.setRoot(root.id, { marker });
  if (isThere === root.offline) rows.setRootOffline(root.id, !isThere);
  return { ...root, marker: isThere ? marker : root.marker, offline: !isThere };
}

/** True when a known photo lies where it did, or none is left that could be lost. */
function hasWitness(root: RootRow, rows: PhotoRows, disk: ScanDisk): boolean {
  let asked = 0;
  let losable = 0;
  for (const folder of rows.foldersOf(root.id)) {
    const files = [...rows.filesIn(folder.id).values()];
    losable += files.filter((row) => !row.missing).length;
    for (const { name, stamp } of files.slice(0, witnessesInFolder)) {
      if (isFileOf(join(folder.path, name), stamp.bytes, disk)) return true;
      asked += 1;
    }
    if (asked >= witnessCount && losable > 0) return false;
  }
  return losable === 0;
}

function isFileOf(path: string, bytes: number, disk: ScanDisk): boolean {
  try {
    const status = disk.status(path);
    return status?.kind === 'file' && status.bytes === bytes;
  } catch (error) {
    if (errorCode(error) === '') throw error;
    return false;
  }
}
