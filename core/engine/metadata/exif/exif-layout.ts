/** Where everything lies in an EXIF block: the map that in-place editing needs. */
import { bytesOfType } from '../../container/tiff-structure.ts';
import { asBuffer } from '../as-buffer.ts';
import { MalformedMetadata } from '../malformed.ts';
import { tag } from './exif-format.ts';

/** `thumbnail` is IFD1 and whatever is chained behind it. */
export type IfdKind = 'ifd0' | 'exif' | 'gps' | 'interop' | 'thumbnail';

/** Half-open byte range of the block. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

export interface ExifEntry {
  /** Offset of the 12-byte entry. */
  readonly at: number;
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  /** Bytes of the value, in the entry itself or elsewhere; null when the type is unknown or the value lies outside the block. */
  readonly value: Range | null;
}

export interface ExifIfd {
  readonly kind: IfdKind;
  readonly at: number;
  readonly entries: ExifEntry[];
  /** Offset of the pointer to the next IFD, or null when the block ends before it. */
  readonly nextAt: number | null;
}

export interface ExifLayout {
  readonly littleEndian: boolean;
  readonly ifds: ExifIfd[];
}

const subIfds = new Map<number, IfdKind>([
  [tag.exifIfd, 'exif'],
  [tag.gpsIfd, 'gps'],
  [tag.interopIfd, 'interop'],
]);

/** The kind of IFD a pointer tag leads to, or undefined for any other tag. */
export function subIfdKind(id: number): IfdKind | undefined {
  return subIfds.get(id);
}

/**
 * Maps a block. An IFD that runs out of the block or is reached twice is left out of `ifds`.
 * Throws `MalformedMetadata` when the header or IFD0 itself is broken.
 */
export function layOutExif(block: Uint8Array): ExifLayout {
  const bytes = asBuffer(block);
  const order = bytes.length < 14 ? '' : bytes.toString('latin1', 0, 2);
  const littleEndian = order === 'II';
  if ((order !== 'II' && order !== 'MM') || u16(bytes, 2, littleEndian) !== 42) throw new MalformedMetadata('no TIFF header');
  const ifds: ExifIfd[] = [];
  const visit = (at: number, kind: IfdKind): ExifIfd | null => {
    const ifd = ifds.some((known) => known.at === at) ? null : readIfd(bytes, at, kind, littleEndian);
    if (ifd === null) return null;
    ifds.push(ifd);
    for (const entry of ifd.entries) {
      const child = subIfdKind(entry.tag);
      if (child !== undefined && kind !== 'thumbnail' && entry.value !== null)
        visit(pointerOf(bytes, entry, littleEndian), child);
    }
    return ifd;
  };
  let ifd = visit(u32(bytes, 4, littleEndian), 'ifd0');
  if (ifd === null) throw new MalformedMetadata('the first directory runs out of the block');
  for (let chained = 0; ifd !== null && ifd.nextAt !== null && chained < 8; chained++) {
    const next: number = u32(bytes, ifd.nextAt, littleEndian);
    ifd = next === 0 ? null : visit(next, 'thumbnail');
  }
  return { littleEndian, ifds };
}

/** The offset that a pointer entry holds. */
export function pointerOf(bytes: Buffer, entry: ExifEntry, littleEndian: boolean): number {
  return u32(bytes, entry.at + 8, littleEndian);
}

function readIfd(bytes: Buffer, at: number, kind: IfdKind, littleEndian: boolean): ExifIfd | null {
  if (at < 8 || at + 2 > bytes.length) return null;
  const count = u16(bytes, at, littleEndian);
  const end = at + 2 + 12 * count;
  if (end > bytes.length) return null;
  const entries: ExifEntry[] = [];
  for (let entryAt = at + 2; entryAt < end; entryAt += 12) entries.push(readEntry(bytes, entryAt, littleEndian));
  return { kind, at, entries, nextAt: end + 4 <= bytes.length ? end : null };
}

function readEntry(bytes: Buffer, at: number, littleEndian: boolean): ExifEntry {
  const type = u16(bytes, at + 2, littleEndian);
  const count = u32(bytes, at + 4, littleEndian);
  const length = (bytesOfType(type) ?? NaN) * count;
  const start = length <= 4 ? at + 8 : u32(bytes, at + 8, littleEndian);
  const value = start + length <= bytes.length ? { start, end: start + length } : null;
  return { at, tag: u16(bytes, at, littleEndian), type, count, value };
}

export function u16(bytes: Buffer, at: number, littleEndian: boolean): number {
  return littleEndian ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at);
}

export function u32(bytes: Buffer, at: number, littleEndian: boolean): number {
  return littleEndian ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
}

export function putU16(bytes: Buffer, at: number, value: number, littleEndian: boolean): void {
  if (littleEndian) bytes.writeUInt16LE(value, at);
  else bytes.writeUInt16BE(value, at);
}

export function putU32(bytes: Buffer, at: number, value: number, littleEndian: boolean): void {
  if (littleEndian) bytes.writeUInt32LE(value, at);
  else bytes.writeUInt32BE(value, at);
}
