/**
 * Shrinks a raster to a target size in linear light, so that fine bright detail keeps its brightness.
 * Alpha weights the colours while they are mixed, so that invisible colours never show at an edge.
 * Memory: the input rows under one output row, as 32-bit floats, whatever the height.
 */
import { EnlargerError } from '../../photo/failure.ts';
import { linearLight, type LinearLight } from '../colour/linear-light.ts';
import { toneCurves } from '../colour/tone-curve.ts';
import { allocateRows, maxSample, rowSamples, type RasterReader, type RasterWriter, type Samples } from '../raster/raster.ts';
import { shrinkWeights, type AxisWeights } from './lanczos.ts';

export interface ShrinkOptions {
  readonly input: RasterReader;
  /** Smaller or equal on both axes, same channels and depth. */
  readonly output: RasterWriter;
  /** Profile of the samples: its tone curves define linear light. */
  readonly icc: Uint8Array | null;
  readonly signal?: AbortSignal;
  /** Fraction of rows written, 0..1. */
  readonly onProgress?: (fraction: number) => void;
}

const rowsBetweenBreaths = 32;

/** Fills `output`. Throws `cancelled` when the signal aborts. */
export async function shrinkRaster(options: ShrinkOptions): Promise<void> {
  const { input, output } = options;
  const { width, height, channels, bitDepth } = input.shape;
  if (
    output.shape.width > width ||
    output.shape.height > height ||
    output.shape.channels !== channels ||
    output.shape.bitDepth !== bitDepth
  ) {
    throw new RangeError('a raster can only be shrunk to a smaller one of the same kind');
  }
  const horizontal = shrinkWeights(width, output.shape.width);
  const vertical = shrinkWeights(height, output.shape.height);
  const colourChannels = channels < 3 ? 1 : 3;
  const light = toneCurves(options.icc, colourChannels).map((curve) => linearLight(curve, bitDepth));
  const rows = new RowRing(input, horizontal, output.shape.width, light, vertical.taps);
  const mixed = new Float32Array(rowSamples(output.shape));
  const encoded = allocateRows(output.shape, 1);
  for (let y = 0; y < output.shape.height; y += 1) {
    mixRows(rows, vertical, y, height, mixed);
    encodeRow(mixed, encoded, channels, light, maxSample(bitDepth));
    output.writeRows(y, 1, encoded);
    if (y % rowsBetweenBreaths === 0) {
      options.onProgress?.(y / output.shape.height);
      await new Promise(setImmediate);
      if (options.signal?.aborted === true) throw new EnlargerError('cancelled', 'The photo was cancelled.');
    }
  }
  options.onProgress?.(1);
}

/** Keeps the horizontally shrunk rows that the vertical pass still needs, each made once. */
class RowRing {
  readonly #input: RasterReader;
  readonly #weights: AxisWeights;
  readonly #light: readonly LinearLight[];
  readonly #source: Samples;
  readonly #linear: Float32Array;
  readonly #ring: Float32Array[];
  readonly #holds: Int32Array;

  constructor(input: RasterReader, weights: AxisWeights, outputWidth: number, light: readonly LinearLight[], taps: number) {
    this.#input = input;
    this.#weights = weights;
    this.#light = light;
    this.#source = allocateRows(input.shape, 1);
    this.#linear = new Float32Array(rowSamples(input.shape));
    this.#ring = Array.from({ length: taps + 1 }, () => new Float32Array(outputWidth * input.shape.channels));
    this.#holds = new Int32Array(taps + 1).fill(-1);
  }

  row(y: number): Float32Array {
    const slot = y % this.#ring.length;
    const row = this.#ring[slot];
    if (row === undefined) throw new RangeError('no such row');
    if (this.#holds[slot] !== y) {
      this.#input.readRows(y, 1, this.#source);
      toLinear(this.#source, this.#linear, this.#input.shape.channels, this.#light, maxSample(this.#input.shape.bitDepth));
      shrinkRow(this.#linear, row, this.#input.shape.channels, this.#input.shape.width, this.#weights);
      this.#holds[slot] = y;
    }
    return row;
  }
}

/* The loops below touch every sample of pictures of hundreds of megapixels: plain indices, no closures. */

function toLinear(source: Samples, linear: Float32Array, channels: number, light: readonly LinearLight[], top: number): void {
  const alpha = channels % 2 === 0;
  const colours = alpha ? channels - 1 : channels;
  for (let colour = 0; colour < colours; colour += 1) {
    const decode = light[colour]?.decode;
    if (decode === undefined) throw new RangeError('a colour channel has no tone curve');
    for (let at = colour; at < source.length; at += channels) linear[at] = decode[source[at]!]!;
  }
  if (!alpha) return;
  for (let at = 0; at < source.length; at += channels) {
    const opacity = source[at + colours]! / top;
    for (let colour = 0; colour < colours; colour += 1) linear[at + colour]! *= opacity;
    linear[at + colours] = opacity;
  }
}

function shrinkRow(linear: Float32Array, row: Float32Array, channels: number, width: number, axis: AxisWeights): void {
  const { taps, first, weights } = axis;
  const outputWidth = row.length / channels;
  for (let x = 0; x < outputWidth; x += 1) {
    const start = first[x]!;
    for (let channel = 0; channel < channels; channel += 1) {
      let sum = 0;
      for (let tap = 0; tap < taps; tap += 1) {
        let position = start + tap;
        if (position < 0) position = 0;
        else if (position >= width) position = width - 1;
        sum += weights[x * taps + tap]! * linear[position * channels + channel]!;
      }
      row[x * channels + channel] = sum;
    }
  }
}

function mixRows(rows: RowRing, axis: AxisWeights, y: number, height: number, mixed: Float32Array): void {
  mixed.fill(0);
  const start = axis.first[y]!;
  for (let tap = 0; tap < axis.taps; tap += 1) {
    const weight = axis.weights[y * axis.taps + tap]!;
    if (weight === 0) continue;
    const row = rows.row(Math.min(height - 1, Math.max(0, start + tap)));
    for (let at = 0; at < mixed.length; at += 1) mixed[at]! += weight * row[at]!;
  }
}

function encodeRow(mixed: Float32Array, encoded: Samples, channels: number, light: readonly LinearLight[], top: number): void {
  const alpha = channels % 2 === 0;
  const colours = alpha ? channels - 1 : channels;
  for (let at = 0; at < mixed.length; at += channels) {
    const opacity = alpha ? Math.min(1, Math.max(0, mixed[at + colours]!)) : 1;
    const scale = opacity > 0 ? 1 / opacity : 0;
    for (let colour = 0; colour < colours; colour += 1) encoded[at + colour] = light[colour]!.encode(mixed[at + colour]! * scale);
    if (alpha) encoded[at + colours] = Math.round(opacity * top);
  }
}
