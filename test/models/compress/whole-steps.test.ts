import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reducedRange } from '../../../models/compress/quantize-channel.ts';
import { wholeSteps } from '../../../models/compress/whole-steps.ts';

/** Integers whose largest is the range, as a channel that training rounded has. */
const roundedChannel = fc
  .array(fc.integer({ min: -reducedRange, max: reducedRange }), { minLength: 1, maxLength: 40 })
  .map((integers) => Int8Array.from([...integers, reducedRange]));
const step = fc.double({ min: 1e-6, max: 10, noNaN: true });

describe('weights that training rounded', () => {
  it('are the integers that they were rounded to', () => {
    fc.assert(
      fc.property(roundedChannel, step, (integers, scale) => {
        const found = wholeSteps(
          Float32Array.from(integers, (integer) => integer * scale),
          reducedRange,
        );
        expect(found?.integers).toEqual(integers);
        expect(found?.scale).toBeCloseTo(scale, 5);
      }),
    );
  });

  it('are not seen where one weight lies between two steps', () => {
    expect(wholeSteps(Float32Array.of(63, 12.02, -4), reducedRange)).toBeNull();
  });

  it('may all be zero', () => {
    expect(wholeSteps(new Float32Array(3), reducedRange)).toEqual({ scale: 1, integers: new Int8Array(3) });
  });
});
