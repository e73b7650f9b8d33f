import { rowSamples } from './raster.ts';
import type { RasterShape, Samples } from './raster.ts';

/** Checks that rows y..y+rows-1 exist and that `samples` has their type and room; returns how many samples they are. */
export function checkRowRequest(shape: RasterShape, y: number, rows: number, samples: Samples): number {
  if (!Number.isInteger(y) || !Number.isInteger(rows) || y < 0 || rows < 0 || y + rows > shape.height) {
    throw new RangeError(`rows ${y}..${y + rows - 1} are not in a raster of ${shape.height} rows`);
  }
  if (samples.BYTES_PER_ELEMENT * 8 !== shape.bitDepth) {
    throw new TypeError(`a ${shape.bitDepth}-bit raster needs ${shape.bitDepth}-bit samples`);
  }
  const needed = rowSamples(shape) * rows;
  if (samples.length < needed) throw new RangeError(`${rows} rows are ${needed} samples, ${samples.length} were given`);
  return needed;
}
