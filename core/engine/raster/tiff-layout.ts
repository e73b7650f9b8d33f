/**
 * The bytes in front of the pixels of a scratch raster: TIFF 6.0 (or BigTIFF) header and one directory,
 * pixels uncompressed, chunky, in strips that follow each other without gaps, so that any row can be
 * read and written by its position.
 */
import { endianness } from 'node:os';
import type { RasterShape } from './raster.ts';

/** What is stored beside the pixels. */
export interface RasterExtra {
  /** ICC profile that the samples are meant in, or null. */
  readonly icc: Uint8Array | null;
  /** Dots per inch, or null. */
  readonly density: { readonly x: number; readonly y: number } | null;
  /** BigTIFF also where classic TIFF would do; by default only when the file passes 4 GiB. */
  readonly bigTiff?: boolean;
}

export interface TiffLayout {
  /** Header, directory, tag values and padding; the pixels follow directly. */
  readonly header: Uint8Array;
  readonly rowBytes: number;
  readonly pixelsOffset: number;
  readonly fileBytes: number;
}

const stripTargetBytes = 256 * 1024;
const alignmentBytes = 4096;
const classicLimitBytes = 2 ** 32 - 1;

const fieldType = { short: 3, long: 4, rational: 5, undefined: 7, long8: 16 } as const;
type FieldType = (typeof fieldType)[keyof typeof fieldType];
const fieldBytes: Record<FieldType, number> = { 3: 2, 4: 4, 5: 8, 7: 1, 16: 8 };

interface Field {
  readonly tag: number;
  readonly type: FieldType;
  readonly values: ArrayLike<number>;
}

/** Lays out a file for `shape`; the machine's byte order, because 16-bit samples are written as they lie in memory. */
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
  const fields = directory(shape, extra, rowsPerStrip, offsets, counts, big);
  const pixelsOffset = Math.ceil(measure(fields, big) / alignmentBytes) * alignmentBytes;
  for (let strip = 0; strip < strips; strip++) {
    const row = strip * rowsPerStrip;
    offsets[strip] = pixelsOffset + row * rowBytes;
    counts[strip] = Math.min(rowsPerStrip, shape.height - row) * rowBytes;
  }
  const fileBytes = pixelsOffset + shape.height * rowBytes;
  // A classic file that is too long is measured only, never written: its offsets do not fit.
  const header = !big && fileBytes > classicLimitBytes ? new Uint8Array(0) : serialize(fields, big, pixelsOffset);
  return { header, rowBytes, pixelsOffset, fileBytes };
}

function directory(
  shape: RasterShape,
  extra: RasterExtra,
  rowsPerStrip: number,
  offsets: Float64Array,
  counts: Float64Array,
  big: boolean,
): Field[] {
  const { short, long, rational, undefined: bytes, long8 } = fieldType;
  const colourChannels = shape.channels >= 3 ? 3 : 1;
  const pointer = big ? long8 : long;
  const fields: Field[] = [
    { tag: 256, type: long, values: [shape.width] },
    { tag: 257, type: long, values: [shape.height] },
    { tag: 258, type: short, values: Array.from({ length: shape.channels }, () => shape.bitDepth) },
    { tag: 259, type: short, values: [1] },
    { tag: 262, type: short, values: [colourChannels === 3 ? 2 : 1] },
    { tag: 273, type: pointer, values: offsets },
    { tag: 274, type: short, values: [1] },
    { tag: 277, type: short, values: [shape.channels] },
    { tag: 278, type: long, values: [rowsPerStrip] },
    { tag: 279, type: pointer, values: counts },
  ];
  if (extra.density) {
    fields.push({ tag: 282, type: rational, values: toRational(extra.density.x) });
    fields.push({ tag: 283, type: rational, values: toRational(extra.density.y) });
  }
  fields.push({ tag: 284, type: short, values: [1] });
  if (extra.density) fields.push({ tag: 296, type: short, values: [2] });
  // 2: unassociated alpha, the colour samples are not premultiplied.
  if (shape.channels > colourChannels) fields.push({ tag: 338, type: short, values: [2] });
  if (extra.icc && extra.icc.length > 0) fields.push({ tag: 34675, type: bytes, values: extra.icc });
  return fields;
}

function toRational(value: number): number[] {
  if (!Number.isFinite(value) || value <= 0) return [72, 1];
  const denominator = value < 4000 ? 1_000_000 : 1;
  return [Math.min(0xffffffff, Math.round(value * denominator)), denominator];
}

function count(field: Field): number {
  return field.type === fieldType.rational ? field.values.length / 2 : field.values.length;
}

function valueBytes(field: Field): number {
  return count(field) * fieldBytes[field.type];
}

function frame(big: boolean): { first: number; countBytes: number; entryBytes: number; pointerBytes: number } {
  return big
    ? { first: 16, countBytes: 8, entryBytes: 20, pointerBytes: 8 }
    : { first: 8, countBytes: 2, entryBytes: 12, pointerBytes: 4 };
}

function measure(fields: readonly Field[], big: boolean): number {
  const { first, countBytes, entryBytes, pointerBytes } = frame(big);
  let end = first + countBytes + fields.length * entryBytes + pointerBytes;
  for (const field of fields) {
    if (valueBytes(field) > pointerBytes) end = Math.ceil(end / 8) * 8 + valueBytes(field);
  }
  return end;
}

function serialize(fields: readonly Field[], big: boolean, totalBytes: number): Uint8Array {
  const { first, countBytes, entryBytes, pointerBytes } = frame(big);
  const header = new Uint8Array(totalBytes);
  const view = new DataView(header.buffer);
  const little = endianness() === 'LE';
  const pointer = (at: number, value: number) => {
    if (big) view.setBigUint64(at, BigInt(value), little);
    else view.setUint32(at, value, little);
  };
  header.fill(little ? 0x49 : 0x4d, 0, 2);
  view.setUint16(2, big ? 43 : 42, little);
  if (big) view.setUint16(4, 8, little);
  pointer(first - pointerBytes, first);
  if (big) view.setBigUint64(first, BigInt(fields.length), little);
  else view.setUint16(first, fields.length, little);
  let free = first + countBytes + fields.length * entryBytes + pointerBytes;
  fields.forEach((field, index) => {
    const entry = first + countBytes + index * entryBytes;
    view.setUint16(entry, field.tag, little);
    view.setUint16(entry + 2, field.type, little);
    pointer(entry + 4, count(field));
    let at = entry + 4 + pointerBytes;
    if (valueBytes(field) > pointerBytes) {
      free = Math.ceil(free / 8) * 8;
      pointer(at, free);
      at = free;
      free += valueBytes(field);
    }
    writeValues(view, header, at, field, little);
  });
  return header;
}

function writeValues(view: DataView, header: Uint8Array, at: number, field: Field, little: boolean): void {
  if (field.type === fieldType.undefined) {
    header.set(field.values, at);
    return;
  }
  const step = field.type === fieldType.rational ? 4 : fieldBytes[field.type];
  for (let index = 0; index < field.values.length; index++) {
    const value = field.values[index] ?? 0;
    const position = at + index * step;
    if (step === 2) view.setUint16(position, value, little);
    else if (step === 4) view.setUint32(position, value, little);
    else view.setBigUint64(position, BigInt(value), little);
  }
}
