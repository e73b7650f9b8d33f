import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quantizeChannel, reducedRange } from '../../../models/compress/quantize-channel.ts';

const channel = fc.float32Array({ minLength: 1, maxLength: 64, noNaN: true, noDefaultInfinity: true, min: -4, max: 4 });

test('two products of the largest weight with the largest activation fit into 16 bits', () => {
  expect(2 * 255 * reducedRange).toBeLessThan(2 ** 15);
});

test('a quantized channel stays in range and errs less than the plain scale does', () => {
  fc.assert(
    fc.property(channel, (weights) => {
      const { scale, integers } = quantizeChannel(weights, reducedRange);
      expect(Math.max(...integers.map(Math.abs))).toBeLessThanOrEqual(reducedRange);
      const error = (step: number, values: (weight: number, index: number) => number): number =>
        weights.reduce((sum, weight, index) => sum + (weight - values(weight, index) * step) ** 2, 0);
      const plain = Math.fround(Math.max(...weights.map(Math.abs)) / reducedRange);
      if (plain < 1e-30) return;
      const rounded = (weight: number): number => Math.max(-reducedRange, Math.min(reducedRange, Math.round(weight / plain)));
      expect(error(scale, (_, index) => integers[index]!)).toBeLessThanOrEqual(error(plain, rounded) * (1 + 1e-9));
    }),
  );
});
