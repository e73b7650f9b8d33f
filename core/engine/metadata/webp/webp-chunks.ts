/** The RIFF layer of WebP. */
import type { ByteSource } from '../byte-source.ts';

export interface WebpChunk {
  readonly type: string;
  readonly start: number;
  /** Behind the padding byte of an odd chunk. */
  readonly end: number;
  readonly dataAt: number;
  readonly dataBytes: number;
}

const chunkLimit = 1_000_000;

/** Chunks of the file, data unread. Stops quietly where the file is cut off. */
export function* webpChunks(source: ByteSource): Generator<WebpChunk> {
  for (let at = 12, count = 0; at + 8 <= source.sizeBytes && count < chunkLimit; count++) {
    const head = source.read(at, 8);
    const dataBytes = head.readUInt32LE(4);
    if (at + 8 + dataBytes > source.sizeBytes) return;
    const end = Math.min(source.sizeBytes, at + 8 + dataBytes + (dataBytes % 2));
    yield { type: head.toString('latin1', 0, 4), start: at, end, dataAt: at + 8, dataBytes };
    at = end;
  }
}

export function webpChunk(type: string, data: Uint8Array): Uint8Array {
  const chunk = Buffer.alloc(8 + data.length + (data.length % 2));
  chunk.write(type, 'latin1');
  chunk.writeUInt32LE(data.length, 4);
  chunk.set(data, 8);
  return chunk;
}
