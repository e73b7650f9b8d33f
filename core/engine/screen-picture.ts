/** Pixels for the screen: sRGB, 8 bits, alpha kept, without loss. */
import type { Sharp } from 'sharp';
import { MemoryPlace } from './raster/byte-store.ts';
import type { RasterShape, Samples } from './raster/raster.ts';
import { createRaster } from './raster/tiff-raster-writer.ts';
import { sharp } from './sharp.ts';

/** A picture of these samples, which are meant in the profile `icc` (null: sRGB). */
export function profiledPicture(shape: RasterShape, samples: Samples, icc: Uint8Array | null): Sharp {
  const place = new MemoryPlace();
  const raster = createRaster(place, shape, { icc, density: null });
  raster.writeRows(0, shape.height, samples);
  raster.close();
  return sharp(place.bytes, { limitInputPixels: false, unlimited: true });
}

/**
 * Writes them as a PNG whose pixels are merely wrapped: packing a tile costs several times what the rest of its way to the screen does.
 * Returns the bytes of the file.
 */
export async function writeScreenPicture(
  path: string,
  shape: RasterShape,
  samples: Samples,
  icc: Uint8Array | null,
): Promise<number> {
  const { size } = await profiledPicture(shape, samples, icc).toColourspace('srgb').png({ compressionLevel: 0 }).toFile(path);
  return size;
}
