import { endianness } from 'node:os';
import { openStore, type ByteStore, type RasterPlace } from './byte-store.ts';
import { rowSamples } from './raster.ts';
import type { RasterReader, RasterShape, Samples } from './raster.ts';
import { checkRowRequest } from './row-request.ts';
import { readRasterMap } from './tiff-directory.ts';
import type { TiffRasterMap } from './tiff-directory.ts';

/**
 * Opens a scratch raster that `createRaster` or `sharp(...).tiff({ compression: 'none' })` wrote.
 * Throws when the file is no uncompressed TIFF of 1..4 interleaved 8- or 16-bit samples.
 */
export function openRaster(place: RasterPlace): RasterReader {
  return new TiffRasterReader(place);
}

class TiffRasterReader implements RasterReader {
  readonly shape: RasterShape;
  readonly #store: ByteStore;
  readonly #map: TiffRasterMap;
  readonly #rowBytes: number;
  readonly #swap: boolean;
  #open = true;

  constructor(place: RasterPlace) {
    this.#store = openStore(place);
    try {
      this.#map = readRasterMap(this.#store);
    } catch (thrown) {
      this.#store.close();
      throw thrown;
    }
    this.shape = this.#map.shape;
    this.#rowBytes = rowSamples(this.shape) * (this.shape.bitDepth / 8);
    this.#swap = this.shape.bitDepth === 16 && this.#map.littleEndian !== (endianness() === 'LE');
  }

  readRows(y: number, rows: number, into: Samples): void {
    const samples = checkRowRequest(this.shape, y, rows, into);
    const bytes = Buffer.from(into.buffer, into.byteOffset, samples * into.BYTES_PER_ELEMENT);
    for (let done = 0; done < rows;) {
      const run = this.#contiguousRows(y + done, rows - done);
      this.#store.read(bytes.subarray(done * this.#rowBytes, (done + run) * this.#rowBytes), this.#position(y + done));
      done += run;
    }
    if (this.#swap) bytes.swap16();
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#store.close();
  }

  #position(y: number): number {
    const strip = Math.floor(y / this.#map.rowsPerStrip);
    return (this.#map.stripOffsets[strip] ?? NaN) + (y % this.#map.rowsPerStrip) * this.#rowBytes;
  }

  /** Rows from `y` on, at most `wanted`, that lie behind each other in the file. */
  #contiguousRows(y: number, wanted: number): number {
    const start = this.#position(y);
    let run = this.#map.rowsPerStrip - (y % this.#map.rowsPerStrip);
    while (run < wanted && this.#position(y + run) === start + run * this.#rowBytes) run += this.#map.rowsPerStrip;
    return Math.min(run, wanted);
  }
}
