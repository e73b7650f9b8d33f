/** Puts metadata into an encoded JPEG: new segments behind SOI and JFIF, everything else copied. */
import type { ByteSource } from '../byte-source.ts';
import { shrinkExif } from '../exif/exif-tree.ts';
import { attempt } from '../malformed.ts';
import { resourcesOfIptc } from '../iptc/photoshop.ts';
import type { PhotoMetadata } from '../photo-metadata.ts';
import type { Piece } from '../rewrite.ts';
import { splitXmp } from '../xmp/extended-xmp.ts';
import { jpegPrefix, type JpegSegment, jpegSegments } from './read-jpeg.ts';

/** A segment's length field counts itself, which leaves 65,533 bytes. */
const payloadLimitBytes = 65_533;

/** The pieces of the rewritten file. Blocks that do not fit are reported in `problems`. */
export function embedJpeg(source: ByteSource, meta: PhotoMetadata, problems: string[]): Piece[] {
  const segments = [...jpegSegments(source)];
  const jfif = segments.find((segment) => hasPrefix(segment, 0xe0, jpegPrefix.jfif));
  const replaced = segments.filter((segment) => segment === jfif || isReplaced(segment));
  const kept: Piece[] = [];
  let at = 2;
  for (const segment of replaced) {
    kept.push({ from: at, to: segment.start });
    at = segment.end;
  }
  return [
    source.read(0, 2),
    ...jfifPieces(jfif, meta.density),
    ...metadataPieces(meta, problems),
    ...kept,
    { from: at, to: source.sizeBytes },
  ];
}

/** Whatever metadata the encoder wrote gives way; ICC, Adobe and table segments stay. */
function isReplaced(segment: JpegSegment): boolean {
  const { exif, xmp, extendedXmp, photoshop } = jpegPrefix;
  const isApp1 = [exif, xmp, extendedXmp].some((prefix) => hasPrefix(segment, 0xe1, prefix));
  return isApp1 || hasPrefix(segment, 0xed, photoshop) || segment.marker === 0xfe;
}

function hasPrefix(segment: JpegSegment, marker: number, prefix: string): boolean {
  return segment.marker === marker && segment.payload.toString('latin1', 0, prefix.length) === prefix;
}

function jfifPieces(existing: JpegSegment | undefined, density: PhotoMetadata['density']): Piece[] {
  if (density === null) return existing === undefined ? [] : [{ from: existing.start, to: existing.end }];
  const payload = Buffer.from('JFIF\0\x01\x02\x01\0\0\0\0\0\0', 'latin1');
  payload.writeUInt16BE(clampDensity(density.x), 8);
  payload.writeUInt16BE(clampDensity(density.y), 10);
  return [jpegSegment(0xe0, payload)];
}

function clampDensity(value: number): number {
  return Math.min(0xffff, Math.max(1, Math.round(value)));
}

function metadataPieces(meta: PhotoMetadata, problems: string[]): Piece[] {
  const pieces: Piece[] = [];
  const { exif, iptc, xmp } = meta;
  if (exif !== null) {
    const limit = payloadLimitBytes - jpegPrefix.exif.length;
    const shrunk = attempt(problems, 'EXIF', () => shrinkExif(exif, limit));
    if (shrunk !== null) pieces.push(prefixed(0xe1, jpegPrefix.exif, shrunk.exif));
    for (const id of shrunk?.dropped ?? [])
      problems.push(`EXIF tag ${id} was left out: a JPEG holds at most ${limit} bytes of EXIF`);
  }
  if (xmp !== null) {
    const split = attempt(problems, 'XMP', () => splitXmp(xmp, payloadLimitBytes - jpegPrefix.xmp.length));
    if (split !== null) {
      pieces.push(prefixed(0xe1, jpegPrefix.xmp, Buffer.from(split.packet, 'utf8')));
      for (const segment of split.segments) pieces.push(prefixed(0xe1, jpegPrefix.extendedXmp, segment));
    }
  }
  if (iptc !== null) pieces.push(...photoshopPieces(resourcesOfIptc(iptc)));
  for (const { keyword, text } of meta.notes) {
    const comment = Buffer.from(keyword === 'Comment' ? text : `${keyword}: ${text}`, 'utf8');
    if (comment.length <= payloadLimitBytes) pieces.push(jpegSegment(0xfe, comment));
    else problems.push(`The note ${keyword} was left out: a JPEG comment holds at most ${payloadLimitBytes} bytes`);
  }
  return pieces;
}

/** Photoshop resources larger than a segment run on in the next. */
function photoshopPieces(resources: Uint8Array): Piece[] {
  const room = payloadLimitBytes - jpegPrefix.photoshop.length;
  const pieces: Piece[] = [];
  for (let at = 0; at < resources.length; at += room)
    pieces.push(prefixed(0xed, jpegPrefix.photoshop, resources.subarray(at, at + room)));
  return pieces;
}

function prefixed(marker: number, prefix: string, data: Uint8Array): Uint8Array {
  return jpegSegment(marker, Buffer.concat([Buffer.from(prefix, 'latin1'), data]));
}

function jpegSegment(marker: number, payload: Uint8Array): Uint8Array {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(payload.length + 2, 2);
  return Buffer.concat([head, payload]);
}
