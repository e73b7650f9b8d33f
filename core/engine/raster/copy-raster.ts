import { EnlargerError } from '../../photo/failure.ts';
import { allocateRows, type RasterReader, type RasterWriter } from './raster.ts';

const bandRows = 64;

/** Copies all rows. Throws `cancelled` when the signal aborts. */
export async function copyRaster(input: RasterReader, output: RasterWriter, signal: AbortSignal): Promise<void> {
  const { height } = input.shape;
  const band = allocateRows(input.shape, Math.min(bandRows, height));
  for (let y = 0; y < height; y += bandRows) {
    const rows = Math.min(bandRows, height - y);
    input.readRows(y, rows, band);
    output.writeRows(y, rows, band.subarray(0, (band.length / Math.min(bandRows, height)) * rows));
    await new Promise(setImmediate);
    if (signal.aborted) throw new EnlargerError('cancelled', 'The photo was cancelled.');
  }
}
