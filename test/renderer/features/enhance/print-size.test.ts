import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { convertLength, lengthUnits, printLength, printPixels } from '../../../../renderer/features/enhance/print-size.ts';

const unit = fc.constantFrom(...lengthUnits);
const dpi = fc.integer({ min: 1, max: 2400 });

describe('a print size', () => {
  test.each([
    [{ length: 30, unit: 'cm', dpi: 300 }, 3543],
    [{ length: 10, unit: 'inch', dpi: 300 }, 3000],
    [{ length: 2.54, unit: 'cm', dpi: 72 }, 72],
    [{ length: 0.001, unit: 'cm', dpi: 1 }, 1],
  ] as const)('%j is %i pixels', (size, pixels) => {
    expect(printPixels(size)).toBe(pixels);
  });

  test('comes back from the pixels that it makes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200_000 }), unit, dpi, (pixels, chosen, dots) => {
        expect(printPixels({ length: printLength(pixels, chosen, dots), unit: chosen, dpi: dots })).toBe(pixels);
      }),
    );
  });

  test('comes back from another unit', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.1, max: 500, noNaN: true }), unit, unit, (length, from, to) => {
        expect(convertLength(convertLength(length, from, to), to, from)).toBeCloseTo(length, 9);
      }),
    );
    expect(convertLength(10, 'inch', 'cm')).toBeCloseTo(25.4, 9);
  });

  test('is the same in both units, and grows with length and density', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), dpi, (inches, dots) => {
        const pixels = printPixels({ length: inches, unit: 'inch', dpi: dots });
        expect(printPixels({ length: inches * 2.54, unit: 'cm', dpi: dots })).toBe(pixels);
        expect(printPixels({ length: inches * 2, unit: 'inch', dpi: dots })).toBe(2 * pixels);
        expect(printPixels({ length: inches, unit: 'inch', dpi: dots * 2 })).toBe(2 * pixels);
      }),
    );
  });
});
