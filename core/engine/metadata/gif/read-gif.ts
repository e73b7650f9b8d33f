/** Metadata of a GIF: the XMP application extension and comments. */
import type { ByteSource } from '../byte-source.ts';
import { attempt, blockLimitBytes, MalformedMetadata } from '../malformed.ts';
import { emptyMetadata, type PhotoMetadata } from '../photo-metadata.ts';
import { decodeText, decodeXmp } from '../text.ts';

/** Behind the packet stand 0x01, 0xFF, 0xFE … 0x00, 0x00, which make the packet walkable as sub-blocks (XMP part 3). */
const magicTrailerBytes = 258;
const noteLimit = 64;

export function readGif(source: ByteSource): PhotoMetadata {
  const meta = emptyMetadata();
  attempt(meta.problems, 'The GIF structure', () => {
    let at = 13 + tableBytes(source.read(10, 1)[0] ?? 0);
    for (;;) {
      const kind = at < source.sizeBytes ? source.read(at, 1)[0] : 0x3b;
      if (kind === 0x3b) return;
      if (kind === 0x2c) at = skipSubBlocks(source, at + 11 + tableBytes(source.read(at + 9, 1)[0] ?? 0));
      else if (kind === 0x21) at = readExtension(source, at, meta);
      else throw new MalformedMetadata('an unknown block');
    }
  });
  return meta;
}

function tableBytes(flags: number): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0;
}

function skipSubBlocks(source: ByteSource, at: number): number {
  let next = at;
  for (let length = source.read(next, 1)[0]; length !== 0; length = source.read(next, 1)[0]) next += 1 + (length ?? 0);
  return next + 1;
}

/** Returns the offset behind the extension. */
function readExtension(source: ByteSource, at: number, meta: PhotoMetadata): number {
  const label = source.read(at + 1, 1)[0];
  const end = skipSubBlocks(source, at + 2);
  const isXmp = label === 0xff && end - at > 14 && source.read(at + 2, 12).toString('latin1') === '\x0bXMP DataXMP';
  if (isXmp && meta.xmp === null) {
    const packetBytes = end - (at + 14) - magicTrailerBytes;
    if (packetBytes < 0 || packetBytes > blockLimitBytes) throw new MalformedMetadata('the XMP packet has a wrong length');
    meta.xmp = decodeXmp(source.read(at + 14, packetBytes));
  }
  if (label === 0xfe && meta.notes.length < noteLimit && end - at < blockLimitBytes) {
    meta.notes.push({ keyword: 'Comment', text: decodeText(joinSubBlocks(source.read(at + 2, end - at - 2))) });
  }
  return end;
}

function joinSubBlocks(bytes: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length && bytes[at] !== 0; at += 1 + (bytes[at] ?? 0))
    parts.push(bytes.subarray(at + 1, at + 1 + (bytes[at] ?? 0)));
  return Buffer.concat(parts);
}
