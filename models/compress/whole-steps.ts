/** Weights that training rounded already. */
import type { QuantizedChannel } from './quantize-channel.ts';

/** Of a step; float32 keeps a whole number of steps far more exactly. */
const tolerance = 1e-3;

/** The integers of a channel whose weights are whole steps of its largest one / `range` already, or null when they are not. */
export function wholeSteps(weights: Float32Array, range: number): QuantizedChannel | null {
  const largest = weights.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (largest === 0) return { scale: 1, integers: new Int8Array(weights.length) };
  const scale = Math.fround(largest / range);
  const integers = Int8Array.from(weights, (value) => Math.round(value / scale));
  return weights.every((value, index) => Math.abs(value / scale - (integers[index] ?? NaN)) < tolerance)
    ? { scale, integers }
    : null;
}
