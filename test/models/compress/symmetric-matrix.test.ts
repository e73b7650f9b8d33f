import { expect, test } from 'vitest';
import { randomNumbers } from '../../../core/engine/sample/noise.ts';
import { damped, invertedUpper, permuted, solve, upperFactor } from '../../../models/compress/symmetric-matrix.ts';

const size = 9;

/** A·Aᵀ of a random A: symmetric, positive definite. */
function matrixOf(seed: number): Float64Array {
  const random = randomNumbers(seed);
  const root = Float64Array.from({ length: size * size }, () => random() - 0.5);
  return Float64Array.from({ length: size * size }, (_, at) => {
    const [row, column] = [Math.floor(at / size), at % size];
    let sum = row === column ? 0.01 : 0;
    for (let k = 0; k < size; k += 1) sum += root[row * size + k]! * root[column * size + k]!;
    return sum;
  });
}

function times(matrix: Float64Array, vector: Float64Array): Float64Array {
  return Float64Array.from({ length: size }, (_, row) =>
    vector.reduce((sum, value, at) => sum + matrix[row * size + at]! * value, 0),
  );
}

test('the factor of a matrix solves for every right side', () => {
  for (let seed = 1; seed <= 20; seed += 1) {
    const matrix = matrixOf(seed);
    const random = randomNumbers(seed + 100);
    const wanted = Float64Array.from({ length: size }, () => random() - 0.5);
    const found = solve(upperFactor(matrix, size), size, times(matrix, wanted));
    for (const [at, value] of found.entries()) expect(value).toBeCloseTo(wanted[at]!, 6);
  }
});

test('an inverted factor undoes the factor', () => {
  const factor = upperFactor(matrixOf(3), size);
  const inverse = invertedUpper(factor, size);
  for (let column = 0; column < size; column += 1) {
    const unit = Float64Array.from({ length: size }, (_, row) => inverse[row * size + column]!);
    for (const [row, value] of times(factor, unit).entries()) expect(value).toBeCloseTo(row === column ? 1 : 0, 8);
  }
});

test('damping adds a share of the mean diagonal to the diagonal alone, and something to nothing', () => {
  expect([...damped(Float64Array.of(1, 2, 2, 3), 2, 0.5)]).toEqual([2, 2, 2, 4]);
  expect([...damped(new Float64Array(4), 2, 0.5)]).toEqual([1, 0, 0, 1]);
});

test('another order of rows and columns', () => {
  expect([...permuted(Float64Array.of(1, 2, 2, 3), 2, [1, 0])]).toEqual([3, 2, 2, 1]);
});
