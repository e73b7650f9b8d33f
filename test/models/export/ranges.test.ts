import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { affineOf } from '../../../models/export/int8-graph.ts';
import type { ValueRange } from '../../../models/export/int8-graph.ts';
import { randomNumbers } from '../../../core/engine/sample/noise.ts';
import { countValues, emptyHistogram, findRange, meanSquaredError } from '../../../models/export/range-search.ts';
import type { Histogram, RangeMethod } from '../../../models/export/range-search.ts';

const methods: readonly RangeMethod[] = ['max', '99.9 %', '99.99 %', 'mse'];

function histogramOf(values: Float32Array): Histogram {
  const histogram = emptyHistogram([Math.min(...values), Math.max(...values)]);
  countValues(histogram, values);
  return histogram;
}

/** Squared error of the values themselves, not of bins. */
function exactError(values: Float32Array, range: ValueRange): number {
  const { scale, zeroPoint } = affineOf(range);
  const error = (value: number): number =>
    value - (Math.min(255, Math.max(0, Math.round(value / scale) + zeroPoint)) - zeroPoint) * scale;
  return values.reduce((sum, value) => sum + error(value) ** 2, 0) / values.length;
}

describe('a range', () => {
  const values = fc.float32Array({ minLength: 1, maxLength: 200, noNaN: true, min: -100, max: 100 });
  test('lies within what was seen, holds zero, and grows with what it may leave out', () => {
    fc.assert(
      fc.property(values, (seen) => {
        const histogram = histogramOf(seen);
        const found = Object.fromEntries(methods.map((method) => [method, findRange(histogram, method)]));
        for (const [low, high] of Object.values(found)) {
          expect(low).toBeLessThanOrEqual(0);
          expect(high).toBeGreaterThanOrEqual(0);
          expect(low).toBeGreaterThanOrEqual(histogram.min);
          expect(high).toBeLessThanOrEqual(histogram.max + 1e-4);
        }
        expect(found['99.9 %']![1]).toBeLessThanOrEqual(found['99.99 %']![1]);
        expect(found['99.9 %']![0]).toBeGreaterThanOrEqual(found['99.99 %']![0]);
        expect(meanSquaredError(histogram, found['mse']!)).toBeLessThanOrEqual(meanSquaredError(histogram, found['max']!));
      }),
    );
  });

  /** Half zeros as after ReLU, exponential otherwise, one value far out. */
  const random = randomNumbers(4);
  const activations = Float32Array.from({ length: 100_000 }, (_, index) =>
    index === 7 ? 60 : random() < 0.5 ? 0 : -Math.log(1 - random()),
  );

  test('of the percentiles leaves out as many values as it says', () => {
    for (const [method, outside] of [
      ['99.9 %', 100],
      ['99.99 %', 10],
    ] as const) {
      const [low, high] = findRange(histogramOf(activations), method);
      expect(low).toBe(0);
      const beyond = activations.filter((value) => value > high).length;
      expect(beyond).toBeLessThanOrEqual(outside);
      expect(beyond).toBeGreaterThan(0.7 * outside);
    }
  });

  test('of least squares beats every other by the values themselves, for ReLU and signed values', () => {
    const signed = activations.map((value, index) => (index % 3 === 0 ? -value / 2 : value));
    for (const seen of [activations, signed]) {
      const histogram = histogramOf(seen);
      const best = exactError(seen, findRange(histogram, 'mse'));
      for (const method of ['max', '99.9 %', '99.99 %'] as const)
        expect(best).toBeLessThanOrEqual(exactError(seen, findRange(histogram, method)) * 1.02);
      expect(best).toBeLessThan(0.98 * exactError(seen, findRange(histogram, 'max')));
    }
  });
});
