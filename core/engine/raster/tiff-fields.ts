/** The bytes in front of the pixels of an uncompressed TIFF 6.0 or BigTIFF: header, one directory, its values, padding. */
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

export const fieldType = { short: 3, long: 4, rational: 5, undefined: 7, long8: 16 } as const;
type FieldType = (typeof fieldType)[keyof typeof fieldType];
const fieldBytes: Record<FieldType, number> = { 3: 2, 4: 4, 5: 8, 7: 1, 16: 8 };

export interface Field {
  readonly tag: number;
  readonly type: FieldType;
  readonly values: ArrayLike<number>;
}

/** Where the pixels begin is a multiple of this. */
export const alignmentBytes = 4096;
/** Positions beyond it need a BigTIFF. */
export const classicLimitBytes = 2 ** 32 - 1;

/** What the samples are, in ascending order of the tags; the caller adds where they lie. */
export function pictureFields(shape: RasterShape, extra: RasterExtra): Field[] {
  const { short, long, rational, undefined: bytes } = fieldType;
  const colourChannels = shape.channels >= 3 ? 3 : 1;
  const fields: Field[] = [
    { tag: 256, type: long, values: [shape.width] },
    { tag: 257, type: long, values: [shape.height] },
    { tag: 258, type: short, values: Array.from({ length: shape.channels }, () => shape.bitDepth) },
    { tag: 259, type: short, values: [1] },
    { tag: 262, type: short, values: [colourChannels === 3 ? 2 : 1] },
    { tag: 274, type: short, values: [1] },
    { tag: 277, type: short, values: [shape.channels] },
    { tag: 284, type: short, values: [1] },
  ];
  if (extra.density) {
    fields.push({ tag: 282, type: rational, values: toRational(extra.density.x) });
    fields.push({ tag: 283, type: rational, values: toRational(extra.density.y) });
    fields.push({ tag: 296, type: short, values: [2] });
  }
  // 2: unassociated alpha, the colour samples are not premultiplied.
  if (shape.channels > colourChannels) fields.push({ tag: 338, type: short, values: [2] });
  if (extra.icc && extra.icc.length > 0) fields.push({ tag: 34675, type: bytes, values: extra.icc });
  return fields;
}

/** Bytes of header, directory and values, without padding. */
export function measureHeader(fields: readonly Field[], big: boolean): number {
  const { first, countBytes, entryBytes, pointerBytes } = frame(big);
  let end = first + countBytes + fields.length * entryBytes + pointerBytes;
  for (const field of fields) {
    if (valueBytes(field) > pointerBytes) end = Math.ceil(end / 8) * 8 + valueBytes(field);
  }
  return end;
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

/** All of it, `totalBytes` long, in the machine's byte order, because 16-bit samples are written as they lie in memory. */
export function serializeHeader(unsorted: readonly Field[], big: boolean, totalBytes: number): Uint8Array {
  const fields = unsorted.toSorted((a, b) => a.tag - b.tag);
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
