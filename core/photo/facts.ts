/** What is known of a photo before anything is decoded. Plain data that crosses processes. */
import { z } from 'zod';

export const photoFormats = ['jpeg', 'png', 'webp', 'tiff', 'avif', 'heic', 'gif'] as const;
export type PhotoFormat = (typeof photoFormats)[number];

export const photoFactsSchema = z.object({
  format: z.enum(photoFormats),
  /** Upright size in pixels: after the orientation of EXIF or HEIF was applied. */
  width: z.int().positive(),
  height: z.int().positive(),
  /** EXIF orientation 1..8 that turns the stored pixels upright; 1 where the container turns them itself. */
  orientation: z.int().min(1).max(8),
  /** Colour model of the stored pixels. */
  colour: z.enum(['grey', 'rgb', 'cmyk', 'other']),
  hasAlpha: z.boolean(),
  /** Significant bits a sample in the file (1, 2, 4, 8, 10, 12, 16, 32). */
  bitDepth: z.int().positive(),
  /** Progressive JPEG or interlaced PNG/GIF: the decoder must hold the whole picture. */
  progressive: z.boolean(),
  /** Name of the embedded ICC profile, or null when there is none. */
  profileName: z.string().nullable(),
  /** Frames or pages in the file; only the first is used. */
  pages: z.int().positive(),
  fileBytes: z.int().nonnegative(),
  /** SHA-256 of the file, lower-case hex. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Upper estimate of what decoding holds in memory. */
  decodeMemoryBytes: z.int().nonnegative(),
});
export type PhotoFacts = z.infer<typeof photoFactsSchema>;

/** Samples a pixel in the working raster: grey, grey+alpha, RGB, RGB+alpha. */
export type Channels = 1 | 2 | 3 | 4;
export type SampleDepth = 8 | 16;

/** Shape of the upright working raster made from a photo. */
export function rasterShape(facts: PhotoFacts): { channels: Channels; bitDepth: SampleDepth } {
  const colour = facts.colour === 'grey' ? 1 : 3;
  return {
    channels: (colour + (facts.hasAlpha ? 1 : 0)) as Channels,
    bitDepth: facts.bitDepth > 8 ? 16 : 8,
  };
}
