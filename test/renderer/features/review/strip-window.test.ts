import fc from 'fast-check';
import { expect, test } from 'vitest';
import { scrollToMiddle, stripWindow } from '../../../../renderer/features/review/strip-window.ts';

const count = fc.integer({ min: 0, max: 5000 });
const px = fc.integer({ min: 0, max: 100_000 });
const seen = fc.integer({ min: 0, max: 4000 });
const pitch = fc.double({ min: 40, max: 300, noNaN: true });

test('everything that is seen is in the page, and little else', () => {
  fc.assert(
    fc.property(count, px, seen, pitch, (all, scrolled, width, each) => {
      const { from, to } = stripWindow(all, scrolled, width, each);
      expect(from).toBeGreaterThanOrEqual(0);
      expect(to).toBeLessThanOrEqual(all);
      expect(to - from).toBeLessThanOrEqual(Math.ceil(width / each) + 10);
      for (const at of [scrolled, scrolled + width / 2, scrolled + width - 1e-3]) {
        const index = Math.floor(at / each);
        if (index < all && at >= scrolled) expect(index >= from && index < to).toBe(true);
      }
    }),
  );
});

test('a picture is scrolled to the middle, unless it is near an end', () => {
  expect(scrollToMiddle(50, 200, 1000, 100)).toBe(4550);
  expect(scrollToMiddle(0, 200, 1000, 100)).toBe(0);
  expect(scrollToMiddle(199, 200, 1000, 100)).toBe(19_000);
  expect(scrollToMiddle(2, 5, 1000, 100)).toBe(0);
});
