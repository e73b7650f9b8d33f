import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  centreKeeping,
  fitScale,
  maxScale,
  nextStop,
  offsetOf,
  showsPixels,
  spotUnder,
} from '../../../../../renderer/features/review/viewer/zoom.ts';

const side = fc.integer({ min: 1, max: 60_000 });
const size = fc.record({ width: side, height: side });
const scale = fc.double({ min: 0.01, max: maxScale, noNaN: true });
const part = fc.double({ min: -1, max: 2, noNaN: true });
const spot = fc.record({ x: part, y: part });

describe('fitting', () => {
  test('shows all of every picture, and touches two edges of the room', () => {
    fc.assert(
      fc.property(size, size, (picture, room) => {
        const fit = fitScale(picture, room);
        expect(picture.width * fit).toBeLessThanOrEqual(room.width * (1 + 1e-9));
        expect(picture.height * fit).toBeLessThanOrEqual(room.height * (1 + 1e-9));
        expect(Math.max((picture.width * fit) / room.width, (picture.height * fit) / room.height)).toBeCloseTo(1, 9);
      }),
    );
  });

  test('is 100 % where there is no room yet', () => {
    expect(fitScale({ width: 100, height: 100 }, { width: 0, height: 0 })).toBe(1);
  });
});

describe('steps', () => {
  test('always go on in their direction until the end, and the same number of them leads back', () => {
    fc.assert(
      fc.property(scale, scale, (from, fit) => {
        const up = nextStop(from, 1, fit);
        expect(up > from || from >= Math.max(maxScale, fit) * (1 - 1e-6)).toBe(true);
        // Below the smallest stop there is nothing to go back to.
        if (up > from && from >= Math.min(1 / 16, fit)) expect(nextStop(up, -1, fit)).toBeLessThanOrEqual(from * (1 + 1e-6));
      }),
    );
  });

  test('stop at 100 % and where the picture fits', () => {
    expect(nextStop(0.9, 1, 0.3)).toBe(1);
    expect(nextStop(0.28, 1, 0.3)).toBe(0.3);
    expect(nextStop(0.3 * (1 + 1e-9), 1, 0.3)).toBeCloseTo(1 / 3);
  });
});

test('pixels are squares above 300 %', () => {
  expect([1, 3, 3.01, 8].map(showsPixels)).toEqual([false, false, true, true]);
});

test('a spot is found again at the place where it is seen, on screens of every density', () => {
  fc.assert(
    fc.property(size, spot, scale, spot, fc.constantFrom(1, 1.25, 2, 3), (picture, centre, now, wanted, density) => {
      const aim = { size: picture, centre, scale: now };
      const found = spotUnder(offsetOf(wanted, aim, density), aim, density);
      expect(found.x).toBeCloseTo(wanted.x, 6);
      expect(found.y).toBeCloseTo(wanted.y, 6);
    }),
  );
});

test('zooming keeps the place under the pointer where it is', () => {
  fc.assert(
    fc.property(size, spot, scale, scale, spot, (picture, centre, from, to, kept) => {
      const before = offsetOf(kept, { size: picture, centre, scale: from }, 1);
      const after = offsetOf(kept, { size: picture, centre: centreKeeping(kept, centre, from, to), scale: to }, 1);
      expect(after.x).toBeCloseTo(before.x, 4);
      expect(after.y).toBeCloseTo(before.y, 4);
    }),
  );
});
