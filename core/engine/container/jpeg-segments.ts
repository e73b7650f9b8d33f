/** The marker segments in front of a JPEG's first scan: ITU-T T.81, B.1.1; EXIF 2.3, XMP part 3, ICC.1 B.4. */
import type { ByteSource } from './byte-source.ts';
import { MalformedContainer } from './malformed-container.ts';

export interface JpegSegment {
  /** The byte behind the 0xFF. */
  readonly marker: number;
  /** Offset of the 0xFF of the marker, fill bytes skipped. */
  readonly start: number;
  /** The payload, behind the length field. */
  readonly dataAt: number;
  readonly dataBytes: number;
  /** May lie behind the end of a file that is cut off. */
  readonly end: number;
}

interface JpegSegmentKind {
  readonly marker: number;
  /** What the payload begins with. */
  readonly prefix: string;
}

/** Application segments and comments that say something about the photo. */
export const jpegKind = {
  jfif: { marker: 0xe0, prefix: 'JFIF\0' },
  exif: { marker: 0xe1, prefix: 'Exif\0\0' },
  xmp: { marker: 0xe1, prefix: 'http://ns.adobe.com/xap/1.0/\0' },
  extendedXmp: { marker: 0xe1, prefix: 'http://ns.adobe.com/xmp/extension/\0' },
  icc: { marker: 0xe2, prefix: 'ICC_PROFILE\0' },
  photoshop: { marker: 0xed, prefix: 'Photoshop 3.0\0' },
  comment: { marker: 0xfe, prefix: '' },
} as const satisfies Record<string, JpegSegmentKind>;

export const startOfScan = 0xda;
const endOfImage = 0xd9;
// Longer than any padding that cameras write between segments.
const garbageLimitBytes = 64 * 1024;
const segmentLimit = 100_000;

/**
 * The segments from SOI on to the header of the first scan, which is the last one. As every decoder does, it
 * skips garbage between segments. Throws `MalformedContainer` when there is no scan.
 */
export function* jpegSegments(source: ByteSource): Generator<JpegSegment> {
  for (let at = 2, count = 0; count < segmentLimit; count++) {
    const codeAt = nextMarker(source, at);
    const marker = source.u8(codeAt);
    at = codeAt + 1;
    if (isStandalone(marker)) continue;
    if (marker === endOfImage) throw new MalformedContainer('it ends before its picture begins');
    const length = source.u16(at);
    if (length < 2) throw new MalformedContainer('a part of its header has no length');
    yield { marker, start: codeAt - 1, dataAt: at + 2, dataBytes: length - 2, end: at + length };
    if (marker === startOfScan) return;
    at += length;
  }
  throw new MalformedContainer('its header has too many parts');
}

export function isJpegKind(source: ByteSource, segment: JpegSegment, { marker, prefix }: JpegSegmentKind): boolean {
  const isLongEnough = segment.marker === marker && segment.dataBytes >= prefix.length;
  return isLongEnough && source.text(segment.dataAt, prefix.length) === prefix;
}

/** The payload behind the kind's prefix. */
export function jpegPayload(source: ByteSource, segment: JpegSegment, { prefix }: JpegSegmentKind): Buffer {
  return source.read(segment.dataAt + prefix.length, segment.dataBytes - prefix.length);
}

/** Most bytes behind the prefix: a segment's length field has 16 bits and counts itself. */
export function jpegPayloadLimitBytes({ prefix }: JpegSegmentKind): number {
  return 0xffff - 2 - prefix.length;
}

/** A whole segment; `payload` is at most `jpegPayloadLimitBytes`. */
export function makeJpegSegment({ marker, prefix }: JpegSegmentKind, payload: Uint8Array): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(2 + prefix.length + payload.length, 2);
  return Buffer.concat([head, Buffer.from(prefix, 'latin1'), payload]);
}

/** Where the code of the next marker stands, garbage and fill bytes skipped. */
function nextMarker(source: ByteSource, from: number): number {
  let at = from;
  const skip = (isSkipped: (byte: number) => boolean): void => {
    while (isSkipped(source.u8(at))) {
      if (++at > from + garbageLimitBytes) throw new MalformedContainer('its header is broken off');
    }
  };
  skip((byte) => byte !== 0xff);
  skip((byte) => byte === 0xff);
  return at;
}

/** Markers without a segment: stuffed zero, TEM, restart markers and a repeated start of image. */
function isStandalone(marker: number): boolean {
  return marker === 0x00 || marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
}
