import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { levelCount, levelSize } from '../../../core/photo/zoom-levels.ts';

const side = fc.integer({ min: 1, max: 100_000 });

describe('the levels of a picture', () => {
  it('each are half the one before, rounded up, and end at one pixel', () => {
    fc.assert(
      fc.property(side, side, (width, height) => {
        const size = { width, height };
        expect(levelSize(size, 0)).toEqual(size);
        const count = levelCount(size);
        for (let level = 1; level < count; level += 1) {
          const before = levelSize(size, level - 1);
          const half = { width: Math.ceil(before.width / 2), height: Math.ceil(before.height / 2) };
          expect(levelSize(size, level)).toEqual(half);
          expect(Math.max(before.width, before.height)).toBeGreaterThan(1);
        }
        expect(levelSize(size, count - 1)).toEqual({ width: 1, height: 1 });
      }),
    );
  });

  it('are as many as their documentation says', () => {
    expect([1, 2, 3, 4, 16_384].map((width) => levelCount({ width, height: 1 }))).toEqual([1, 2, 3, 3, 15]);
  });
});
