/** Grey pictures that are stored in three channels. */
import { allocateRows } from '../raster/raster.ts';
import type { RasterReader } from '../raster/raster.ts';

const rowsAtOnce = 64;

/** True when red, green and blue are equal in every visible pixel, or there is one of them only. Ends at the first pixel that is not. */
export function isNeutral(input: RasterReader): boolean {
  const { height, width, channels } = input.shape;
  if (channels < 3) return true;
  const samples = allocateRows(input.shape, Math.min(rowsAtOnce, height));
  for (let y = 0; y < height; y += rowsAtOnce) {
    const rows = Math.min(rowsAtOnce, height - y);
    input.readRows(y, rows, samples);
    const end = rows * width * channels;
    for (let index = 0; index < end; index += channels) {
      if (channels === 4 && samples[index + 3] === 0) continue;
      const red = samples[index];
      if (red !== samples[index + 1] || red !== samples[index + 2]) return false;
    }
  }
  return true;
}
