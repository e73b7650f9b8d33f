/** The box layer of ISO/IEC 14496-12, for files (by headers) and for a meta box held in memory. */
import type { ByteSource } from '../byte-source.ts';
import { MalformedMetadata } from '../malformed.ts';

export interface Box {
  readonly type: string;
  readonly start: number;
  /** Offset of the body, behind size and type. */
  readonly bodyAt: number;
  readonly end: number;
}

const boxLimit = 100_000;

/** Top-level boxes of a file. Stops quietly where the file is cut off. */
export function* fileBoxes(source: ByteSource): Generator<Box> {
  for (let at = 0, count = 0; at + 8 <= source.sizeBytes && count < boxLimit; count++) {
    const box = boxAt(source.read(at, Math.min(16, source.sizeBytes - at)), 0, source.sizeBytes - at);
    if (box === null) return;
    yield { type: box.type, start: at, bodyAt: at + box.bodyAt, end: at + box.end };
    at += box.end;
  }
}

/** Boxes between `at` and `end` of bytes in memory. Throws `MalformedMetadata` where they do not fit. */
export function childBoxes(bytes: Buffer, at: number, end: number): Box[] {
  const boxes: Box[] = [];
  for (let next = at; next < end;) {
    const box = boxAt(bytes, next, end - next);
    if (box === null) throw new MalformedMetadata('a box runs out of its parent');
    boxes.push(box);
    next = box.end;
  }
  return boxes;
}

/** Size 0 means to the end of the parent, size 1 that 64 bits of size follow. */
function boxAt(bytes: Buffer, at: number, available: number): Box | null {
  if (available < 8) return null;
  const short = bytes.readUInt32BE(at);
  const bodyAt = at + (short === 1 ? 16 : 8);
  if (short === 1 && available < 16) return null;
  const size = short === 0 ? available : short === 1 ? Number(bytes.readBigUInt64BE(at + 8)) : short;
  if (size < bodyAt - at || size > available) return null;
  return { type: bytes.toString('latin1', at + 4, at + 8), start: at, bodyAt, end: at + size };
}

export function makeBox(type: string, ...body: Uint8Array[]): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(body.reduce((sum, part) => sum + part.length, 8), 0); // prettier-ignore
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, ...body]);
}

/** Version and flags in front of a full box's body. */
export function fullBoxHead(version: number, flags: number): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(version * 0x1000000 + flags, 0);
  return head;
}

/** Reads big-endian numbers of changing width one after the other. */
export class Cursor {
  readonly bytes: Buffer;
  at: number;

  constructor(bytes: Buffer, at: number) {
    this.bytes = bytes;
    this.at = at;
  }

  /** A number of 0, 1, 2, 4 or 8 bytes; no bytes mean 0. */
  next(width: number): number {
    const at = this.at;
    this.at += width;
    if (width === 0) return 0;
    return width === 8 ? Number(this.bytes.readBigUInt64BE(at)) : this.bytes.readUIntBE(at, width);
  }

  /** Text up to a zero byte. */
  text(end: number): string {
    const zero = this.bytes.indexOf(0, this.at);
    const stop = zero < 0 || zero > end ? end : zero;
    const text = this.bytes.toString('latin1', this.at, stop);
    this.at = stop + 1;
    return text;
  }
}
