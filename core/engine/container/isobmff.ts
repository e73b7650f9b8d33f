/** Boxes of the ISO base media file format (ISO/IEC 14496-12, 4.2): walking, making. */
import type { ByteSource } from './byte-source.ts';
import { MalformedContainer } from './malformed-container.ts';

export interface Box {
  readonly type: string;
  readonly start: number;
  /** Behind size and type. */
  readonly bodyAt: number;
  readonly end: number;
}

const boxLimit = 100_000;

/**
 * Boxes between two positions. Size 0 means to the end, size 1 that 64 bits of size follow. A box that reaches
 * beyond `end` throws `MalformedContainer`, unless `cutAllowed`: then it ends there, as the last one of a file that is cut off.
 */
export function* boxes(source: ByteSource, start: number, end: number, cutAllowed = false): Generator<Box> {
  let at = start;
  for (let count = 0; at + 8 <= end; count++) {
    if (count > boxLimit) throw new MalformedContainer('its header has too many parts');
    const size = source.u32(at);
    const length = size === 1 ? source.u64(at + 8) : size === 0 ? end - at : size;
    const bodyAt = at + (size === 1 ? 16 : 8);
    if (at + length < bodyAt) throw new MalformedContainer('a part of its header is impossibly short');
    if (at + length > end && !cutAllowed) throw new MalformedContainer('a part of its header is longer than the whole');
    yield { type: source.text(at + 4, 4), start: at, bodyAt, end: Math.min(end, at + length) };
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

export function makeBox(type: string, ...body: Uint8Array[]): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(body.reduce((sum, part) => sum + part.length, head.length), 0); // prettier-ignore
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, ...body]);
}

/** Version and flags in front of a full box's body. */
export function fullBoxHead(version: number, flags: number): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(version * 0x1000000 + flags, 0);
  return head;
}
