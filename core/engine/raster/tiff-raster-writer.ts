import { closeSync, openSync, writeSync } from 'node:fs';
import type { RasterShape, RasterWriter, Samples } from './raster.ts';
import { checkRowRequest } from './row-request.ts';
import { withScratchErrors } from './scratch-error.ts';
import { tiffLayout } from './tiff-layout.ts';
import type { RasterExtra } from './tiff-layout.ts';

/**
 * Creates a scratch raster at `path` (an existing file is emptied). The file is a TIFF that sharp reads as
 * it is, profile, density and unassociated alpha included, BigTIFF when it passes 4 GiB.
 * Throws `disk-full` or `not-writable`; `close()` throws when rows are missing.
 */
export function createRaster(path: string, shape: RasterShape, extra: RasterExtra = { icc: null, density: null }): RasterWriter {
  return new TiffRasterWriter(path, shape, extra);
}

class TiffRasterWriter implements RasterWriter {
  readonly shape: RasterShape;
  readonly #file: number;
  readonly #rowBytes: number;
  readonly #pixelsOffset: number;
  readonly #written: Uint8Array;
  #missing: number;
  #open = true;

  constructor(path: string, shape: RasterShape, extra: RasterExtra) {
    const layout = tiffLayout(shape, extra);
    this.shape = shape;
    this.#rowBytes = layout.rowBytes;
    this.#pixelsOffset = layout.pixelsOffset;
    this.#written = new Uint8Array(shape.height);
    this.#missing = shape.height;
    this.#file = withScratchErrors(() => openSync(path, 'w', 0o600));
    try {
      this.#write(layout.header, 0);
    } catch (thrown) {
      closeSync(this.#file);
      throw thrown;
    }
  }

  writeRows(y: number, rows: number, from: Samples): void {
    const samples = checkRowRequest(this.shape, y, rows, from);
    for (let row = y; row < y + rows; row++) {
      if (this.#written[row] !== 0) throw new RangeError(`row ${row} was written twice`);
    }
    const bytes = new Uint8Array(from.buffer, from.byteOffset, samples * from.BYTES_PER_ELEMENT);
    this.#write(bytes, this.#pixelsOffset + y * this.#rowBytes);
    this.#written.fill(1, y, y + rows);
    this.#missing -= rows;
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    withScratchErrors(() => {
      closeSync(this.#file);
    });
    if (this.#missing > 0) throw new Error(`the raster is incomplete: ${this.#missing} of ${this.shape.height} rows are missing`);
  }

  #write(bytes: Uint8Array, position: number): void {
    withScratchErrors(() => {
      // write() may take less than it was given: just before a full disk, and always above 2 GiB.
      for (let done = 0; done < bytes.length;) {
        done += writeSync(this.#file, bytes, done, Math.min(bytes.length - done, 2 ** 30), position + done);
      }
    });
  }
}
