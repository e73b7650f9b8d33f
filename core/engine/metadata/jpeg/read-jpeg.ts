/** Metadata of a JPEG: the application segments before the first scan. */
import { asBuffer, type ByteSource } from '../byte-source.ts';
import { attempt, blockLimitBytes, MalformedMetadata } from '../malformed.ts';
import { iptcOfResources } from '../iptc/photoshop.ts';
import { emptyMetadata, type PhotoMetadata } from '../photo-metadata.ts';
import { decodeText, decodeXmp } from '../text.ts';

export const jpegPrefix = {
  exif: 'Exif\0\0',
  xmp: 'http://ns.adobe.com/xap/1.0/\0',
  extendedXmp: 'http://ns.adobe.com/xmp/extension/\0',
  icc: 'ICC_PROFILE\0',
  photoshop: 'Photoshop 3.0\0',
  jfif: 'JFIF\0',
} as const;

export interface JpegSegment {
  readonly marker: number;
  /** Offset of the 0xFF of the marker, fill bytes skipped. */
  readonly start: number;
  readonly end: number;
  /** Payload behind the length field. */
  readonly payload: Buffer;
}

/** The segments from SOI to the first scan header (excluded). Stops where the markers stop making sense. */
export function* jpegSegments(source: ByteSource): Generator<JpegSegment> {
  let total = 0;
  for (let at = 2; at + 4 <= source.sizeBytes;) {
    const head = source.read(at, 4);
    const marker = head[1] ?? 0;
    if (head[0] !== 0xff) return;
    if (marker === 0xff) {
      at++;
      continue;
    }
    // Restart markers, SOI, EOI, and SOS: from here on it is picture data. Some writers put APP1 behind the frame header.
    if (marker < 0xc0 || (marker >= 0xd0 && marker <= 0xda)) return;
    const end = at + 2 + head.readUInt16BE(2);
    if (end < at + 4 || end > source.sizeBytes || (total += end - at) > 4 * blockLimitBytes) return;
    yield { marker, start: at, end, payload: source.read(at + 4, end - at - 4) };
    at = end;
  }
}

export function readJpeg(source: ByteSource): PhotoMetadata {
  const meta = emptyMetadata();
  const profile: Buffer[] = [];
  const resources: Buffer[] = [];
  for (const { marker, payload } of jpegSegments(source)) {
    const startsWith = (prefix: string) => payload.toString('latin1', 0, prefix.length) === prefix;
    if (marker === 0xe0 && startsWith(jpegPrefix.jfif)) meta.density ??= jfifDensity(payload);
    else if (marker === 0xe1 && startsWith(jpegPrefix.exif)) meta.exif ??= payload.subarray(jpegPrefix.exif.length);
    else if (marker === 0xe1 && startsWith(jpegPrefix.xmp)) {
      meta.xmp ??= attempt(meta.problems, 'XMP', () => decodeXmp(payload.subarray(jpegPrefix.xmp.length)));
    } else if (marker === 0xe1 && startsWith(jpegPrefix.extendedXmp))
      meta.extendedXmp.push(payload.subarray(jpegPrefix.extendedXmp.length));
    else if (marker === 0xe2 && startsWith(jpegPrefix.icc)) profile.push(payload.subarray(jpegPrefix.icc.length));
    else if (marker === 0xed && startsWith(jpegPrefix.photoshop)) resources.push(payload.subarray(jpegPrefix.photoshop.length));
    else if (marker === 0xfe && payload.length > 0) meta.notes.push({ keyword: 'Comment', text: decodeText(payload) });
  }
  meta.icc = attempt(meta.problems, 'The ICC profile', () => joinProfile(profile));
  meta.iptc = iptcOfResources(Buffer.concat(resources));
  return meta;
}

/** Units 1 and 2 are dots an inch and a centimetre; 0 is a mere aspect ratio. */
function jfifDensity(payload: Buffer): PhotoMetadata['density'] {
  if (payload.length < 12) return null;
  const perInch = { 1: 1, 2: 2.54 }[payload[7] ?? 0];
  const [x, y] = [payload.readUInt16BE(8), payload.readUInt16BE(10)];
  return perInch !== undefined && x > 0 && y > 0 ? { x: x * perInch, y: y * perInch } : null;
}

/** Each chunk says its number (from 1) and how many there are. */
function joinProfile(chunks: Buffer[]): Uint8Array | null {
  if (chunks.length === 0) return null;
  const sorted = [...chunks].sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0));
  const isComplete = sorted.every((chunk, index) => chunk[0] === index + 1 && chunk[1] === sorted.length);
  if (!isComplete) throw new MalformedMetadata('its chunks do not fit together');
  return asBuffer(Buffer.concat(sorted.map((chunk) => chunk.subarray(2))));
}
