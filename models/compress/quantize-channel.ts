/** Symmetric quantization of one output channel's weights. */

/**
 * Largest weight magnitude that is right on every processor. x86 without VNNI sums pairs of u8 × s8 products in 16 bits, which saturate
 * with full 8-bit weights; with 7 bits they cannot: 2 · 255 · 63 < 32,768.
 */
export const reducedRange = 63;

/** One output channel's weights: integer · scale. */
export interface QuantizedChannel {
  readonly scale: number;
  readonly integers: Int8Array;
}

/** Candidate scales, as parts of the scale that just holds the largest weight. */
const shrinkSteps = Array.from({ length: 41 }, (_, step) => 1 - step / 100);

/**
 * Integers in −range..range and the scale with the least squared error among 41 candidates from 60 % of the
 * full scale up: clipping one outlier a little can make all other weights finer.
 */
export function quantizeChannel(weights: Float32Array, range: number): QuantizedChannel {
  const largest = weights.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (largest === 0) return { scale: 1, integers: new Int8Array(weights.length) };
  let best = { scale: 1, error: Infinity };
  for (const step of shrinkSteps) {
    const scale = Math.fround((largest / range) * step);
    const error = squaredError(weights, scale, range);
    if (error < best.error) best = { scale, error };
  }
  return { scale: best.scale, integers: Int8Array.from(weights, (value) => quantize(value, best.scale, range)) };
}

/** The nearest integer within the range. */
export function quantize(value: number, scale: number, range: number): number {
  return Math.max(-range, Math.min(range, Math.round(value / scale)));
}

function squaredError(weights: Float32Array, scale: number, range: number): number {
  let sum = 0;
  for (const value of weights) sum += (value - quantize(value, scale, range) * scale) ** 2;
  return sum;
}
