/**
 * Where the tiles of a result's picture lie: pixels uncompressed, chunky, in square tiles that follow each other row by row without gaps (TIFF 6.0,
 * section 15). Tiles at the right and the lower edge are filled up with zeros.
 */
import type { RasterShape } from '../raster/raster.ts';
import {
  alignmentBytes,
  classicLimitBytes,
  fieldType,
  measureHeader,
  pictureFields,
  serializeHeader,
  type Field,
  type RasterExtra,
} from '../raster/tiff-fields.ts';

export interface TiledLayout {
  readonly shape: RasterShape;
  /** Side in pixels, a multiple of 16. */
  readonly tileSide: number;
  readonly columns: number;
  readonly rows: number;
  /** Header, directory, tag values and padding; the tiles follow directly. */
  readonly header: Uint8Array;
  /** One row of a tile, and a whole tile. */
  readonly tileRowBytes: number;
  readonly tileBytes: number;
  readonly fileBytes: number;
}

/** Lays out a file for `shape`: the same bytes for the same arguments. */
export function tiledLayout(shape: RasterShape, tileSide: number, extra: RasterExtra): TiledLayout {
  const classic = build(shape, tileSide, extra, false);
  return extra.bigTiff === true || classic.fileBytes > classicLimitBytes ? build(shape, tileSide, extra, true) : classic;
}

function build(shape: RasterShape, tileSide: number, extra: RasterExtra, big: boolean): TiledLayout {
  const columns = Math.ceil(shape.width / tileSide);
  const rows = Math.ceil(shape.height / tileSide);
  const tileRowBytes = tileSide * shape.channels * (shape.bitDepth / 8);
  const tileBytes = tileRowBytes * tileSide;
  const offsets = new Float64Array(columns * rows);
  const pointer = big ? fieldType.long8 : fieldType.long;
  const fields: Field[] = [
    ...pictureFields(shape, extra),
    { tag: 322, type: fieldType.long, values: [tileSide] },
    { tag: 323, type: fieldType.long, values: [tileSide] },
    { tag: 324, type: pointer, values: offsets },
    { tag: 325, type: pointer, values: new Float64Array(columns * rows).fill(tileBytes) },
  ];
  const pixelsOffset = Math.ceil(measureHeader(fields, big) / alignmentBytes) * alignmentBytes;
  for (let tile = 0; tile < offsets.length; tile += 1) offsets[tile] = pixelsOffset + tile * tileBytes;
  const fileBytes = pixelsOffset + offsets.length * tileBytes;
  // A classic file that is too long is measured only, never written: its offsets do not fit.
  const header = !big && fileBytes > classicLimitBytes ? new Uint8Array(0) : serializeHeader(fields, big, pixelsOffset);
  return { shape, tileSide, columns, rows, header, tileRowBytes, tileBytes, fileBytes };
}
