import { allocateRows, rowSamples, type RasterReader, type RasterShape, type Samples } from '../raster/raster.ts';
import { checkRowRequest } from '../raster/row-request.ts';
import type { StoredLevel } from './stored-level.ts';

/**
 * The rows of a stored level, each tile checked before a row of it comes out. Memory: one row of tiles; meant to be read downwards.
 * Reading throws `damaged`. Closing it closes the level.
 */
export function tiledReader(level: StoredLevel): RasterReader {
  return new TiledReader(level);
}

class TiledReader implements RasterReader {
  readonly shape: RasterShape;
  readonly #level: StoredLevel;
  /** Samples of a row of tiles as they lie in the file, and which one it is. */
  readonly #tiles: Samples;
  #held = -1;

  constructor(level: StoredLevel) {
    const { shape, columns, tileSide } = level.layout;
    this.shape = shape;
    this.#level = level;
    this.#tiles = allocateRows({ ...shape, width: columns * tileSide }, tileSide);
  }

  readRows(y: number, rows: number, into: Samples): void {
    checkRowRequest(this.shape, y, rows, into);
    const row = rowSamples(this.shape);
    for (let index = 0; index < rows; index += 1) this.#copyRow(y + index, into, index * row);
  }

  #copyRow(y: number, into: Samples, at: number): void {
    const { columns, tileSide } = this.#level.layout;
    const tileRow = Math.floor(y / tileSide);
    if (tileRow !== this.#held) {
      const { buffer, byteOffset, byteLength } = this.#tiles;
      this.#held = -1;
      this.#level.readTiles(tileRow * columns, columns, new Uint8Array(buffer, byteOffset, byteLength));
      this.#held = tileRow;
    }
    const segment = tileSide * this.shape.channels;
    const end = at + rowSamples(this.shape);
    let from = (y % tileSide) * segment;
    for (let to = at; to < end; to += segment) {
      into.set(this.#tiles.subarray(from, from + Math.min(segment, end - to)), to);
      from += segment * tileSide;
    }
  }

  close(): void {
    this.#level.close();
  }
}
