import { createStore, type ByteStore, type RasterPlace } from './byte-store.ts';
import type { RasterShape, RasterWriter, Samples } from './raster.ts';
import { checkRowRequest } from './row-request.ts';
import { tiffLayout } from './tiff-layout.ts';
import type { RasterExtra } from './tiff-fields.ts';

/**
 * Creates a scratch raster (an existing file is emptied). It is a TIFF that sharp reads as
 * it is, profile, density and unassociated alpha included, BigTIFF when it passes 4 GiB.
 * Throws `disk-full` or `not-writable`; `close()` throws when rows are missing.
 */
export function createRaster(
  place: RasterPlace,
  shape: RasterShape,
  extra: RasterExtra = { icc: null, density: null },
): RasterWriter {
  return new TiffRasterWriter(place, shape, extra);
}

class TiffRasterWriter implements RasterWriter {
  readonly shape: RasterShape;
  readonly #store: ByteStore;
  readonly #rowBytes: number;
  readonly #pixelsOffset: number;
  readonly #written: Uint8Array;
  #missing: number;
  #open = true;

  constructor(place: RasterPlace, shape: RasterShape, extra: RasterExtra) {
    const layout = tiffLayout(shape, extra);
    this.shape = shape;
    this.#rowBytes = layout.rowBytes;
    this.#pixelsOffset = layout.pixelsOffset;
    this.#written = new Uint8Array(shape.height);
    this.#missing = shape.height;
    this.#store = createStore(place, layout.fileBytes);
    try {
      this.#store.write(layout.header, 0);
    } catch (thrown) {
      this.#store.close();
      throw thrown;
    }
  }

  writeRows(y: number, rows: number, from: Samples): void {
    const samples = checkRowRequest(this.shape, y, rows, from);
    for (let row = y; row < y + rows; row++) {
      if (this.#written[row] !== 0) throw new RangeError(`row ${row} was written twice`);
    }
    const bytes = new Uint8Array(from.buffer, from.byteOffset, samples * from.BYTES_PER_ELEMENT);
    this.#store.write(bytes, this.#pixelsOffset + y * this.#rowBytes);
    this.#written.fill(1, y, y + rows);
    this.#missing -= rows;
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#store.close();
    if (this.#missing > 0) throw new Error(`the raster is incomplete: ${this.#missing} of ${this.shape.height} rows are missing`);
  }
}
