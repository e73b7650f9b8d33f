/**
 * By which a root is known: not by its path, for an empty mount point has that too. The marker names the volume, the folder's number on it, and
 * when the folder was made.
 */
import type { DiskStatus, ScanDisk } from './scan-disk.ts';

/** `<volume>/<file number>/<nanoseconds since 1970, 0 where unknown>`; no part holds a slash. */
export function rootMarker(status: DiskStatus, disk: Pick<ScanDisk, 'volume'>): string {
  const volume = disk.volume(status.device) ?? `device-${String(status.device)}`;
  return `${volume}/${String(status.inode)}/${String(status.bornNs)}`;
}

/** The volume's name within a marker. */
export function volumeIn(marker: string): string {
  return marker.slice(0, marker.indexOf('/'));
}
