/** What each output format can hold. Sides in pixels; limits are those of the formats and of the encoders in use. */
import type { PhotoFormat } from './facts.ts';
import type { OutputFormat } from './recipe.ts';

export interface FormatTraits {
  readonly extension: string;
  readonly name: string;
  /** Longest side, in pixels. */
  readonly maxSide: number;
  /** Most pixels the encoder can take within the memory budget, or null when it works row by row. */
  readonly maxPixels: number | null;
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

export const formatTraits: Record<OutputFormat, FormatTraits> = {
  jpeg: { extension: 'jpg', name: 'JPEG', maxSide: 65_500, maxPixels: null, maxDepth: 8, alpha: false, grey: true, defaultQuality: 95, typicalBitsPerPixel: 3 },
  png: { extension: 'png', name: 'PNG', maxSide: 1_000_000, maxPixels: null, maxDepth: 16, alpha: true, grey: true, defaultQuality: null, typicalBitsPerPixel: 14 },
  webp: { extension: 'webp', name: 'WebP', maxSide: 16_383, maxPixels: null, maxDepth: 8, alpha: true, grey: false, defaultQuality: 92, typicalBitsPerPixel: 1.6 },
  // The AV1 encoder holds the whole picture several times over: about 14 bytes a pixel were measured.
  avif: { extension: 'avif', name: 'AVIF', maxSide: 16_384, maxPixels: 60_000_000, maxDepth: 12, alpha: true, grey: false, defaultQuality: 75, typicalBitsPerPixel: 1 },
  tiff: { extension: 'tif', name: 'TIFF', maxSide: 1_000_000, maxPixels: null, maxDepth: 16, alpha: true, grey: true, defaultQuality: null, typicalBitsPerPixel: 16 },
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

/** Formats, by name, that can hold a picture of this size. */
export function formatsThatHold(width: number, height: number): string[] {
  return Object.values(formatTraits)
    .filter((traits) => fits(traits, width, height))
    .map((traits) => traits.name);
}

export function fits(traits: FormatTraits, width: number, height: number): boolean {
  return Math.max(width, height) <= traits.maxSide && (traits.maxPixels === null || width * height <= traits.maxPixels);
}
