/**
 * Where the rows of a scratch raster lie: pixels uncompressed, chunky, in strips that follow each other without gaps, so that any row can be
 * read and written by its position.
 */
import type { RasterShape } from './raster.ts';
import {
  alignmentBytes,
  classicLimitBytes,
  fieldType,
  measureHeader,
  pictureFields,
  serializeHeader,
  type Field,
  type RasterExtra,
} from './tiff-fields.ts';

export interface TiffLayout {
  /** Header, directory, tag values and padding; the pixels follow directly. */
  readonly header: Uint8Array;
  readonly rowBytes: number;
  readonly pixelsOffset: number;
  readonly fileBytes: number;
}

const stripTargetBytes = 256 * 1024;

/** Lays out a file for `shape`. */
export function tiffLayout(shape: RasterShape, extra: RasterExtra): TiffLayout {
  const classic = build(shape, extra, false);
  return extra.bigTiff === true || classic.fileBytes > classicLimitBytes ? build(shape, extra, true) : classic;
}

function build(shape: RasterShape, extra: RasterExtra, big: boolean): TiffLayout {
  const rowBytes = shape.width * shape.channels * (shape.bitDepth / 8);
  const rowsPerStrip = Math.min(shape.height, Math.max(1, Math.round(stripTargetBytes / rowBytes)));
  const strips = Math.ceil(shape.height / rowsPerStrip);
  const offsets = new Float64Array(strips);
  const counts = new Float64Array(strips);
  const pointer = big ? fieldType.long8 : fieldType.long;
  const fields: Field[] = [
    ...pictureFields(shape, extra),
    { tag: 273, type: pointer, values: offsets },
    { tag: 278, type: fieldType.long, values: [rowsPerStrip] },
    { tag: 279, type: pointer, values: counts },
  ];
  const pixelsOffset = Math.ceil(measureHeader(fields, big) / alignmentBytes) * alignmentBytes;
  for (let strip = 0; strip < strips; strip++) {
    const row = strip * rowsPerStrip;
    offsets[strip] = pixelsOffset + row * rowBytes;
    counts[strip] = Math.min(rowsPerStrip, shape.height - row) * rowBytes;
  }
  const fileBytes = pixelsOffset + shape.height * rowBytes;
  // A classic file that is too long is measured only, never written: its offsets do not fit.
  const header = !big && fileBytes > classicLimitBytes ? new Uint8Array(0) : serializeHeader(fields, big, pixelsOffset);
  return { header, rowBytes, pixelsOffset, fileBytes };
}
