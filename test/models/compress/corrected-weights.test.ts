import { expect, test } from 'vitest';
import { randomNumbers } from '../../../core/engine/sample/noise.ts';
import { correctedWeights } from '../../../models/compress/corrected-weights.ts';

const size = 6;
const samples = 400;

/** x, and x̂ that lacks a part of x: the two means that a correction is made of. */
function problem(seed: number, kept: number) {
  const random = randomNumbers(seed);
  const exact = Array.from({ length: samples }, () => Float64Array.from({ length: size }, () => random()));
  const rough = exact.map((x) => x.map((value, at) => (at === 2 ? kept * value : value)));
  const gram = new Float64Array(size * size);
  const errors = new Float64Array(size * size);
  for (const [sample, x] of exact.entries())
    for (let row = 0; row < size; row += 1)
      for (let column = 0; column < size; column += 1) {
        const other = rough[sample]![column]!;
        gram[row * size + column] = gram[row * size + column]! + (rough[sample]![row]! * other) / samples;
        errors[row * size + column] = errors[row * size + column]! + ((x[row]! - rough[sample]![row]!) * other) / samples;
      }
  const weights = Float32Array.from({ length: size }, () => random() - 0.5);
  const missed = (used: Float32Array): number =>
    exact.reduce((sum, x, sample) => {
      const difference = x.reduce((total, value, at) => total + weights[at]! * value - used[at]! * rough[sample]![at]!, 0);
      return sum + difference ** 2;
    }, 0);
  return { gram, errors, weights, missed };
}

test('weights stay as they are for inputs without errors', () => {
  const { gram, errors, weights } = problem(1, 1);
  expect(correctedWeights(gram, errors, size)(weights)).toEqual(weights);
});

test('the output comes nearer to what it should be when inputs are wrong', () => {
  for (let seed = 1; seed <= 20; seed += 1) {
    const { gram, errors, weights, missed } = problem(seed, 0.8);
    expect(missed(correctedWeights(gram, errors, size)(weights))).toBeLessThan(missed(weights));
  }
});
