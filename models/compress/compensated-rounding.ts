/** Rounding of a layer's weights in which later weights make up for the errors of earlier ones. */
import { quantize } from './quantize-channel.ts';
import type { QuantizedChannel } from './quantize-channel.ts';

/** Inputs nearly equal to sums of others would let weights grow without bound; this share of the mean square is added to each. */
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
  const damped = permutedAndDamped(gram, size, order);
  const passOn = invertedUpper(upperFactor(damped, size), size);
  return (weights) => {
    const sorted = Float64Array.from(order, (index) => weights[index] ?? 0);
    const largest = sorted.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    if (largest === 0) return { scale: 1, integers: new Int8Array(size) };
    let best: QuantizedChannel & { error: number } = { scale: 1, integers: new Int8Array(size), error: Infinity };
    for (const part of scaleParts) {
      const scale = Math.fround((largest / range) * part);
      const integers = roundInOrder(sorted, passOn, scale, range);
      const error = outputError(sorted, integers, scale, damped);
      if (error < best.error) best = { scale, integers, error };
    }
    const integers = new Int8Array(size);
    for (const [place, index] of order.entries()) integers[index] = best.integers[place] ?? 0;
    return { scale: best.scale, integers };
  };
}

function permutedAndDamped(gram: Float64Array, size: number, order: readonly number[]): Float64Array {
  let trace = 0;
  for (let index = 0; index < size; index += 1) trace += gram[index * size + index] ?? 0;
  const extra = (damping * trace) / size || 1;
  const result = new Float64Array(size * size);
  for (let row = 0; row < size; row += 1)
    for (let column = 0; column < size; column += 1)
      result[row * size + column] = (gram[(order[row] ?? 0) * size + (order[column] ?? 0)] ?? 0) + (row === column ? extra : 0);
  return result;
}

/** R, upper triangular, with R·Rᵀ = matrix (Cholesky from the last row up). The matrix must be positive definite. */
function upperFactor(matrix: Float64Array, size: number): Float64Array {
  const factor = new Float64Array(size * size);
  for (let column = size - 1; column >= 0; column -= 1) {
    for (let row = column; row >= 0; row -= 1) {
      let sum = matrix[row * size + column] ?? 0;
      for (let k = column + 1; k < size; k += 1) sum -= (factor[row * size + k] ?? 0) * (factor[column * size + k] ?? 0);
      factor[row * size + column] = row === column ? Math.sqrt(sum) : sum / (factor[column * size + column] ?? 1);
    }
  }
  return factor;
}

/** R⁻¹, upper triangular; with R from above, matrix⁻¹ = (R⁻¹)ᵀ·R⁻¹. */
function invertedUpper(factor: Float64Array, size: number): Float64Array {
  const inverse = new Float64Array(size * size);
  for (let row = size - 1; row >= 0; row -= 1) {
    const diagonal = factor[row * size + row] ?? 1;
    inverse[row * size + row] = 1 / diagonal;
    for (let k = row + 1; k < size; k += 1) {
      const weight = (factor[row * size + k] ?? 0) / diagonal;
      if (weight === 0) continue;
      for (let column = k; column < size; column += 1)
        inverse[row * size + column] = (inverse[row * size + column] ?? 0) - weight * (inverse[k * size + column] ?? 0);
    }
  }
  return inverse;
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
