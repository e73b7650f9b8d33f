/** Weights for inputs that are not quite what they should be. */
import { damped, solve, upperFactor } from './symmetric-matrix.ts';

/** Errors of the inputs are small beside the inputs, and known from few crops: without much damping the correction would follow chance. */
const damping = 0.1;
/** How much of the correction is taken. All of it fits the calibration crops better and other photos worse. */
const share = 0.3;

/**
 * A layer behind others that were rounded sees x̂ instead of x. Changes its weights w so that w·x̂ is as near as possible to what w·x was: by
 * `share` of w·E·G⁻¹, the least-squares solution, with G the mean of x̂·x̂ᵀ and E that of (x − x̂)·x̂ᵀ, both size × size, row-major.
 * Returns a function for one output channel's weights.
 */
export function correctedWeights(
  gram: Float64Array,
  errors: Float64Array,
  size: number,
): (weights: Float32Array) => Float32Array {
  const factor = upperFactor(damped(gram, size, damping), size);
  return (weights) => {
    const missed = new Float64Array(size);
    for (const [row, weight] of weights.entries()) {
      if (weight === 0) continue;
      for (let column = 0; column < size; column += 1)
        missed[column] = (missed[column] ?? 0) + weight * (errors[row * size + column] ?? 0);
    }
    const correction = solve(factor, size, missed);
    return weights.map((weight, index) => weight + share * (correction[index] ?? 0));
  };
}
