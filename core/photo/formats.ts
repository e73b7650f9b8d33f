/** What each output format can hold. Sides in pixels; limits are those of the formats and of the encoders in use. */
import type { PhotoFormat } from './facts.ts';
import type { OutputFormat } from './recipe.ts';

export interface FormatTraits {
  readonly extension: string;
  readonly name: string;
  /** Longest side, in pixels. */
  readonly maxSide: number;
  /** Memory the encoder holds, bytes a pixel, for 8-bit and deeper pictures; 0 when it works row by row. */
  readonly encodeBytesPerPixel: { readonly shallow: number; readonly deep: number };
  /** Bits a sample that a 16-bit picture keeps. */
  readonly maxDepth: 8 | 12 | 16;
  readonly alpha: boolean;
  /** Has a single-channel form; otherwise grey is written as three equal channels. */
  readonly grey: boolean;
  /** Default quality 1..100, or null where quality means nothing. */
  readonly defaultQuality: number | null;
  /** Bits a pixel of a typical enlarged photo at the default quality: for estimates of disk only. */
  readonly typicalBitsPerPixel: number;
}

const rowByRow = { shallow: 0, deep: 0 };

export const formatTraits: Record<OutputFormat, FormatTraits> = {
  jpeg: {
    extension: 'jpg',
    name: 'JPEG',
    maxSide: 65_500,
    encodeBytesPerPixel: rowByRow,
    maxDepth: 8,
    alpha: false,
    grey: true,
    defaultQuality: 95,
    typicalBitsPerPixel: 3,
  },
  png: {
    extension: 'png',
    name: 'PNG',
    maxSide: 1_000_000,
    encodeBytesPerPixel: rowByRow,
    maxDepth: 16,
    alpha: true,
    grey: true,
    defaultQuality: null,
    typicalBitsPerPixel: 14,
  },
  webp: {
    extension: 'webp',
    name: 'WebP',
    maxSide: 16_383,
    encodeBytesPerPixel: { shallow: 6, deep: 6 },
    maxDepth: 8,
    alpha: true,
    grey: false,
    defaultQuality: 92,
    typicalBitsPerPixel: 1.6,
  },
  // The AV1 encoder holds the whole picture many times over: 36 and 51 bytes a pixel were measured at 4:4:4.
  avif: {
    extension: 'avif',
    name: 'AVIF',
    maxSide: 16_384,
    encodeBytesPerPixel: { shallow: 36, deep: 51 },
    maxDepth: 12,
    alpha: true,
    grey: false,
    defaultQuality: 75,
    typicalBitsPerPixel: 1,
  },
  tiff: {
    extension: 'tif',
    name: 'TIFF',
    maxSide: 1_000_000,
    encodeBytesPerPixel: rowByRow,
    maxDepth: 16,
    alpha: true,
    grey: true,
    defaultQuality: null,
    typicalBitsPerPixel: 16,
  },
};

/** The format that `same` means for an original: itself, or the nearest one that can be written. */
export function sameFormat(format: PhotoFormat): { format: OutputFormat; note: string | null } {
  switch (format) {
    case 'heic':
      return { format: 'jpeg', note: 'HEIC can be read but not written: the result is a JPEG' };
    case 'gif':
      return { format: 'png', note: 'GIF holds 256 colours only: the result is a PNG' };
    case 'jpeg':
    case 'png':
    case 'webp':
    case 'tiff':
    case 'avif':
      return { format, note: null };
  }
}

export interface PictureSize {
  readonly width: number;
  readonly height: number;
  readonly bitDepth: 8 | 16;
}

/** Whether a format's own limits and the memory for its encoder, in bytes, allow a picture. */
export function fits(traits: FormatTraits, picture: PictureSize, memoryBytes: number): boolean {
  return Math.max(picture.width, picture.height) <= traits.maxSide && encoderBytes(traits, picture) <= memoryBytes;
}

/** What the encoder of a format holds of a picture beyond a band of rows. */
export function encodeMemoryBytes(format: OutputFormat, picture: PictureSize): number {
  return encoderBytes(formatTraits[format], picture);
}

function encoderBytes(traits: FormatTraits, picture: PictureSize): number {
  const deep = picture.bitDepth === 16 && traits.maxDepth > 8;
  return picture.width * picture.height * (deep ? traits.encodeBytesPerPixel.deep : traits.encodeBytesPerPixel.shallow);
}

/** Formats, by name, that can hold a picture. */
export function formatsThatHold(picture: PictureSize, memoryBytes: number): string[] {
  return Object.values(formatTraits)
    .filter((traits) => fits(traits, picture, memoryBytes))
    .map((traits) => traits.name);
}
