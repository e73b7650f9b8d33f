/** Random access to an untrusted file for parsers that hop from header to header and must not read the pixels between. */
import { readSync } from 'node:fs';
import { MalformedContainer } from './malformed-container.ts';
import { openOriginal } from './open-original.ts';

const windowBytes = 64 * 1024;

/** Most bytes that one read gives. Real profiles, packets and tables are below 2 MiB; bombs are not. */
export const readLimitBytes = 16 * 1024 * 1024;

/**
 * Bounded, positioned reads from an open file, or from a whole one in memory. Memory is one window of 64 KiB, plus what is asked for: never
 * more than the file holds, and never more than `readLimitBytes` at once, whatever lengths the file itself names.
 * Every read throws `MalformedContainer` beyond these bounds. Numbers are big-endian unless said otherwise.
 */
export class ByteSource {
  readonly sizeBytes: number;
  readonly #file: number | Buffer;
  #window: Buffer = Buffer.alloc(0);
  #windowAt = 0;

  constructor(file: number | Buffer, sizeBytes: number) {
    this.#file = file;
    this.sizeBytes = sizeBytes;
    if (typeof file !== 'number') this.#window = file;
  }

  /** True when `length` bytes from `offset` on are inside the file. */
  has(offset: number, length: number): boolean {
    const isRange = Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset >= 0 && length >= 0;
    return isRange && offset + length <= this.sizeBytes;
  }

  /** A copy of `length` bytes from `offset` on. */
  read(offset: number, length: number): Buffer {
    this.#check(offset, length);
    const copy = Buffer.alloc(length);
    if (length > windowBytes) this.#fill(copy, offset, length);
    else copy.set(this.#peek(offset, length));
    return copy;
  }

  /** `length` bytes as Latin-1 text, for four-character codes and signatures. */
  text(offset: number, length: number): string {
    this.#check(offset, length);
    const bytes = length > windowBytes ? this.read(offset, length) : this.#peek(offset, length);
    return bytes.toString('latin1');
  }

  u8(offset: number): number {
    return this.#view(offset, 1).getUint8(0);
  }

  u16(offset: number, littleEndian = false): number {
    return this.#view(offset, 2).getUint16(0, littleEndian);
  }

  u32(offset: number, littleEndian = false): number {
    return this.#view(offset, 4).getUint32(0, littleEndian);
  }

  /** Unsigned 64-bit number; one that is no exact integer in JavaScript cannot be a position in a file and throws. */
  u64(offset: number, littleEndian = false): number {
    const value = this.#view(offset, 8).getBigUint64(0, littleEndian);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new MalformedContainer('its header names an impossible position');
    return Number(value);
  }

  #check(offset: number, length: number): void {
    if (!this.has(offset, length)) throw new MalformedContainer('it ends too early');
    if (length > readLimitBytes) throw new MalformedContainer('a part of its header is impossibly long');
  }

  #view(offset: number, length: number): DataView {
    this.#check(offset, length);
    const bytes = this.#peek(offset, length);
    return new DataView(bytes.buffer, bytes.byteOffset, length);
  }

  /** At most `windowBytes`, checked; valid until the next call. */
  #peek(offset: number, length: number): Buffer {
    const isInWindow = offset >= this.#windowAt && offset + length <= this.#windowAt + this.#window.length;
    if (!isInWindow) {
      const window = Buffer.alloc(Math.min(windowBytes, this.sizeBytes - offset));
      this.#window = window.subarray(0, this.#fill(window, offset, length));
      this.#windowAt = offset;
    }
    const start = offset - this.#windowAt;
    return this.#window.subarray(start, start + length);
  }

  /** Reads into `bytes` as much as there is, at least `needed`; returns how much. */
  #fill(bytes: Uint8Array, offset: number, needed: number): number {
    if (typeof this.#file !== 'number') return this.#file.copy(bytes, 0, offset);
    let done = 0;
    while (done < bytes.length) {
      const got = readSync(this.#file, bytes, done, bytes.length - done, offset + done);
      if (got === 0) break;
      done += got;
    }
    if (done < needed) throw new MalformedContainer('it became shorter while it was read');
    return done;
  }
}

/** Opens `path` for the time of `use`. Throws what `openOriginal` throws. */
export async function withByteSource<Value>(path: string, use: (source: ByteSource) => Value): Promise<Value> {
  const { handle, size } = await openOriginal(path);
  try {
    return use(new ByteSource(handle.fd, size));
  } finally {
    await handle.close();
  }
}
