import type { PhotoFacts, PhotoFormat } from '../../photo/facts.ts';
import type { Chromaticities } from '../colour/matrix-profile.ts';

/** Coding-independent code points (ITU-T H.273) of a HEIF or PNG file. */
export interface Cicp {
  readonly primaries: number;
  readonly transfer: number;
}

/** A PNG's gAMA (the exponent from light to device value) and cHRM as they stand, unchecked; null where there is none. */
export interface PngColours {
  readonly gamma: number | null;
  readonly primaries: Chromaticities | null;
}

/** What a header says about the stored pixels, before they are turned upright. */
export interface PhotoHeader {
  readonly format: PhotoFormat;
  /** Size as stored, in pixels; for HEIF and AVIF after the container's own turns. */
  readonly width: number;
  readonly height: number;
  /** EXIF orientation 1..8 still to be applied. */
  readonly orientation: number;
  readonly colour: PhotoFacts['colour'];
  readonly hasAlpha: boolean;
  /** Significant bits a sample. */
  readonly bitDepth: number;
  readonly progressive: boolean;
  readonly pages: number;
  /** Embedded ICC profile, or null; at most 16 MiB. */
  readonly icc: Uint8Array | null;
  /** Bytes that the decoder holds beyond a few rows: coefficients, a whole picture, the largest strip. */
  readonly heldBytes: number;
  /** TIFF only: samples a pixel beyond colour and alpha, which are left out. */
  readonly extraSamples?: number;
  /** Colours named by number instead of by a profile, or absent. */
  readonly cicp?: Cicp;
  /** PNG only: colours named by gAMA or cHRM and not by an sRGB chunk; a profile and `cicp` count more. */
  readonly pngColours?: PngColours;
  /** The container turns the picture by 90°, so its decoder holds the whole picture twice. */
  readonly turned?: boolean;
}
