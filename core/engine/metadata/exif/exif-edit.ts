/**
 * Edits an EXIF block without moving a byte of what stays, because maker notes point at absolute offsets.
 * Directories only shrink, values only change in place, and what is removed is overwritten with zeros.
 */
import { MalformedMetadata } from '../malformed.ts';
import { embeddedJpegs } from './embedded-jpeg.ts';
import { fieldType, isStorageTag, mayHidePosition, tag } from './exif-format.ts';
import {
  type ExifEntry,
  type ExifIfd,
  type Range,
  layOutExif,
  pointerOf,
  putU16,
  putU32,
  subIfdKind,
  u16,
} from './exif-layout.ts';
import { claimedRanges, ownRanges, pictureRanges, tableRanges, unclaimedRanges, wipeRanges } from './ranges.ts';
import { setDimensions } from './exif-dimensions.ts';

export interface ExifEdit {
  /** True size of the written, upright picture in pixels. */
  readonly width: number;
  readonly height: number;
  /** Removes the GPS directory, the maker notes, and every byte that no tag claims. */
  readonly stripPosition: boolean;
  /** The pixels were converted to sRGB: ColorSpace says so. */
  readonly convertedToSrgb: boolean;
}

/**
 * The edited copy of `block`, of the same length: orientation 1, true dimensions, no thumbnail, no preview.
 * Editing twice changes nothing. Throws `MalformedMetadata` when the block cannot be understood.
 */
export function editExif(block: Uint8Array, edit: ExifEdit): Uint8Array {
  const bytes = Buffer.from(block);
  const doomed = doomedRanges(bytes, edit);
  removeEntries(bytes, edit);
  unchain(bytes);
  setDimensions(bytes, edit);
  const layout = layOutExif(bytes);
  if (edit.stripPosition) {
    // A position may be claimed by a second tag too: privacy comes before that tag.
    wipeRanges(bytes, doomed, tableRanges(layout));
    wipeRanges(bytes, unclaimedRanges(bytes.length, claimedRanges(layout)), []);
  } else {
    wipeRanges(bytes, doomed, claimedRanges(layout));
  }
  wipePreviews(bytes);
  verify(bytes, edit);
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Bytes of everything that is about to go, found while the directories still lead there. */
function doomedRanges(bytes: Buffer, edit: ExifEdit): Range[] {
  const { ifds, littleEndian } = layOutExif(bytes);
  return ifds.flatMap((ifd) => {
    if (ifd.kind === 'thumbnail' || (ifd.kind === 'gps' && edit.stripPosition)) return ownRanges(bytes, ifd, littleEndian);
    const values = ifd.entries.flatMap((entry) => (entry.value !== null && isUnwanted(ifd, entry, edit) ? [entry.value] : []));
    return [...values, ...pictureRanges(bytes, ifd, littleEndian)];
  });
}

function isUnwanted(ifd: ExifIfd, entry: ExifEntry, edit: ExifEdit): boolean {
  if (edit.stripPosition && ifd.kind !== 'gps' && (mayHidePosition(entry.tag) || entry.value === null)) return true;
  return ifd.kind === 'ifd0' && isStorageTag(entry.tag);
}

function removeEntries(bytes: Buffer, edit: ExifEdit): void {
  const kinds = layOutExif(bytes).ifds.map((ifd) => ifd.kind);
  for (const index of kinds.keys()) {
    const { ifds, littleEndian } = layOutExif(bytes);
    const ifd = ifds[index];
    if (ifd === undefined || ifd.kind === 'thumbnail') continue;
    const isDangling = (entry: ExifEntry): boolean => {
      const kind = subIfdKind(entry.tag);
      const target = kind === undefined ? undefined : ifds.find((other) => other.at === pointerOf(bytes, entry, littleEndian));
      return kind !== undefined && (entry.value === null || target?.kind !== kind);
    };
    keepEntries(bytes, ifd, (entry) => !isUnwanted(ifd, entry, edit) && !isDangling(entry), littleEndian);
  }
}

/** Closes the gaps in a directory's table; what the table no longer needs becomes zero. */
function keepEntries(bytes: Buffer, ifd: ExifIfd, isKept: (entry: ExifEntry) => boolean, littleEndian: boolean): void {
  const kept = ifd.entries.filter(isKept);
  if (kept.length === ifd.entries.length) return;
  const rows = kept.map((entry) => Buffer.from(bytes.subarray(entry.at, entry.at + 12)));
  const next = ifd.nextAt === null ? Buffer.alloc(0) : Buffer.from(bytes.subarray(ifd.nextAt, ifd.nextAt + 4));
  const table = Buffer.concat([...rows, next]);
  const tableEnd = ifd.at + 2 + 12 * ifd.entries.length + next.length;
  putU16(bytes, ifd.at, kept.length, littleEndian);
  bytes.fill(0, ifd.at + 2, tableEnd);
  table.copy(bytes, ifd.at + 2);
}

/** IFD1 holds the thumbnail; nothing else may be chained either. */
function unchain(bytes: Buffer): void {
  const { ifds, littleEndian } = layOutExif(bytes);
  for (const ifd of ifds) {
    if (ifd.kind !== 'thumbnail' && ifd.nextAt !== null) putU32(bytes, ifd.nextAt, 0, littleEndian);
  }
}

function wipePreviews(bytes: Buffer): void {
  const layout = layOutExif(bytes);
  const notes = layout.ifds.flatMap((ifd) =>
    ifd.entries.flatMap((entry) => (entry.tag === tag.makerNote && entry.value !== null ? [entry.value] : [])),
  );
  const regions = [...unclaimedRanges(bytes.length, claimedRanges(layout)), ...notes];
  // A wiped stream can uncover the start of another that ran through it.
  for (let previews = regions; previews.length > 0;) {
    previews = regions.flatMap((region) => embeddedJpegs(bytes, region));
    wipeRanges(bytes, previews, tableRanges(layout));
    if (!previews.some((preview) => bytes[preview.start] === 0)) break;
  }
}

/** In a block whose parts overlap, one edit can undo another; such a block is not worth keeping. */
function verify(bytes: Buffer, edit: ExifEdit): void {
  const { ifds, littleEndian } = layOutExif(bytes);
  const isClean = ifds.every((ifd) => {
    if (ifd.kind === 'thumbnail' || (ifd.kind === 'gps' && edit.stripPosition)) return false;
    return ifd.entries.every((entry) => {
      const isTurned =
        entry.tag === tag.orientation && (entry.type !== fieldType.short || u16(bytes, entry.at + 8, littleEndian) !== 1);
      return !isTurned && !isUnwanted(ifd, entry, edit);
    });
  });
  if (!isClean) throw new MalformedMetadata('its parts overlap');
}
