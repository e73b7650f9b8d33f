/** The quantisation of a JPEG's luma: ITU-T T.81, B.2.4.1 (tables), B.2.2 (which component uses which), figure 5 (zig-zag order). */
import type { ByteSource } from './byte-source.ts';
import { jpegSegments } from './jpeg-segments.ts';

const quantisationTables = 0xdb;
/** Frames whose samples go through the DCT: baseline, extended and progressive, Huffman and arithmetic coding. */
const dctFrames: ReadonlySet<number> = new Set([0xc0, 0xc1, 0xc2, 0xc9, 0xca]);

/** Place in an 8 × 8 table, row by row, of each entry in zig-zag order. */
const zigzag: readonly number[] = Array.from({ length: 15 }, (_, sum) => {
  const down = Array.from({ length: 8 }, (_unused, row) => [row, sum - row] as const).filter(
    ([, column]) => column >= 0 && column < 8,
  );
  // Odd diagonals run downwards, even ones upwards.
  return (sum % 2 === 1 ? down : down.reverse()).map(([row, column]) => row * 8 + column);
}).flat();

/**
 * The 64 steps of the first component (luma, or grey), row by row, vertical frequency first; null when the file has no such table in
 * front of its first scan. Throws `MalformedContainer` for a broken header.
 */
export function lumaQuantisation(source: ByteSource): number[] | null {
  const tables = new Map<number, number[]>();
  let used: number | null = null;
  for (const { marker, dataAt, dataBytes } of jpegSegments(source)) {
    if (marker === quantisationTables) readTables(source, dataAt, dataAt + dataBytes, tables);
    else if (dctFrames.has(marker) && dataBytes >= 9) used = source.u8(dataAt + 8);
  }
  return (used === null ? undefined : tables.get(used)) ?? null;
}

function readTables(source: ByteSource, from: number, end: number, tables: Map<number, number[]>): void {
  for (let at = from; at < end;) {
    const head = source.u8(at);
    const wide = head >> 4 !== 0;
    const bytes = wide ? 128 : 64;
    if (at + 1 + bytes > end) return;
    const steps = new Array<number>(64).fill(1);
    for (const [index, place] of zigzag.entries()) {
      // A step of 0 is no step; decoders take what they get, and here it only must not divide.
      steps[place] = Math.max(1, wide ? source.u16(at + 1 + 2 * index) : source.u8(at + 1 + index));
    }
    tables.set(head & 15, steps);
    at += 1 + bytes;
  }
}
