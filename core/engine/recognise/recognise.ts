import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import type { PhotoFacts } from '../../photo/facts.ts';
import { ByteSource } from '../container/byte-source.ts';
import { openOriginal } from '../container/open-original.ts';
import { decodeMemoryBytes, refuseTooLarge } from './decode-cost.ts';
import { iccProfileName } from './icc.ts';
import type { PhotoHeader } from './photo-header.ts';
import { readHeader } from './read-header.ts';

const hashChunkBytes = 1024 * 1024;

/**
 * What is known of a photo before it is decoded, by its content, whatever it is called.
 * Throws an `EnlargerError`: `not-found`, `not-a-photo`, `unsupported-format`, `damaged`, or `too-large`
 * when its size or the memory to decode it is beyond `decodeLimits`.
 */
export async function recognise(path: string): Promise<PhotoFacts> {
  const { handle, size } = await openOriginal(path);
  try {
    const header = readHeader(new ByteSource(handle.fd, size));
    refuseTooLarge(header);
    const { sha256, bytes } = await hashOpenFile(handle);
    return toFacts(header, bytes, sha256);
  } finally {
    await handle.close();
  }
}

/** Facts from a header, the bytes of the file and their hash. */
export function toFacts(header: PhotoHeader, fileBytes: number, sha256: string): PhotoFacts {
  const sideways = header.orientation >= 5;
  return {
    format: header.format,
    width: sideways ? header.height : header.width,
    height: sideways ? header.width : header.height,
    orientation: header.orientation,
    colour: header.colour,
    hasAlpha: header.hasAlpha,
    bitDepth: header.bitDepth,
    progressive: header.progressive,
    profileName: header.icc === null ? null : iccProfileName(header.icc),
    pages: header.pages,
    fileBytes,
    sha256,
    decodeMemoryBytes: decodeMemoryBytes(header),
  };
}

/** SHA-256 of an open file, and how many bytes it was made of. */
export async function hashOpenFile(handle: FileHandle): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash('sha256');
  const chunk = new Uint8Array(hashChunkBytes);
  let bytes = 0;
  for (;;) {
    const { bytesRead } = await handle.read(chunk, 0, chunk.length, bytes);
    if (bytesRead === 0) return { sha256: hash.digest('hex'), bytes };
    hash.update(chunk.subarray(0, bytesRead));
    bytes += bytesRead;
  }
}
