/**
 * Records what was seen in files. The content says which photo a file is: one that was lost and turns up under another name is the same photo
 * with all that was said of it and made of it, and two files that changed places took their photos with them.
 */
import { hasPhotoExtension } from '../photo/output-name.ts';
import type { FileStamp } from '../photo/stores.ts';
import { sameStamp, waitingName } from './identity.ts';
import type { FileRow, LookedEntry, PhotoRows } from './photo-rows.ts';

/** One file that was looked at: where its photo lay then, and what was seen. */
export interface SeenPhoto {
  readonly place: Pick<FileRow, 'id' | 'folderId' | 'name'>;
  readonly stamp: FileStamp;
  readonly looked: LookedEntry['looked'];
}

/** To be called inside a transaction. What lies elsewhere or changed meanwhile is left to be looked at again. */
export function settleLooks(seen: readonly SeenPhoto[], photos: PhotoRows): void {
  let entries: LookedEntry[] = [];
  const flush = (): void => {
    if (entries.length > 0) photos.setLookedAll(entries);
    entries = [];
  };
  for (const { place, stamp, looked } of seen) {
    const row = rowAt(place, photos);
    if (row === null || row.missing || !sameStamp(row.stamp, stamp)) continue;
    if (!looked.ok) {
      if (isBystander(row, looked.failure.code, photos)) photos.remove([row.id]);
      else entries.push({ id: row.id, stamp, looked });
      continue;
    }
    const { sha256, fileBytes } = looked.facts;
    if (fileBytes !== stamp.bytes) continue;
    const others = row.sha256 === sha256 ? [] : photos.bySha256(sha256).filter(({ id }) => id !== row.id);
    // Whether one of them lies elsewhere may stand in what is not recorded yet.
    if (others.length > 0) flush();
    const twin = others.length > 0 ? photoOf(sha256, row, photos) : null;
    if (twin !== null) changePlaces(row, twin, photos);
    entries.push({ id: (twin ?? row).id, stamp, looked });
  }
  flush();
}

/** The row of the file, which may be another than when it was begun to be looked at. */
function rowAt({ id, folderId, name }: SeenPhoto['place'], photos: PhotoRows): FileRow | null {
  const row = photos.file(id);
  if (row?.folderId === folderId && row.name === name) return row;
  return photos.filesIn(folderId).get(name) ?? null;
}

/** A file without a photo's name that is no photo: it was only taken for one by its first bytes. */
function isBystander(row: FileRow, code: string, photos: PhotoRows): boolean {
  const isNone = code === 'not-a-photo' || code === 'unsupported-format';
  return isNone && !hasPhotoExtension(row.name) && photos.isUntouched(row.id);
}

/** The photo that this content belonged to and that is not where it was; null when the content is new, or a copy. */
function photoOf(sha256: string, row: FileRow, photos: PhotoRows): FileRow | null {
  const homeless = photos
    .bySha256(sha256)
    .filter((other) => other.id !== row.id && (other.missing || (!other.looked && row.sha256 !== null)));
  return homeless.find(({ name }) => name === row.name) ?? homeless[0] ?? null;
}

/** `owner` gets the place of `row`. */
function changePlaces(row: FileRow, owner: FileRow, photos: PhotoRows): void {
  const { folderId, name, stamp, inode } = row;
  const arrival = { id: owner.id, folderId, name, stamp, inode };
  if (!owner.missing) {
    const { folderId: theirs, name: theirName, stamp: theirStamp, inode: theirInode } = owner;
    photos.moveFiles([arrival, { id: row.id, folderId: theirs, name: theirName }]);
    photos.setStamp(row.id, theirStamp, theirInode);
  } else if (row.sha256 === null && photos.isUntouched(row.id)) {
    photos.remove([row.id]);
    photos.moveFiles([arrival]);
  } else {
    // Its own content is nowhere now; by the file number of this one it must not be found.
    photos.moveFiles([{ id: row.id, folderId, name: waitingName(row), inode: null }, arrival], new Set([row.id]));
  }
}
