import { describe, expect, it } from 'vitest';
import { sumOfLargest } from '../../../core/jobs/largest.ts';

describe('the sum of the largest', () => {
  it('takes so many, wherever they stand, or all where there are fewer', () => {
    const values = [3, 10, 1, 10];
    expect([0, 1, 2, 3, 4, 9].map((count) => sumOfLargest(values, count))).toEqual([0, 10, 20, 23, 24, 24]);
    expect(sumOfLargest([], 2)).toBe(0);
  });
});
