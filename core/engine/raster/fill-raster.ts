import type { RasterPlace } from './byte-store.ts';
import type { RasterShape, RasterWriter } from './raster.ts';
import { createRaster } from './tiff-raster-writer.ts';
import type { RasterExtra } from './tiff-fields.ts';

/** Creates a raster, lets `fill` write its rows, and closes it also when `fill` throws, whose error then wins. */
export function fillRaster(
  place: RasterPlace,
  shape: RasterShape,
  extra: RasterExtra,
  fill: (writer: RasterWriter) => void,
): void {
  const writer = createRaster(place, shape, extra);
  try {
    fill(writer);
  } catch (thrown) {
    abandonRaster(writer);
    throw thrown;
  }
  writer.close();
}

/** Closes a raster whose rows are missing because filling it failed: that reason goes on, not its consequence. */
export function abandonRaster(writer: RasterWriter): void {
  try {
    writer.close();
  } catch {
    // The missing rows are what it complains of.
  }
}
