import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { db, markdownTable, signed } from '../../eval/markdown.ts';
import { summarise, type SweepCell } from '../../eval/sweep.ts';
import { deviation, falls, fine } from '../../eval/slider.ts';

const cell: SweepCell = {
  set: 'Set5',
  damage: 'JPEG q 50',
  photos: ['a', 'b'],
  baseline: [30, 32],
  psnrDb: [
    { strength: 0, photos: [29, 31] },
    { strength: 0.25, photos: [30.5, 31.9] },
    { strength: 0.5, photos: [31, 33] },
    { strength: 0.75, photos: [30.8, 33.2] },
    { strength: 1, photos: [28, 30] },
  ],
};
const safe = { from: 0.25, to: 0.75 };

describe('the summary of a sweep', () => {
  test('finds the best strength, the least of equals, and its gain', () => {
    expect(summarise(cell, safe).best).toEqual({ strength: 0.5, psnrDb: 32, gain: 1 });
  });

  test('looks for the least gain within the range alone, of the mean and of single photos', () => {
    const { leastGain, leastPhotoGain, baseline } = summarise(cell, safe);
    expect(baseline).toBe(31);
    expect(leastGain).toBeCloseTo(0.2, 9);
    expect(leastPhotoGain).toBeCloseTo(-0.1, 9);
  });

  test('has no least gain for a model without strength', () => {
    const { leastGain, leastPhotoGain, best } = summarise({ ...cell, psnrDb: cell.psnrDb.slice(0, 1) }, safe);
    expect([leastGain, leastPhotoGain, best.gain]).toEqual([null, null, -1]);
  });
});

describe('the slider', () => {
  test('falls when every value lies under the one before, and not when one of them rises above it', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 1000 }), { minLength: 2, maxLength: 8 }), fc.nat(), (values, seed) => {
        const falling = values.toSorted((a, b) => b - a);
        expect(falls(falling)).toBe(true);
        const at = 1 + (seed % (falling.length - 1));
        expect(falls(falling.with(at, falling[at - 1]! * 1.02))).toBe(false);
      }),
    );
  });

  test('does not fall by creeping upwards or standing still', () => {
    expect(falls([10, 10.04, 10.08, 10.12])).toBe(false);
    expect(falls([10, 10, 10])).toBe(false);
    expect(falls([10, 10.02, 9])).toBe(true);
  });

  test('measures the deviation without the margin, and takes detail for what a small mean leaves', () => {
    const width = 20;
    const checks = Float64Array.from({ length: width * width }, (_, index) => (index + Math.floor(index / width)) % 2);
    expect(deviation(checks, width, 2)).toBeCloseTo(0.5, 9);
    const ramp = checks.map((_, index) => 3 * (index % width) + 100);
    expect(deviation(fine(ramp, width), width, 2)).toBeCloseTo(0, 9);
    expect(deviation(fine(checks, width), width, 2)).toBeGreaterThan(0.4);
    const framed = checks.map((value, index) => (index < 2 * width ? 1000 : value));
    expect(deviation(framed, width, 2)).toBeCloseTo(0.5, 9);
  });
});

describe('a table', () => {
  test('has a cell for every column in every row, and refuses a row that has not', () => {
    const lines = markdownTable({ title: 'T', head: ['a', 'b'], rows: [['1', '2']], notes: ['How.'] }).split('\n');
    expect(lines).toEqual(['### T', '', '| a | b |', '| --- | ---: |', '| 1 | 2 |', '', 'How.', '']);
    expect(() => markdownTable({ title: 'T', head: ['a', 'b'], rows: [['1']], notes: [] })).toThrow(RangeError);
  });

  test('writes nothing, equality and signs', () => {
    expect([db(null), db(Infinity), db(31.005, 1)]).toEqual(['–', '∞', '31.0']);
    expect([signed(0.5), signed(-0.25), signed(-Infinity)]).toEqual(['+0.50', '−0.25', '–']);
  });
});
