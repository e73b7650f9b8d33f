/** Rounding of a layer's weights in which later weights make up for the errors of earlier ones. */
import { quantize } from './quantize-channel.ts';
import type { QuantizedChannel } from './quantize-channel.ts';
import { damped, invertedUpper, permuted, upperFactor } from './symmetric-matrix.ts';

/** Added to every input's mean square, as a share of their mean. */
const damping = 0.01;
/** Candidate scales, as parts of the scale that just holds the largest weight. */
const scaleParts = [1, 0.95, 0.9, 0.85, 0.8, 0.7];

/**
 * Rounds weights to multiples of a scale so that the layer's *output* changes least, not the weights: neighbouring pixels are alike, so
 * an error in one weight can be taken back by the next ones. Weights are rounded in order of their input's mean square, each error is
 * passed on to the weights still to come (GPTQ: Frantar et al., arXiv 2210.17323, after Optimal Brain Surgeon).
 *
 * `gram`: mean of x·xᵀ over the layer's inputs x, size × size, row-major. Returns a function from one output channel's weights (length
 * size) to integers in −range..range and the best of six scales.
 */
export function compensatedRounding(
  gram: Float64Array,
  size: number,
  range: number,
): (weights: Float32Array) => QuantizedChannel {
  const order = Array.from({ length: size }, (_, index) => index).sort(
    (a, b) => (gram[b * size + b] ?? 0) - (gram[a * size + a] ?? 0) || a - b,
  );
  const weighting = damped(permuted(gram, size, order), size, damping);
  const passOn = invertedUpper(upperFactor(weighting, size), size);
  return (weights) => {
    const sorted = Float64Array.from(order, (index) => weights[index] ?? 0);
    const largest = sorted.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    if (largest === 0) return { scale: 1, integers: new Int8Array(size) };
    let best: QuantizedChannel & { error: number } = { scale: 1, integers: new Int8Array(size), error: Infinity };
    for (const part of scaleParts) {
      const scale = Math.fround((largest / range) * part);
      const integers = roundInOrder(sorted, passOn, scale, range);
      const error = outputError(sorted, integers, scale, weighting);
      if (error < best.error) best = { scale, integers, error };
    }
    const integers = new Int8Array(size);
    for (const [place, index] of order.entries()) integers[index] = best.integers[place] ?? 0;
    return { scale: best.scale, integers };
  };
}

function roundInOrder(weights: Float64Array, passOn: Float64Array, scale: number, range: number): Int8Array {
  const size = weights.length;
  const left = Float64Array.from(weights);
  const integers = new Int8Array(size);
  for (let index = 0; index < size; index += 1) {
    const value = left[index] ?? 0;
    const integer = quantize(value, scale, range);
    integers[index] = integer;
    const error = (value - integer * scale) / (passOn[index * size + index] ?? 1);
    for (let later = index + 1; later < size; later += 1)
      left[later] = (left[later] ?? 0) - error * (passOn[index * size + later] ?? 0);
  }
  return integers;
}

/** Mean square of the change of the output. */
function outputError(weights: Float64Array, integers: Int8Array, scale: number, gram: Float64Array): number {
  const size = weights.length;
  const difference = weights.map((value, index) => value - (integers[index] ?? 0) * scale);
  let sum = 0;
  for (let row = 0; row < size; row += 1) {
    let product = 0;
    for (let column = 0; column < size; column += 1) product += (gram[row * size + column] ?? 0) * (difference[column] ?? 0);
    sum += product * (difference[row] ?? 0);
  }
  return sum;
}
