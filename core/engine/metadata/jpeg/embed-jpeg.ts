/** Puts metadata into an encoded JPEG: new segments behind SOI and JFIF, everything else copied. */
import type { ByteSource } from '../../container/byte-source.ts';
import {
  isJpegKind,
  jpegKind,
  jpegPayloadLimitBytes,
  type JpegSegment,
  jpegSegments,
  makeJpegSegment,
} from '../../container/jpeg-segments.ts';
import { shrinkExif } from '../exif/exif-tree.ts';
import { attempt } from '../malformed.ts';
import { resourcesOfIptc } from '../iptc/photoshop.ts';
import type { PhotoMetadata } from '../photo-metadata.ts';
import type { Piece } from '../rewrite.ts';
import { splitXmp } from '../xmp/extended-xmp.ts';

/** The pieces of the rewritten file. Blocks that do not fit are reported in `problems`. */
export function embedJpeg(source: ByteSource, meta: PhotoMetadata, problems: string[]): Piece[] {
  const segments = [...jpegSegments(source)];
  const jfif = segments.find((segment) => isJpegKind(source, segment, jpegKind.jfif));
  const replaced = segments.filter((segment) => segment === jfif || isReplaced(source, segment));
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
function isReplaced(source: ByteSource, segment: JpegSegment): boolean {
  const { exif, xmp, extendedXmp, photoshop, comment } = jpegKind;
  return [exif, xmp, extendedXmp, photoshop, comment].some((kind) => isJpegKind(source, segment, kind));
}

function jfifPieces(existing: JpegSegment | undefined, density: PhotoMetadata['density']): Piece[] {
  if (density === null) return existing === undefined ? [] : [{ from: existing.start, to: existing.end }];
  const payload = Buffer.from([1, 2, 1, 0, 0, 0, 0, 0, 0]); // version 1.02, dots an inch, no thumbnail
  payload.writeUInt16BE(clampDensity(density.x), 3);
  payload.writeUInt16BE(clampDensity(density.y), 5);
  return [makeJpegSegment(jpegKind.jfif, payload)];
}

function clampDensity(value: number): number {
  return Math.min(0xffff, Math.max(1, Math.round(value)));
}

function metadataPieces(meta: PhotoMetadata, problems: string[]): Piece[] {
  const pieces: Piece[] = [];
  const { exif, iptc, copyright, xmp } = meta;
  if (exif !== null) {
    const limit = jpegPayloadLimitBytes(jpegKind.exif);
    const shrunk = attempt(problems, 'EXIF', () => shrinkExif(exif, limit));
    if (shrunk !== null) pieces.push(makeJpegSegment(jpegKind.exif, shrunk.exif));
    for (const id of shrunk?.dropped ?? [])
      problems.push(`EXIF tag ${id} was left out: a JPEG holds at most ${limit} bytes of EXIF`);
  }
  if (xmp !== null) {
    const split = attempt(problems, 'XMP', () => splitXmp(xmp, jpegPayloadLimitBytes(jpegKind.xmp)));
    if (split !== null) {
      pieces.push(makeJpegSegment(jpegKind.xmp, Buffer.from(split.packet, 'utf8')));
      for (const segment of split.segments) pieces.push(makeJpegSegment(jpegKind.extendedXmp, segment));
    }
  }
  const resources = [iptc === null ? [] : [resourcesOfIptc(iptc)], copyright === null ? [] : [copyright]].flat();
  pieces.push(...photoshopPieces(Buffer.concat(resources)));
  for (const { keyword, text } of meta.notes) {
    const comment = Buffer.from(keyword === 'Comment' ? text : `${keyword}: ${text}`, 'utf8');
    const limit = jpegPayloadLimitBytes(jpegKind.comment);
    if (comment.length <= limit) pieces.push(makeJpegSegment(jpegKind.comment, comment));
    else problems.push(`The note ${keyword} was left out: a JPEG comment holds at most ${limit} bytes`);
  }
  return pieces;
}

/** Photoshop resources larger than a segment run on in the next. */
function photoshopPieces(resources: Uint8Array): Piece[] {
  const room = jpegPayloadLimitBytes(jpegKind.photoshop);
  const pieces: Piece[] = [];
  for (let at = 0; at < resources.length; at += room)
    pieces.push(makeJpegSegment(jpegKind.photoshop, resources.subarray(at, at + room)));
  return pieces;
}
