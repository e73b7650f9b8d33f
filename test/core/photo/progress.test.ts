import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { photoFraction, workPixels } from '../../../core/photo/progress.ts';

const stages = ['decode', 'infer', 'resize', 'encode'] as const;

describe('the fraction of a photo', () => {
  it('rises through every stage from 0 to 1', () => {
    const fractions = stages.flatMap((stage) => [0, 0.25, 0.5, 1].map((fraction) => photoFraction(stage, fraction)));
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
    expect(fractions[0]).toBe(0);
    expect(fractions.at(-1)).toBeCloseTo(1, 12);
  });

  it('stays within 0 and 1 whatever it is told', () => {
    fc.assert(
      fc.property(fc.constantFrom(...stages), fc.double({ noNaN: true }), (stage, fraction) => {
        expect(photoFraction(stage, fraction)).toBeGreaterThanOrEqual(0);
        expect(photoFraction(stage, fraction)).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('the work of a photo', () => {
  it('counts a photo without a network as a little work', () => {
    expect(workPixels(0, 5000)).toBe(100);
    expect(workPixels(0, 1)).toBe(1);
    expect(workPixels(700, 5000)).toBe(700);
  });
});
