/** Directories of TIFF and BigTIFF, as files of their own and inside EXIF. TIFF 6.0; BigTIFF as in libtiff. */
import type { ByteSource } from './byte-source.ts';

export interface TiffHead {
  readonly little: boolean;
  readonly big: boolean;
  /** Position that all offsets count from. */
  readonly base: number;
  readonly firstDirectory: number;
}

export interface TiffEntry {
  readonly type: number;
  readonly count: number;
  /** Position of the first value in the file. */
  readonly at: number;
}

export interface TiffDirectory {
  readonly entries: ReadonlyMap<number, TiffEntry>;
  /** Position of the next directory, 0 for none. */
  readonly next: number;
}

const typeBytes: Readonly<Record<number, number>> = {
  1: 1,
  2: 1,
  3: 2,
  4: 4,
  5: 8,
  6: 1,
  7: 1,
  8: 2,
  9: 4,
  10: 8,
  11: 4,
  12: 8,
  13: 4,
  16: 8,
  17: 8,
  18: 8,
};
// The largest directories of real cameras have about 200 entries.
const maxEntries = 4096;

/** The head at `base`, or null when there is none. */
export function readTiffHead(source: ByteSource, base: number): TiffHead | null {
  if (!source.has(base, 8)) return null;
  const order = source.text(base, 2);
  if (order !== 'II' && order !== 'MM') return null;
  const little = order === 'II';
  const version = source.u16(base + 2, little);
  if (version === 42) return { little, big: false, base, firstDirectory: source.u32(base + 4, little) };
  if (version === 43 && source.has(base, 16) && source.u16(base + 4, little) === 8) {
    return { little, big: true, base, firstDirectory: source.u64(base + 8, little) };
  }
  return null;
}

/** The directory `offset` bytes behind the base; throws `damaged` when it reaches beyond the file. */
export function readDirectory(source: ByteSource, head: TiffHead, offset: number): TiffDirectory {
  const { little, big, base } = head;
  const start = base + offset;
  const count = Math.min(maxEntries, big ? source.u64(start, little) : source.u16(start, little));
  const entryBytes = big ? 20 : 12;
  const entries = new Map<number, TiffEntry>();
  let at = start + (big ? 8 : 2);
  for (let index = 0; index < count; index++, at += entryBytes) {
    const tag = source.u16(at, little);
    const type = source.u16(at + 2, little);
    const values = big ? source.u64(at + 4, little) : source.u32(at + 4, little);
    const bytes = (typeBytes[type] ?? 1) * values;
    const inline = bytes <= (big ? 8 : 4);
    const valueAt = at + (big ? 12 : 8);
    if (!entries.has(tag))
      entries.set(tag, { type, count: values, at: inline ? valueAt : base + pointer(source, head, valueAt) });
  }
  const next = source.has(at, big ? 8 : 4) ? pointer(source, head, at) : 0;
  return { entries, next };
}

function pointer(source: ByteSource, head: TiffHead, at: number): number {
  return head.big ? source.u64(at, head.little) : source.u32(at, head.little);
}

/** Value `index` of an unsigned integer entry, or undefined. */
export function entryNumber(source: ByteSource, head: TiffHead, entry: TiffEntry | undefined, index = 0): number | undefined {
  if (entry === undefined || index >= entry.count) return undefined;
  const at = entry.at + index * (typeBytes[entry.type] ?? 1);
  switch (entry.type) {
    case 1:
      return source.u8(at);
    case 3:
      return source.u16(at, head.little);
    case 4:
    case 13:
      return source.u32(at, head.little);
    case 16:
    case 18:
      return source.u64(at, head.little);
    default:
      return undefined;
  }
}
