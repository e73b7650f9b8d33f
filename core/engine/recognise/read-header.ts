import { EnlargerError } from '../../photo/failure.ts';
import { ByteSource } from './byte-source.ts';
import { readGifHeader } from './gif.ts';
import { isIsoMedia, readHeifHeader } from './heif.ts';
import { readJpegHeader } from './jpeg.ts';
import { refuseOther } from './other-kinds.ts';
import type { PhotoHeader } from './photo-header.ts';
import { readPngHeader } from './png.ts';
import { unsupported } from './refusals.ts';
import { readTiffHeader } from './tiff.ts';
import { readTiffHead } from './tiff-structure.ts';
import { readWebpHeader } from './webp.ts';

/**
 * Reads the header of an open file by its content. Throws `not-a-photo`, `unsupported-format` or
 * `damaged`; nothing is decoded, and memory is bounded whatever lengths the file names.
 */
export function readHeader(file: number, size: number): PhotoHeader {
  const header = readByContent(file, size);
  if (header.icc === null && hdrTransfers.has(header.cicp?.transfer ?? 0)) {
    throw unsupported('an HDR photo (PQ or HLG)', 'Convert it to an ordinary photo (SDR) with another program first.');
  }
  return header;
}

/** PQ and HLG, ITU-T H.273: their values mean light beyond white, which an ordinary photo cannot say. */
const hdrTransfers: ReadonlySet<number> = new Set([16, 18]);

function readByContent(file: number, size: number): PhotoHeader {
  if (size === 0) throw new EnlargerError('not-a-photo', 'The file is empty. Copy it again from where it came from.');
  const source = new ByteSource(file, size);
  const starts = (signature: string, offset = 0): boolean =>
    source.has(offset, signature.length) && source.text(offset, signature.length) === signature;
  // JPEG-LS begins like JPEG, with a frame of its own.
  if (starts('\xff\xd8\xff') && !starts('\xf7', 3)) return readJpegHeader(source);
  if (starts('\x89PNG\r\n\x1a\n')) return readPngHeader(source);
  if (starts('RIFF') && starts('WEBP', 8)) return readWebpHeader(source);
  if (starts('GIF87a') || starts('GIF89a')) return readGifHeader(source);
  if (isIsoMedia(source)) return readHeifHeader(source);
  if (readTiffHead(source, 0) !== null) return readTiffHeader(source);
  throw refuseOther(source);
}
