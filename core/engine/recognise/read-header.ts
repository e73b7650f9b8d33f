import { EnlargerError } from '../../photo/failure.ts';
import type { ByteSource } from '../container/byte-source.ts';
import { MalformedContainer } from '../container/malformed-container.ts';
import { type Container, sniffContainer } from '../container/sniff.ts';
import { readGifHeader } from './gif.ts';
import { readHeifHeader } from './heif.ts';
import { readJpegHeader } from './jpeg.ts';
import { refuseOther } from './other-kinds.ts';
import type { PhotoHeader } from './photo-header.ts';
import { readPngHeader } from './png.ts';
import { damaged, unsupported } from './refusals.ts';
import { readTiffHeader } from './tiff.ts';
import { readWebpHeader } from './webp.ts';

const readers: Record<Container, (source: ByteSource) => PhotoHeader> = {
  jpeg: readJpegHeader,
  png: readPngHeader,
  webp: readWebpHeader,
  gif: readGifHeader,
  isobmff: readHeifHeader,
  tiff: readTiffHeader,
};

/**
 * Reads the header of a file by its content. Throws `not-a-photo`, `unsupported-format` or
 * `damaged`; nothing is decoded, and memory is bounded whatever lengths the file names.
 */
export function readHeader(source: ByteSource): PhotoHeader {
  const header = readByContent(source);
  if (header.icc === null && hdrTransfers.has(header.cicp?.transfer ?? 0)) {
    throw unsupported('an HDR photo (PQ or HLG)', 'Convert it to an ordinary photo (SDR) with another program first.');
  }
  return header;
}

/** PQ and HLG, ITU-T H.273: their values mean light beyond white, which an ordinary photo cannot say. */
const hdrTransfers: ReadonlySet<number> = new Set([16, 18]);

function readByContent(source: ByteSource): PhotoHeader {
  if (source.sizeBytes === 0) throw new EnlargerError('not-a-photo', 'The file is empty. Copy it again from where it came from.');
  try {
    const container = sniffContainer(source);
    if (container === null) throw refuseOther(source);
    return readers[container](source);
  } catch (thrown) {
    throw thrown instanceof MalformedContainer ? damaged(thrown.message, thrown) : thrown;
  }
}
