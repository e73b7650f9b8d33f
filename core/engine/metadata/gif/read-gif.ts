/** Metadata of a GIF: the XMP application extension and comments. */
import type { ByteSource } from '../../container/byte-source.ts';
import { gifBlocks } from '../../container/gif-blocks.ts';
import { attempt, blockLimitBytes, MalformedMetadata } from '../malformed.ts';
import { emptyMetadata, type PhotoMetadata } from '../photo-metadata.ts';
import { decodeText, decodeXmp } from '../text.ts';

/** Behind the packet stand 0x01, 0xFF, 0xFE … 0x00, 0x00, which make the packet walkable as sub-blocks (XMP part 3). */
const magicTrailerBytes = 258;
const noteLimit = 64;

export function readGif(source: ByteSource): PhotoMetadata {
  const meta = emptyMetadata();
  attempt(meta.problems, 'The GIF structure', () => {
    for (const { kind, start, subBlocksAt, end } of gifBlocks(source)) {
      if (kind === 'extension' && end !== null) readExtension(source, source.u8(start + 1), subBlocksAt, end, meta);
    }
  });
  return meta;
}

function readExtension(source: ByteSource, label: number, at: number, end: number, meta: PhotoMetadata): void {
  const isXmp = label === 0xff && end - at > 12 && source.text(at, 12) === '\x0bXMP DataXMP';
  if (isXmp && meta.xmp === null) {
    const packetBytes = end - (at + 12) - magicTrailerBytes;
    if (packetBytes < 0 || packetBytes > blockLimitBytes) throw new MalformedMetadata('the XMP packet has a wrong length');
    meta.xmp = decodeXmp(source.read(at + 12, packetBytes));
  }
  if (label === 0xfe && meta.notes.length < noteLimit && end - at < blockLimitBytes) {
    meta.notes.push({ keyword: 'Comment', text: decodeText(joinSubBlocks(source.read(at, end - at))) });
  }
}

function joinSubBlocks(bytes: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length && bytes[at] !== 0; at += 1 + (bytes[at] ?? 0))
    parts.push(bytes.subarray(at + 1, at + 1 + (bytes[at] ?? 0)));
  return Buffer.concat(parts);
}
