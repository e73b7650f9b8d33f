/** Which bytes of an EXIF block belong to something, and wiping those that do not. */
import { asBuffer } from '../as-buffer.ts';
import { type ExifIfd, type ExifLayout, type Range, u32 } from './exif-layout.ts';
import { tag } from './exif-format.ts';

/** Header and directory tables: what must never be wiped. */
export function tableRanges(layout: ExifLayout): Range[] {
  return [{ start: 0, end: 8 }, ...layout.ifds.map(tableRange)];
}

/** Everything the directories claim: header, tables and values. */
export function claimedRanges(layout: ExifLayout): Range[] {
  const values = layout.ifds.flatMap((ifd) => ifd.entries.flatMap((entry) => (entry.value === null ? [] : [entry.value])));
  return [...tableRanges(layout), ...values];
}

/** Table, values and picture bytes of one directory. */
export function ownRanges(block: Uint8Array, ifd: ExifIfd, littleEndian: boolean): Range[] {
  const values = ifd.entries.flatMap((entry) => (entry.value === null ? [] : [entry.value]));
  return [tableRange(ifd), ...values, ...pictureRanges(block, ifd, littleEndian)];
}

/** Where a directory's embedded JPEG or strips lie: the thumbnail of IFD1, a preview in IFD0. */
export function pictureRanges(block: Uint8Array, ifd: ExifIfd, littleEndian: boolean): Range[] {
  const starts = [
    ...numbers(block, ifd, tag.thumbnailOffset, littleEndian),
    ...numbers(block, ifd, tag.stripOffsets, littleEndian),
  ];
  const lengths = [
    ...numbers(block, ifd, tag.thumbnailBytes, littleEndian),
    ...numbers(block, ifd, tag.stripByteCounts, littleEndian),
  ];
  return starts.map((start, index) => ({ start, end: Math.min(block.length, start + (lengths[index] ?? 0)) }));
}

/** Zeroes `wipe` except where it touches `keep`. */
export function wipeRanges(block: Uint8Array, wipe: Range[], keep: Range[]): void {
  const kept = new Uint8Array(block.length);
  for (const range of keep) kept.fill(1, range.start, range.end);
  for (const range of wipe) {
    for (let at = range.start; at < range.end; at++) if (kept[at] === 0) block[at] = 0;
  }
}

/** The gaps between what is claimed. */
export function unclaimedRanges(length: number, claimed: Range[]): Range[] {
  const gaps: Range[] = [];
  let at = 0;
  for (const range of [...claimed].sort((a, b) => a.start - b.start)) {
    if (range.start > at) gaps.push({ start: at, end: range.start });
    at = Math.max(at, range.end);
  }
  if (at < length) gaps.push({ start: at, end: length });
  return gaps;
}

function tableRange(ifd: ExifIfd): Range {
  const end = ifd.at + 2 + 12 * ifd.entries.length;
  return { start: ifd.at, end: ifd.nextAt === null ? end : end + 4 };
}

/** The values of a SHORT or LONG tag, at most 65,536 of them. */
function numbers(block: Uint8Array, ifd: ExifIfd, id: number, littleEndian: boolean): number[] {
  const bytes = asBuffer(block);
  return ifd.entries
    .filter((entry) => entry.tag === id && entry.value !== null && (entry.type === 3 || entry.type === 4))
    .flatMap((entry) => {
      const start = entry.value?.start ?? 0;
      const step = entry.type === 3 ? 2 : 4;
      return Array.from({ length: Math.min(entry.count, 65536) }, (_, index) => {
        const at = start + index * step;
        if (step === 4) return u32(bytes, at, littleEndian);
        return littleEndian ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at);
      });
    });
}
