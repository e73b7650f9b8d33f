import fc from 'fast-check';
import { expect, test } from 'vitest';
import { randomNumbers } from '../../../core/engine/sample/noise.ts';
import { compensatedRounding } from '../../../models/compress/compensated-rounding.ts';
import { quantizeChannel, reducedRange } from '../../../models/compress/quantize-channel.ts';

const size = 27;

/** Mean of x·xᵀ over patches of a signal whose neighbours are alike, as pixels are. */
function likeNeighbours(seed: number, likeness: number): Float64Array {
  const random = randomNumbers(seed);
  const gram = new Float64Array(size * size);
  for (let patch = 0; patch < 400; patch += 1) {
    const base = random();
    const values = Array.from({ length: size }, () => likeness * base + (1 - likeness) * random());
    for (const [row, a] of values.entries())
      for (const [column, b] of values.entries()) gram[row * size + column]! += (a * b) / 400;
  }
  return gram;
}

const outputError = (
  gram: Float64Array,
  weights: Float32Array,
  { scale, integers }: { scale: number; integers: Int8Array },
): number => {
  const off = Array.from(weights, (value, index) => value - integers[index]! * scale);
  return off.reduce((sum, a, row) => sum + off.reduce((part, b, column) => part + a * b * gram[row * size + column]!, 0), 0);
};

const weightsOf = (seed: number): Float32Array =>
  Float32Array.from({ length: size }, randomNumbers(seed)).map((value) => value - 0.5);

test('the output of a layer whose inputs are alike changes several times less than with the nearest integers', () => {
  let [nearest, compensated] = [0, 0];
  for (let seed = 1; seed <= 20; seed += 1) {
    const gram = likeNeighbours(seed, 0.8);
    const weights = weightsOf(100 + seed);
    nearest += outputError(gram, weights, quantizeChannel(weights, reducedRange));
    compensated += outputError(gram, weights, compensatedRounding(gram, size, reducedRange)(weights));
  }
  expect(compensated).toBeLessThan(nearest / 4);
});

test('inputs that have nothing to do with each other get the nearest integers', () => {
  const gram = new Float64Array(size * size);
  for (let index = 0; index < size; index += 1) gram[index * size + index] = 1;
  const weights = weightsOf(7);
  const { scale, integers } = compensatedRounding(gram, size, reducedRange)(weights);
  expect([...integers]).toEqual(
    Array.from(weights, (value) => Math.max(-reducedRange, Math.min(reducedRange, Math.round(value / scale))) + 0),
  );
});

test('integers stay in range and are the same again, whatever the weights and inputs', () => {
  const anyWeights = fc.float32Array({ minLength: size, maxLength: size, noNaN: true, noDefaultInfinity: true, min: -8, max: 8 });
  fc.assert(
    fc.property(anyWeights, fc.integer({ min: 1, max: 9 }), fc.constantFrom(0, 0.5, 1), (weights, seed, likeness) => {
      const gram = likeNeighbours(seed, likeness);
      const once = compensatedRounding(gram, size, reducedRange)(weights);
      expect(Math.max(...once.integers.map(Math.abs))).toBeLessThanOrEqual(reducedRange);
      expect(Number.isFinite(once.scale) && once.scale > 0).toBe(true);
      expect(compensatedRounding(gram, size, reducedRange)(weights)).toEqual(once);
    }),
    { numRuns: 40 },
  );
});

test('inputs that are always zero do no harm', () => {
  const { scale, integers } = compensatedRounding(new Float64Array(size * size), size, reducedRange)(weightsOf(3));
  expect(scale).toBeGreaterThan(0);
  expect(integers.some((value) => value !== 0)).toBe(true);
});
