/** Metadata of a JPEG: the application segments before the first scan. */
import type { ByteSource } from '../../container/byte-source.ts';
import { isJpegKind, jpegKind, jpegPayload, type JpegSegment, jpegSegments } from '../../container/jpeg-segments.ts';
import { asBuffer } from '../as-buffer.ts';
import { attempt, blockLimitBytes, MalformedMetadata } from '../malformed.ts';
import { copyrightOfResources, iptcOfResources } from '../iptc/photoshop.ts';
import { emptyMetadata, type PhotoMetadata } from '../photo-metadata.ts';
import { decodeText, decodeXmp } from '../text.ts';

/** Most bytes of all segments together that are kept. */
const segmentsLimitBytes = 4 * blockLimitBytes;

interface Pieces {
  readonly profile: Buffer[];
  readonly resources: Buffer[];
}

export function readJpeg(source: ByteSource): PhotoMetadata {
  const meta = emptyMetadata();
  const pieces: Pieces = { profile: [], resources: [] };
  attempt(meta.problems, 'The header', () => {
    let totalBytes = 0;
    for (const segment of jpegSegments(source)) {
      if ((totalBytes += segment.dataBytes) > segmentsLimitBytes) throw new MalformedMetadata('it is too large');
      readSegment(source, segment, meta, pieces);
    }
  });
  meta.icc = attempt(meta.problems, 'The ICC profile', () => joinProfile(pieces.profile));
  const resources = Buffer.concat(pieces.resources);
  meta.iptc = iptcOfResources(resources);
  meta.copyright = copyrightOfResources(resources);
  return meta;
}

function readSegment(source: ByteSource, segment: JpegSegment, meta: PhotoMetadata, { profile, resources }: Pieces): void {
  const kind = Object.values(jpegKind).find((candidate) => isJpegKind(source, segment, candidate));
  if (kind === undefined) return;
  const payload = jpegPayload(source, segment, kind);
  switch (kind) {
    case jpegKind.jfif:
      meta.density ??= jfifDensity(payload);
      break;
    case jpegKind.exif:
      meta.exif ??= payload;
      break;
    case jpegKind.xmp:
      meta.xmp ??= attempt(meta.problems, 'XMP', () => decodeXmp(payload));
      break;
    case jpegKind.extendedXmp:
      meta.extendedXmp.push(payload);
      break;
    case jpegKind.icc:
      profile.push(payload);
      break;
    case jpegKind.photoshop:
      resources.push(payload);
      break;
    case jpegKind.comment:
      if (payload.length > 0) meta.notes.push({ keyword: 'Comment', text: decodeText(payload) });
  }
}

/** Units 1 and 2 are dots an inch and a centimetre; 0 is a mere aspect ratio. */
function jfifDensity(payload: Buffer): PhotoMetadata['density'] {
  if (payload.length < 7) return null;
  const perInch = { 1: 1, 2: 2.54 }[payload[2] ?? 0];
  const [x, y] = [payload.readUInt16BE(3), payload.readUInt16BE(5)];
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
