/** Directories of TIFF and BigTIFF, as files of their own and inside EXIF. TIFF 6.0; BigTIFF as in libtiff. */
import type { ByteSource } from './byte-source.ts';
import { MalformedContainer } from './malformed-container.ts';

export interface TiffHead {
  readonly littleEndian: boolean;
  /** BigTIFF: 64-bit offsets and counts. */
  readonly isBig: boolean;
  /** Position that all offsets count from. */
  readonly base: number;
  readonly firstDirectory: number;
}

export interface TiffEntry {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  /** Position of the entry, of 12 bytes, in BigTIFF 20. */
  readonly at: number;
  /** Position of the value in the file, and its length; that is null for an unknown type. */
  readonly valueAt: number;
  readonly valueBytes: number | null;
}

export interface TiffDirectory {
  readonly entries: readonly TiffEntry[];
  /** Offset of the next directory from the base, 0 for none. */
  readonly next: number;
}

/** Bytes of one value by field type; 129 is UTF-8 of Exif 3.0, 13 and 18 point to directories, 16..18 are BigTIFF's. */
const typeBytes = new Map([
  [1, 1], [2, 1], [3, 2], [4, 4], [5, 8], [6, 1], [7, 1], [8, 2], [9, 4], [10, 8],
  [11, 4], [12, 8], [13, 4], [16, 8], [17, 8], [18, 8], [129, 1],
]); // prettier-ignore
// The largest directories of real cameras have about 200 entries; libtiff refuses more than this too.
const entryLimit = 4096;

/** Bytes of one value of a field type, or null for an unknown type. */
export function bytesOfType(type: number): number | null {
  return typeBytes.get(type) ?? null;
}

/** Bytes of a directory's count, of one entry, and of an offset. */
export function tiffWidths(isBig: boolean): { countBytes: number; entryBytes: number; wordBytes: number } {
  return isBig ? { countBytes: 8, entryBytes: 20, wordBytes: 8 } : { countBytes: 2, entryBytes: 12, wordBytes: 4 };
}

/** The head at `base`, or null when there is none. */
export function readTiffHead(source: ByteSource, base: number): TiffHead | null {
  if (!source.has(base, 8)) return null;
  const order = source.text(base, 2);
  if (order !== 'II' && order !== 'MM') return null;
  const littleEndian = order === 'II';
  const version = source.u16(base + 2, littleEndian);
  if (version === 42) return { littleEndian, isBig: false, base, firstDirectory: source.u32(base + 4, littleEndian) };
  if (version === 43 && source.has(base, 16) && source.u16(base + 4, littleEndian) === 8) {
    return { littleEndian, isBig: true, base, firstDirectory: source.u64(base + 8, littleEndian) };
  }
  return null;
}

/** The directory `offset` bytes behind the base; throws `MalformedContainer` when its table reaches beyond the file. */
export function readDirectory(source: ByteSource, head: TiffHead, offset: number): TiffDirectory {
  const { countBytes, entryBytes, wordBytes } = tiffWidths(head.isBig);
  const start = head.base + offset;
  const count = head.isBig ? source.u64(start, head.littleEndian) : source.u16(start, head.littleEndian);
  if (count > entryLimit) throw new MalformedContainer('a part of its header is impossibly long');
  if (!source.has(start + countBytes, count * entryBytes)) throw new MalformedContainer('it ends too early');
  const entries = Array.from({ length: count }, (_, index) =>
    readEntry(source, head, start + countBytes + index * entryBytes, wordBytes),
  );
  const nextAt = start + countBytes + count * entryBytes;
  return { entries, next: source.has(nextAt, wordBytes) ? readWord(source, head, nextAt) : 0 };
}

function readEntry(source: ByteSource, head: TiffHead, at: number, wordBytes: number): TiffEntry {
  const type = source.u16(at + 2, head.littleEndian);
  const count = readWord(source, head, at + 4);
  const bytes = bytesOfType(type);
  const valueBytes = bytes === null ? null : bytes * count;
  const inlineAt = at + 4 + wordBytes;
  const isInline = valueBytes !== null && valueBytes <= wordBytes;
  const valueAt = isInline ? inlineAt : head.base + readWord(source, head, inlineAt);
  return { tag: source.u16(at, head.littleEndian), type, count, at, valueAt, valueBytes };
}

function readWord(source: ByteSource, { isBig, littleEndian }: TiffHead, at: number): number {
  return isBig ? source.u64(at, littleEndian) : source.u32(at, littleEndian);
}

/** The first entry of a tag, which counts where a broken file has two. */
export function findEntry(directory: TiffDirectory, tag: number): TiffEntry | undefined {
  return directory.entries.find((entry) => entry.tag === tag);
}

/** Value `index` of an unsigned integer entry, or undefined when it has none. */
export function entryNumber(source: ByteSource, head: TiffHead, entry: TiffEntry | undefined, index = 0): number | undefined {
  if (entry === undefined || index >= entry.count) return undefined;
  const at = entry.valueAt + index * (bytesOfType(entry.type) ?? 1);
  switch (entry.type) {
    case 1:
      return source.u8(at);
    case 3:
      return source.u16(at, head.littleEndian);
    case 4:
    case 13:
      return source.u32(at, head.littleEndian);
    case 16:
    case 18:
      return source.u64(at, head.littleEndian);
    default:
      return undefined;
  }
}
