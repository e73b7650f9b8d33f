import { crc32 } from 'node:zlib';
import { createStore, type ByteStore } from '../raster/byte-store.ts';
import type { RasterShape, RasterWriter, Samples } from '../raster/raster.ts';
import { checkRowRequest } from '../raster/row-request.ts';
import type { TiledLayout } from './tiled-layout.ts';

/**
 * Writes rows, in order, as the tiles of a file; an existing one is emptied. Memory: one row of tiles. Throws `disk-full` or `not-writable`;
 * `close()` throws when rows are missing.
 */
export class TiledWriter implements RasterWriter {
  readonly shape: RasterShape;
  /** Of the tiles that are written, row by row. */
  readonly tileCrc32: number[] = [];
  readonly #layout: TiledLayout;
  readonly #store: ByteStore;
  /** A row of tiles as they lie in the file. */
  readonly #tiles: Uint8Array;
  #nextRow = 0;
  #position: number;
  #open = true;

  constructor(path: string, layout: TiledLayout) {
    this.shape = layout.shape;
    this.#layout = layout;
    this.#tiles = new Uint8Array(layout.columns * layout.tileBytes);
    this.#position = layout.header.length;
    this.#store = createStore(path, layout.fileBytes);
    try {
      this.#store.write(layout.header, 0);
    } catch (thrown) {
      this.#store.close();
      throw thrown;
    }
  }

  writeRows(y: number, rows: number, from: Samples): void {
    const samples = checkRowRequest(this.shape, y, rows, from);
    if (y !== this.#nextRow) throw new RangeError(`row ${y} was written where row ${this.#nextRow} was due`);
    const bytes = new Uint8Array(from.buffer, from.byteOffset, samples * from.BYTES_PER_ELEMENT);
    for (let row = 0; row < rows; row += 1) this.#addRow(bytes, row * (bytes.length / rows), bytes.length / rows);
  }

  #addRow(bytes: Uint8Array, start: number, rowBytes: number): void {
    const { tileRowBytes, tileBytes, tileSide } = this.#layout;
    const rowInTile = this.#nextRow % tileSide;
    let to = rowInTile * tileRowBytes;
    for (let done = 0; done < rowBytes; done += tileRowBytes) {
      this.#tiles.set(bytes.subarray(start + done, start + Math.min(done + tileRowBytes, rowBytes)), to);
      to += tileBytes;
    }
    this.#nextRow += 1;
    if (rowInTile === tileSide - 1 || this.#nextRow === this.shape.height) this.#flush(rowInTile + 1);
  }

  #flush(rows: number): void {
    const { columns, tileRowBytes, tileBytes } = this.#layout;
    for (let column = 0; column < columns; column += 1) {
      const tile = this.#tiles.subarray(column * tileBytes, (column + 1) * tileBytes);
      tile.fill(0, rows * tileRowBytes);
      this.tileCrc32.push(crc32(tile));
    }
    this.#store.write(this.#tiles, this.#position);
    this.#position += this.#tiles.length;
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#store.close();
    const missing = this.shape.height - this.#nextRow;
    if (missing > 0) throw new Error(`the picture is incomplete: ${missing} of ${this.shape.height} rows are missing`);
  }
}
