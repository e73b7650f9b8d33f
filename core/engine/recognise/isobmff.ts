/** Boxes of the ISO base media file format: ISO/IEC 14496-12, 4.2. */
import type { ByteSource } from './byte-source.ts';
import { damaged } from './refusals.ts';

export interface Box {
  readonly type: string;
  /** Position of the first byte behind the box's header. */
  readonly start: number;
  /** Position behind the last byte. */
  readonly end: number;
}

const maxBoxes = 100_000;

/** Boxes between two positions. One that reaches beyond `end` is `damaged`, unless `cutAllowed` (the last one of a file). */
export function* boxes(source: ByteSource, start: number, end: number, cutAllowed = false): Generator<Box> {
  let at = start;
  for (let count = 0; at + 8 <= end; count++) {
    if (count > maxBoxes) throw damaged('its header has too many parts');
    let length = source.u32(at);
    const type = source.text(at + 4, 4);
    let header = 8;
    if (length === 1) {
      length = source.u64(at + 8);
      header = 16;
    } else if (length === 0) {
      length = end - at;
    }
    if (length < header) throw damaged('a part of its header is impossibly short');
    if (at + length > end && !cutAllowed) throw damaged('a part of its header is longer than the whole');
    yield { type, start: at + header, end: Math.min(end, at + length) };
    at += length;
  }
}

/** The first box of `type`, or null. */
export function findBox(source: ByteSource, start: number, end: number, type: string, cutAllowed = false): Box | null {
  for (const box of boxes(source, start, end, cutAllowed)) {
    if (box.type === type) return box;
  }
  return null;
}
