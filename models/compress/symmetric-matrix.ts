/** Square symmetric matrices, row-major, as rounding needs them. */

/** A copy with `share` of the mean of the diagonal added to the diagonal: nearly dependent rows would let solutions grow without bound. */
export function damped(matrix: Float64Array, size: number, share: number): Float64Array {
  let trace = 0;
  for (let index = 0; index < size; index += 1) trace += matrix[index * size + index] ?? 0;
  const extra = (share * trace) / size || 1;
  const result = Float64Array.from(matrix);
  for (let index = 0; index < size; index += 1) result[index * size + index] = (matrix[index * size + index] ?? 0) + extra;
  return result;
}

/** Rows and columns in another order: entry (i, j) becomes that of (order[i], order[j]). */
export function permuted(matrix: Float64Array, size: number, order: readonly number[]): Float64Array {
  const result = new Float64Array(size * size);
  for (let row = 0; row < size; row += 1)
    for (let column = 0; column < size; column += 1)
      result[row * size + column] = matrix[(order[row] ?? 0) * size + (order[column] ?? 0)] ?? 0;
  return result;
}

/** R, upper triangular, with R·Rᵀ = matrix (Cholesky from the last row up). The matrix must be positive definite. */
export function upperFactor(matrix: Float64Array, size: number): Float64Array {
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
export function invertedUpper(factor: Float64Array, size: number): Float64Array {
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

/** v with matrix·v = `right`, where `factor` is the matrix's `upperFactor`. */
export function solve(factor: Float64Array, size: number, right: Float64Array): Float64Array {
  const result = Float64Array.from(right);
  for (let row = size - 1; row >= 0; row -= 1) {
    let sum = result[row] ?? 0;
    for (let k = row + 1; k < size; k += 1) sum -= (factor[row * size + k] ?? 0) * (result[k] ?? 0);
    result[row] = sum / (factor[row * size + row] ?? 1);
  }
  for (let row = 0; row < size; row += 1) {
    let sum = result[row] ?? 0;
    for (let k = 0; k < row; k += 1) sum -= (factor[k * size + row] ?? 0) * (result[k] ?? 0);
    result[row] = sum / (factor[row * size + row] ?? 1);
  }
  return result;
}
