/** The RIFF layer of WebP (RFC 9649): walking, making. */
import type { ByteSource } from './byte-source.ts';

export interface RiffChunk {
  readonly type: string;
  readonly start: number;
  /** Behind the padding byte of an odd chunk; may lie behind the end of a file that is cut off. */
  readonly end: number;
  readonly dataAt: number;
  readonly dataBytes: number;
}

const chunkLimit = 1_000_000;

/** Chunks of the file, data unread. Stops quietly where the file is cut off; the last chunk may be incomplete. */
export function* riffChunks(source: ByteSource): Generator<RiffChunk> {
  for (let at = 12, count = 0; source.has(at, 8) && count < chunkLimit; count++) {
    const dataBytes = source.u32(at + 4, true);
    const end = at + 8 + dataBytes + (dataBytes % 2);
    yield { type: source.text(at, 4), start: at, end, dataAt: at + 8, dataBytes };
    at = end;
  }
}

/** A whole chunk: type of four letters, length, data, padding. */
export function makeRiffChunk(type: string, data: Uint8Array): Uint8Array {
  const chunk = Buffer.alloc(8 + data.length + (data.length % 2));
  chunk.write(type, 'latin1');
  chunk.writeUInt32LE(data.length, 4);
  chunk.set(data, 8);
  return chunk;
}
