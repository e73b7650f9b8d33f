/**
 * A raster is an upright, uncompressed picture in a scratch file, read and written by rows, so that
 * memory stays bounded whatever the size. Samples are interleaved (grey, grey+alpha, RGB, RGB+alpha),
 * alpha is not premultiplied, 16-bit samples are in the machine's byte order.
 */
import type { Channels, SampleDepth } from '../../photo/facts.ts';

export interface RasterShape {
  readonly width: number;
  readonly height: number;
  readonly channels: Channels;
  readonly bitDepth: SampleDepth;
}

/** Uint8Array for 8-bit rasters, Uint16Array for 16-bit ones. */
export type Samples = Uint8Array | Uint16Array;

export interface RasterReader {
  readonly shape: RasterShape;
  /** Fills `into` with `rows` rows from `y` on; `into` holds at least rows × width × channels samples. */
  readRows(y: number, rows: number, into: Samples): void;
  close(): void;
}

export interface RasterWriter {
  readonly shape: RasterShape;
  /** Writes `rows` rows at `y`; any order, each row once. */
  writeRows(y: number, rows: number, from: Samples): void;
  /** Closes the file; it is complete when every row was written. */
  close(): void;
}

/** Samples a row. */
export function rowSamples(shape: RasterShape): number {
  return shape.width * shape.channels;
}

export function allocateRows(shape: RasterShape, rows: number): Samples {
  const length = rowSamples(shape) * rows;
  return shape.bitDepth === 16 ? new Uint16Array(length) : new Uint8Array(length);
}

/** Bytes of the picture without any compression. */
export function rawBytes({ width, height, channels, bitDepth }: RasterShape): number {
  return width * height * channels * (bitDepth / 8);
}

export function maxSample(bitDepth: SampleDepth): number {
  return bitDepth === 16 ? 65535 : 255;
}
