/** Puts metadata into an encoded WebP: EXIF and XMP chunks at the end, announced in a VP8X chunk at the front. */
import type { ByteSource } from '../../container/byte-source.ts';
import { makeRiffChunk, type RiffChunk, riffChunks } from '../../container/riff-chunks.ts';
import { MalformedMetadata } from '../malformed.ts';
import type { PhotoMetadata } from '../photo-metadata.ts';
import type { Piece } from '../rewrite.ts';

/** Feature bits of VP8X (WebP container specification). */
const feature = { xmp: 0x04, exif: 0x08, alpha: 0x10, icc: 0x20 } as const;

/** The pieces of the rewritten file. Throws `MalformedMetadata` when the file is no WebP. */
export function embedWebp(source: ByteSource, meta: PhotoMetadata): Piece[] {
  const chunks = [...riffChunks(source)].filter(({ dataAt, dataBytes }) => source.has(dataAt, dataBytes));
  const added: Uint8Array[] = [];
  if (meta.exif !== null) added.push(makeRiffChunk('EXIF', meta.exif));
  if (meta.xmp !== null) added.push(makeRiffChunk('XMP ', Buffer.from(meta.xmp, 'utf8')));
  const kept = chunks.filter(({ type }) => !['VP8X', 'EXIF', 'XMP '].includes(type));
  const header = extendedHeader(source, chunks);
  const flags = (header[0] ?? 0) & ~(feature.exif | feature.xmp);
  header[0] = flags | (meta.exif === null ? 0 : feature.exif) | (meta.xmp === null ? 0 : feature.xmp);
  const pieces: Piece[] = [
    makeRiffChunk('VP8X', header),
    ...kept.flatMap((chunk) => chunkPieces(chunk, source.sizeBytes)),
    ...added,
  ];
  const bodyBytes = pieces.reduce((sum, piece) => sum + (piece instanceof Uint8Array ? piece.length : piece.to - piece.from), 0);
  const riff = Buffer.from('RIFF\0\0\0\0WEBP', 'latin1');
  riff.writeUInt32LE(4 + bodyBytes, 4);
  return [riff, ...pieces];
}

/** A chunk and its padding byte, which an encoder may have left out at the end of the file. */
function chunkPieces({ start, end }: RiffChunk, sizeBytes: number): Piece[] {
  return end <= sizeBytes ? [{ from: start, to: end }] : [{ from: start, to: sizeBytes }, Buffer.alloc(end - sizeBytes)];
}

/** The data of VP8X: the file's own, or one made from the single picture chunk. */
function extendedHeader(source: ByteSource, chunks: RiffChunk[]): Buffer {
  const existing = chunks.find(({ type }) => type === 'VP8X');
  if (existing !== undefined) return source.read(existing.dataAt, 10);
  const picture = chunks.find(({ type }) => type === 'VP8 ' || type === 'VP8L');
  if (picture === undefined) throw new MalformedMetadata('no picture in the WebP file');
  const head = source.read(picture.dataAt, 10);
  const header = Buffer.alloc(10);
  if (picture.type === 'VP8L') {
    const bits = head.readUInt32LE(1); // 14 bits of width - 1, 14 of height - 1, one for alpha
    header[0] = (bits >>> 28) & 1 ? feature.alpha : 0;
    header.writeUIntLE(bits & 0x3fff, 4, 3);
    header.writeUIntLE((bits >>> 14) & 0x3fff, 7, 3);
  } else {
    header.writeUIntLE((head.readUInt16LE(6) & 0x3fff) - 1, 4, 3);
    header.writeUIntLE((head.readUInt16LE(8) & 0x3fff) - 1, 7, 3);
  }
  if (chunks.some(({ type }) => type === 'ALPH')) header[0] = (header[0] ?? 0) | feature.alpha;
  if (chunks.some(({ type }) => type === 'ICCP')) header[0] = (header[0] ?? 0) | feature.icc;
  return header;
}
