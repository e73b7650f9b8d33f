/** JPEG, PNG, WebP, TIFF, GIF and AVIF through libvips, as one stream from the file to the scratch raster. */
import { open } from 'node:fs/promises';
import type { RasterShape } from '../raster/raster.ts';
import { decodeLimits } from '../recognise/decode-cost.ts';
import type { PhotoHeader } from '../recognise/photo-header.ts';
import { damaged } from '../recognise/refusals.ts';
import { sharp } from '../sharp.ts';
import type { Sharp } from '../sharp.ts';
import { turnUpright } from './upright.ts';

const classicTiffBytes = 4_000_000_000;
const sharpFormats: Readonly<Record<string, string>> = { avif: 'heif' };

/**
 * Writes the upright device values of a photo to `scratchPath`, an uncompressed TIFF.
 * `shape` is what the raster must become. Errors of sharp come through as they are.
 */
export async function decodeBySharp(path: string, header: PhotoHeader, shape: RasterShape, scratchPath: string): Promise<void> {
  const image = await openImage(path, header);
  const stored = await image.metadata();
  if (stored.format !== (sharpFormats[header.format] ?? header.format)) throw damaged('its content is not what its header says');
  if (stored.width !== header.width || stored.height !== header.height) throw damaged('its size is not what its header says');

  let pipeline = turnUpright(image, header.orientation);
  if (!header.hasAlpha) pipeline = stored.hasAlpha ? pipeline.removeAlpha() : pipeline;
  else if (!stored.hasAlpha) pipeline = pipeline.ensureAlpha(1);
  const grey = shape.channels <= 2;
  const space = shape.bitDepth === 16 ? (grey ? 'grey16' : 'rgb16') : grey ? 'b-w' : 'srgb';
  // Asking to keep the profile is what makes sharp leave the samples alone; converting is for colours that no raster has.
  const converted = header.colour === 'cmyk' || header.colour === 'other';
  pipeline = converted ? pipeline.withIccProfile('srgb') : pipeline.keepIccProfile();
  await pipeline
    .toColourspace(space)
    .tiff({
      compression: 'none',
      bigtiff: header.width * header.height * shape.channels * (shape.bitDepth / 8) > classicTiffBytes,
    })
    .toFile(scratchPath);
}

async function openImage(path: string, header: PhotoHeader): Promise<Sharp> {
  const input = header.format === 'avif' ? await readAsStillAvif(path) : path;
  return sharp(input, { failOn: 'error', limitInputPixels: decodeLimits.pixels, autoOrient: false });
}

async function readAsStillAvif(path: string): Promise<string | Buffer> {
  await using handle = await open(path, 'r');
  const head = Buffer.alloc(brandAt + animationBrand.length);
  await handle.read(head, 0, head.length, 0);
  return isAnimation(head) ? asStillAvif(await handle.readFile()) : path;
}

const brandAt = 8;
const animationBrand = 'avis';

/**
 * libvips looks at the main brand only and does not know that of animations, although their still picture
 * decodes like any other; so such a file is handed over with the still picture's brand in front.
 */
export function asStillAvif(file: Buffer): Buffer {
  if (!isAnimation(file)) return file;
  const bytes = Buffer.from(file);
  bytes.write('avif', brandAt, 'latin1');
  return bytes;
}

function isAnimation(head: Buffer): boolean {
  return head.toString('latin1', brandAt, brandAt + animationBrand.length) === animationBrand;
}
