import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { photoFraction, trackRun, workPixels } from '../../../core/photo/progress.ts';

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

describe('the account of a run', () => {
  const pixels = fc.array(fc.integer({ min: 1, max: 1e9 }), { minLength: 1, maxLength: 10 });
  const step = fc.record({ index: fc.nat(12), fraction: fc.double({ min: -1, max: 2, noNaN: true }), settle: fc.boolean() });

  it('never falls, and is whole exactly when every photo is settled', () => {
    fc.assert(
      fc.property(pixels, fc.array(step, { maxLength: 40 }), (list, steps) => {
        const run = trackRun(list, 0);
        const settled = new Set<number>();
        let last = 0;
        for (const [at, { index, fraction, settle }] of steps.entries()) {
          if (settle) run.settle(index);
          else run.update(index, fraction);
          if (settle && index < list.length) settled.add(index);
          const now = run.snapshot(at + 1);
          expect(now.fraction).toBeGreaterThanOrEqual(last);
          expect(now.fraction === 1).toBe(settled.size === list.length);
          expect(now.photosDone).toBe(settled.size);
          last = now.fraction;
        }
      }),
    );
  });

  it('tells the time left from pixels, not from files', () => {
    const run = trackRun([1e6, 9e6], 1000);
    run.update(0, 1);
    run.settle(0);
    const now = run.snapshot(2000);
    expect(now.fraction).toBeCloseTo(0.1, 12);
    expect(now.megapixelsPerSecond).toBeCloseTo(1, 9);
    expect(now.remainingMs).toBeCloseTo(9000, 6);
  });

  it('does not count work that was not done as speed', () => {
    const run = trackRun([1e6, 1e6, 1e6], 0);
    run.settle(0);
    run.update(1, 1);
    run.settle(1);
    expect(run.snapshot(1000).megapixelsPerSecond).toBeCloseTo(1, 9);
    expect(run.snapshot(1000).remainingMs).toBeCloseTo(1000, 6);
  });

  it('knows no speed before anything was measured', () => {
    expect(trackRun([100], 0).snapshot(5)).toMatchObject({ fraction: 0, megapixelsPerSecond: null, remainingMs: null });
  });

  it('ends with nothing left', () => {
    const run = trackRun([100], 0);
    run.settle(0);
    expect(run.snapshot(5)).toMatchObject({ fraction: 1, remainingMs: 0 });
  });

  it('counts a photo without a network as a little work', () => {
    expect(workPixels(0, 5000)).toBe(100);
    expect(workPixels(0, 1)).toBe(1);
    expect(workPixels(700, 5000)).toBe(700);
  });
});
