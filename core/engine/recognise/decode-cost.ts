/** What decoding a photo holds in memory, and the limits beyond which it is refused before it begins. */
import { EnlargerError } from '../../photo/failure.ts';
import type { PhotoHeader } from './photo-header.ts';

/** Limits of one decode. Sides and pixels are those of the stored picture. */
export const decodeLimits = {
  memoryBytes: Math.floor(1.2 * 2 ** 30),
  /** The picture itself, uncompressed: 200 megapixels of RGB, and what keeps every later step within its memory and disk. */
  decodedBytes: 640 * 2 ** 20,
  pixels: 200_000_000,
  sidePixels: 65_500,
} as const;

// Measured with sharp 0.35.5: libvips keeps bands of rows for each of its threads, about 1000 rows together, and code,
// tables and file buffers are a few tens of megabytes, however small the photo.
const bufferedRows = 1024;
const baseBytes = 48 * 1024 * 1024;

/** Upper estimate, in bytes, of what decoding and turning upright hold at once. */
export function decodeMemoryBytes(header: PhotoHeader): number {
  const pixelBytes = bytesPerPixel(header);
  const picture = header.width * header.height * pixelBytes;
  // Mirroring left to right works row by row; every other turn needs the whole picture.
  const turns = header.orientation > 2 ? picture : 0;
  const rows = Math.min(header.height, bufferedRows) * header.width * pixelBytes;
  return Math.ceil(baseBytes + rows + header.heldBytes + turns);
}

function bytesPerPixel(header: PhotoHeader): number {
  const channels = (header.colour === 'grey' ? 1 : header.colour === 'cmyk' ? 4 : 3) + (header.hasAlpha ? 1 : 0);
  return channels * (header.bitDepth > 8 ? 2 : 1);
}

/** Throws `too-large`, with the figures and a way out, when a photo is beyond the limits. */
export function refuseTooLarge(header: PhotoHeader): void {
  const { width, height } = header;
  const size = `${String(width)} × ${String(height)} pixels`;
  if (Math.max(width, height) > decodeLimits.sidePixels) {
    throw new EnlargerError(
      'too-large',
      `The photo has ${size}; a side of at most ${String(decodeLimits.sidePixels)} pixels can be read. Cut or shrink it first.`,
    );
  }
  if (width * height > decodeLimits.pixels) {
    const megapixels = Math.round((width * height) / 1e6);
    throw new EnlargerError(
      'too-large',
      `The photo has ${size} (${String(megapixels)} megapixels); at most ${String(decodeLimits.pixels / 1e6)} megapixels can be read. Cut or shrink it first.`,
    );
  }
  const reason = header.progressive
    ? ', because it is stored progressively. Save it without "progressive" or "interlaced", or cut or shrink it'
    : '. Cut or shrink it';
  const picture = width * height * bytesPerPixel(header);
  // A progressive or interlaced picture is there twice: as it arrives, and whole.
  for (const [bytes, limit] of [
    [picture + (header.progressive ? header.heldBytes : 0), decodeLimits.decodedBytes],
    [decodeMemoryBytes(header), decodeLimits.memoryBytes],
  ] as const) {
    if (bytes <= limit) continue;
    throw new EnlargerError(
      'too-large',
      `The photo has ${size}; reading it needs ${megabytes(bytes)} MB of memory and at most ${megabytes(limit)} MB are allowed${reason} first.`,
    );
  }
}

function megabytes(bytes: number): string {
  return String(Math.round(bytes / 2 ** 20));
}
