import { readSync } from 'node:fs';
import { damaged } from './refusals.ts';

const windowBytes = 64 * 1024;
const longestRead = 16 * 1024 * 1024;

/**
 * Bounded, positioned reads from an untrusted file. Memory is one window, plus what is asked for: never
 * more than the file holds, and never more than 16 MiB at once, whatever lengths the file itself names.
 * Reads past the end throw `damaged`.
 */
export class ByteSource {
  readonly size: number;
  readonly #file: number;
  #window: Uint8Array = new Uint8Array(0);
  #windowStart = 0;

  constructor(file: number, size: number) {
    this.#file = file;
    this.size = size;
  }

  /** True when `length` bytes from `offset` on are inside the file. */
  has(offset: number, length: number): boolean {
    return (
      Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset >= 0 && length >= 0 && offset + length <= this.size
    );
  }

  /** The bytes offset..offset+length-1; valid until the next read. */
  bytes(offset: number, length: number): Uint8Array {
    if (!this.has(offset, length)) throw damaged('it ends in the middle of its header');
    if (length > longestRead) throw damaged('a part of its header is impossibly long');
    const start = offset - this.#windowStart;
    if (start >= 0 && start + length <= this.#window.length) return this.#window.subarray(start, start + length);
    this.#window = this.#readAt(offset, Math.min(Math.max(length, windowBytes), this.size - offset));
    this.#windowStart = offset;
    if (this.#window.length < length) throw damaged('it became shorter while it was read');
    return this.#window.subarray(0, length);
  }

  u8(offset: number): number {
    return this.view(offset, 1).getUint8(0);
  }

  u16(offset: number, littleEndian = false): number {
    return this.view(offset, 2).getUint16(0, littleEndian);
  }

  u32(offset: number, littleEndian = false): number {
    return this.view(offset, 4).getUint32(0, littleEndian);
  }

  /** Unsigned 64-bit number; one that is no exact integer in JavaScript cannot be a position in a file. */
  u64(offset: number, littleEndian = false): number {
    const value = this.view(offset, 8).getBigUint64(0, littleEndian);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw damaged('its header names an impossible position');
    return Number(value);
  }

  /** `length` bytes as Latin-1 text, for four-character codes and signatures. */
  text(offset: number, length: number): string {
    return Buffer.from(this.bytes(offset, length)).toString('latin1');
  }

  view(offset: number, length: number): DataView {
    const bytes = this.bytes(offset, length);
    return new DataView(bytes.buffer, bytes.byteOffset, length);
  }

  #readAt(offset: number, length: number): Uint8Array {
    const into = new Uint8Array(length);
    let done = 0;
    while (done < length) {
      const got = readSync(this.#file, into, done, length - done, offset + done);
      if (got === 0) break;
      done += got;
    }
    return into.subarray(0, done);
  }
}
