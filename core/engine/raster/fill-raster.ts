import type { RasterShape, RasterWriter } from './raster.ts';
import { createRaster } from './tiff-raster-writer.ts';
import type { RasterExtra } from './tiff-layout.ts';

/** Creates a raster, lets `fill` write its rows, and closes it also when `fill` throws, whose error then wins. */
export function fillRaster(path: string, shape: RasterShape, extra: RasterExtra, fill: (writer: RasterWriter) => void): void {
  const writer = createRaster(path, shape, extra);
  try {
    fill(writer);
  } catch (thrown) {
    try {
      writer.close();
    } catch {
      // Rows are missing because `fill` failed: that reason goes on, not its consequence.
    }
    throw thrown;
  }
  writer.close();
}
