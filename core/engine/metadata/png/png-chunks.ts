/** The chunk layer of PNG (third edition): walking, making. */
import { crc32 } from 'node:zlib';
import type { ByteSource } from '../byte-source.ts';

export interface PngChunk {
  readonly type: string;
  /** Offset of the length field, and of the byte behind the CRC. */
  readonly start: number;
  readonly end: number;
  readonly dataAt: number;
  readonly dataBytes: number;
}

/** A file of empty chunks would otherwise keep the reader busy for hours. */
const chunkLimit = 4_000_000;

/** Chunks up to IEND, data unread. Stops quietly where the file is cut off. */
export function* pngChunks(source: ByteSource): Generator<PngChunk> {
  for (let at = 8, count = 0; at + 12 <= source.sizeBytes && count < chunkLimit; count++) {
    const head = source.read(at, 8);
    const dataBytes = head.readUInt32BE(0);
    const type = head.toString('latin1', 4, 8);
    const end = at + 12 + dataBytes;
    if (end > source.sizeBytes) return;
    yield { type, start: at, end, dataAt: at + 8, dataBytes };
    if (type === 'IEND') return;
    at = end;
  }
}

export function pngChunk(type: string, data: Uint8Array): Uint8Array {
  const chunk = Buffer.alloc(12 + data.length);
  chunk.writeUInt32BE(data.length, 0);
  chunk.write(type, 4, 'latin1');
  chunk.set(data, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + data.length)), 8 + data.length);
  return chunk;
}
