/** The chunk layer of PNG (third edition): walking, making. */
import { crc32 } from 'node:zlib';
import type { ByteSource } from './byte-source.ts';

export interface PngChunk {
  readonly type: string;
  /** Offset of the length field, and of the byte behind the CRC; that may lie behind the end of a file that is cut off. */
  readonly start: number;
  readonly end: number;
  readonly dataAt: number;
  readonly dataBytes: number;
}

/** A file of empty chunks would otherwise keep the reader busy for hours. */
const chunkLimit = 4_000_000;
const longestDataBytes = 0x7fffffff;

/** Chunks up to IEND, data unread. Stops quietly where the file is cut off; the last chunk may be incomplete. */
export function* pngChunks(source: ByteSource): Generator<PngChunk> {
  for (let at = 8, count = 0; source.has(at, 12) && count < chunkLimit; count++) {
    const dataBytes = source.u32(at);
    if (dataBytes > longestDataBytes) return;
    const chunk = { type: source.text(at + 4, 4), start: at, end: at + 12 + dataBytes, dataAt: at + 8, dataBytes };
    yield chunk;
    if (chunk.type === 'IEND') return;
    at = chunk.end;
  }
}

/** A whole chunk: length, type of four letters, data, CRC. */
export function makePngChunk(type: string, data: Uint8Array): Uint8Array {
  const chunk = Buffer.alloc(12 + data.length);
  chunk.writeUInt32BE(data.length, 0);
  chunk.write(type, 4, 'latin1');
  chunk.set(data, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + data.length)), 8 + data.length);
  return chunk;
}
