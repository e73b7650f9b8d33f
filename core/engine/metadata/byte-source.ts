/** Random access to a file for parsers that hop from header to header and must not read the pixels between. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { MalformedMetadata } from './malformed.ts';

const windowBytes = 64 * 1024;

export interface ByteSource {
  readonly sizeBytes: number;
  /** `length` bytes from `offset`. Throws `MalformedMetadata` when the file ends before. */
  read(offset: number, length: number): Buffer;
}

/** Opens `path` read-only for the time of `use`. Small reads are served from one 64 KiB window. */
export async function withByteSource<Value>(path: string, use: (source: ByteSource) => Value | Promise<Value>): Promise<Value> {
  const descriptor = openSync(path, 'r');
  try {
    return await use(fileSource(descriptor));
  } finally {
    closeSync(descriptor);
  }
}

function fileSource(descriptor: number): ByteSource {
  const sizeBytes = fstatSync(descriptor).size;
  let window: Buffer = Buffer.alloc(0);
  let windowAt = 0;
  return {
    sizeBytes,
    read(offset, length) {
      if (offset < 0 || length < 0 || offset + length > sizeBytes) throw new MalformedMetadata('the file ends too early');
      if (length > windowBytes) return readFully(descriptor, offset, length);
      if (offset < windowAt || offset + length > windowAt + window.length) {
        window = readFully(descriptor, offset, Math.min(windowBytes, sizeBytes - offset));
        windowAt = offset;
      }
      return Buffer.from(window.subarray(offset - windowAt, offset - windowAt + length));
    },
  };
}

function readFully(descriptor: number, offset: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let done = 0; done < length;) {
    const count = readSync(descriptor, bytes, done, length - done, offset + done);
    if (count === 0) throw new MalformedMetadata('the file ends too early');
    done += count;
  }
  return bytes;
}

/** A view of bytes that offers the Buffer readers; shares memory, copies nothing. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
