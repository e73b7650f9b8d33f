import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jpegDeviation, strengthFor } from '../../../core/photo/damage.ts';

const deviation = fc.double({ min: 0, max: 60, noNaN: true });

describe('the strength for a damage', () => {
  it('grows with what exceeds two codes to the power of ¾, with all of it from 27 on', () => {
    expect(strengthFor(3, 0)).toBeCloseTo(0.0894, 4);
    expect(strengthFor(0, 7)).toBeCloseTo(0.2991, 4);
    expect(strengthFor(17, 0)).toBeCloseTo(0.6817, 4);
    expect(strengthFor(3, 4)).toBeCloseTo(strengthFor(5, 0), 10);
    expect(strengthFor(27, 0)).toBe(1);
    expect(strengthFor(300, 300)).toBe(1);
  });

  it('is exactly 0 where nothing speaks for damage that costs anything', () => {
    for (const [noise, jpeg] of [
      [0, 0],
      [2, 0],
      [1.2, 1.6],
    ] as const)
      expect(strengthFor(noise, jpeg)).toBe(0);
  });

  it('lies in 0..1 and never falls when either damage grows', () => {
    fc.assert(
      fc.property(deviation, deviation, deviation, (noise, jpeg, more) => {
        const strength = strengthFor(noise, jpeg);
        expect(strength).toBeGreaterThanOrEqual(0);
        expect(strength).toBeLessThanOrEqual(1);
        expect(strengthFor(noise + more, jpeg)).toBeGreaterThanOrEqual(strength);
        expect(strengthFor(noise, jpeg + more)).toBeGreaterThanOrEqual(strength);
      }),
    );
  });
});

describe('the deviation that a quantisation table costs', () => {
  const steps = fc.array(fc.integer({ min: 1, max: 255 }), { minLength: 64, maxLength: 64 });

  it('is that of uniform rounding where steps are small', () => {
    expect(jpegDeviation(new Array<number>(64).fill(1))).toBeCloseTo(Math.sqrt(1 / 12), 10);
  });

  it('never falls when a step grows', () => {
    fc.assert(
      fc.property(steps, fc.nat(63), fc.nat(100), (table, place, more) => {
        const coarser = table.with(place, table[place]! + more);
        expect(jpegDeviation(coarser)).toBeGreaterThanOrEqual(jpegDeviation(table));
      }),
    );
  });

  it('is limited by what the coefficients of photos hold: the very numbers that the networks are trained with', () => {
    const file = new URL('../../../models/train/dct-deviation.json', import.meta.url);
    const { deviation: trained } = JSON.parse(readFileSync(file, 'utf8')) as { deviation: number[][] };
    const fine = new Array<number>(64).fill(1);
    for (let place = 1; place < 64; place += 1) {
      const lost = 64 * (jpegDeviation(fine.with(place, 65_535)) ** 2 - jpegDeviation(fine) ** 2) + 1 / 12;
      expect(Math.sqrt(lost)).toBeCloseTo(trained[Math.floor(place / 8)]![place % 8]!, 6);
    }
  });
});
