/** Reads the first directory of a TIFF or BigTIFF scratch file: where its rows lie and what they mean. */
import type { Channels } from '../../photo/facts.ts';
import type { ByteStore } from './byte-store.ts';
import type { RasterShape } from './raster.ts';

export interface TiffRasterMap {
  readonly shape: RasterShape;
  readonly littleEndian: boolean;
  readonly rowsPerStrip: number;
  readonly stripOffsets: readonly number[];
}

type Fields = ReadonlyMap<number, readonly number[]>;

// A strip is at least one row, so this also bounds the height that can be read.
const maxValues = 1 << 20;

/** Parses what the store holds; throws an `Error` that says what a raster file may not be. */
export function readRasterMap(store: ByteStore): TiffRasterMap {
  const mark = readBytes(store, 0, 16).getUint16(0, false);
  if (mark !== 0x4949 && mark !== 0x4d4d) throw new Error('not a raster file: no TIFF header');
  const littleEndian = mark === 0x4949;
  const fields = readFields(store, littleEndian);
  const one = (tag: number, otherwise?: number): number => {
    const value = fields.get(tag)?.[0] ?? otherwise;
    if (value === undefined) throw new Error(`not a raster file: TIFF tag ${tag} is missing`);
    return value;
  };
  const bits = fields.get(258) ?? [1];
  const channels = one(277, 1);
  const height = one(257);
  const bitDepth = bits[0];
  if (one(259, 1) !== 1) throw new Error('not a raster file: its pixels are compressed');
  if (channels > 1 && one(284, 1) !== 1) throw new Error('not a raster file: its samples are not interleaved');
  if (channels < 1 || channels > 4 || (bitDepth !== 8 && bitDepth !== 16) || bits.some((value) => value !== bitDepth)) {
    throw new Error(`not a raster file: ${channels} samples of ${bits.join(', ')} bits`);
  }
  const rowsPerStrip = Math.min(height, one(278, height));
  const stripOffsets = fields.get(273) ?? [];
  if (rowsPerStrip < 1 || stripOffsets.length !== Math.ceil(height / rowsPerStrip)) {
    throw new Error('not a raster file: its strips do not cover the picture');
  }
  return {
    shape: { width: one(256), height, channels: channels as Channels, bitDepth },
    littleEndian,
    rowsPerStrip,
    stripOffsets,
  };
}

function readFields(store: ByteStore, little: boolean): Fields {
  const head = readBytes(store, 0, 16);
  const big = head.getUint16(2, little) === 43;
  if (!big && head.getUint16(2, little) !== 42) throw new Error('not a raster file: no TIFF header');
  const pointerBytes = big ? 8 : 4;
  const start = pointer(head, big ? 8 : 4, big, little);
  const countBytes = big ? 8 : 2;
  const entryBytes = big ? 20 : 12;
  const countView = readBytes(store, start, countBytes);
  const entries = big ? pointer(countView, 0, true, little) : countView.getUint16(0, little);
  if (entries > 4096) throw new Error('not a raster file: too many TIFF tags');
  const table = readBytes(store, start + countBytes, entries * entryBytes);
  const fields = new Map<number, number[]>();
  for (let index = 0; index < entries; index++) {
    const at = index * entryBytes;
    const type = table.getUint16(at + 2, little);
    const size = { 3: 2, 4: 4, 16: 8 }[type];
    const count = pointer(table, at + 4, big, little);
    if (size === undefined) continue;
    if (count > maxValues) throw new Error('not a raster file: too many strips');
    const inline = count * size <= pointerBytes;
    const values = inline ? table : readBytes(store, pointer(table, at + 4 + pointerBytes, big, little), count * size);
    const first = inline ? at + 4 + pointerBytes : 0;
    fields.set(
      table.getUint16(at, little),
      Array.from({ length: count }, (_, value) => number(values, first + value * size, size, little)),
    );
  }
  return fields;
}

function pointer(view: DataView, at: number, big: boolean, little: boolean): number {
  return number(view, at, big ? 8 : 4, little);
}

function number(view: DataView, at: number, bytes: number, little: boolean): number {
  if (bytes === 2) return view.getUint16(at, little);
  return bytes === 4 ? view.getUint32(at, little) : Number(view.getBigUint64(at, little));
}

function readBytes(store: ByteStore, position: number, length: number): DataView {
  const bytes = new Uint8Array(length);
  store.read(bytes, position);
  return new DataView(bytes.buffer);
}
