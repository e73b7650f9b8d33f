import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nameExports, planExport } from '../../../core/photo/export-plan.ts';
import { siblingName } from '../../../core/photo/output-name.ts';
import { outputFormats } from '../../../core/photo/recipe.ts';
import { photoFacts } from '../../fixtures/facts.ts';

const limits = { encodeMemoryBytes: 1e9 };
const result = { width: 8000, height: 6000 };
const plain = { format: 'same', quality: null, size: null } as const;

describe('the plan of an export', () => {
  it('keeps size and format, with the quality that is usual', () => {
    expect(planExport(photoFacts(), result, plain, limits)).toEqual({
      size: null,
      output: { ...result, format: 'jpeg', quality: 95 },
      outputBytes: 18_000_000,
      scratchBytes: 0,
      notes: [],
    });
  });

  it('shrinks to a long side or to megapixels', () => {
    const longSide = planExport(photoFacts(), result, { ...plain, size: { kind: 'long-side', pixels: 2048 } }, limits);
    expect(longSide.size).toEqual({ width: 2048, height: 1536 });
    expect(longSide.output).toMatchObject({ width: 2048, height: 1536 });
    expect(longSide.scratchBytes).toBe(2048 * 1536 * 3);
    const area = planExport(photoFacts(), result, { ...plain, size: { kind: 'megapixels', megapixels: 12 } }, limits);
    expect(area.size).toEqual({ width: 4000, height: 3000 });
  });

  it('enlarges nothing, and says so', () => {
    const plan = planExport(photoFacts(), result, { ...plain, size: { kind: 'long-side', pixels: 9000 } }, limits);
    expect(plan.size).toBeNull();
    expect(plan.output).toMatchObject(result);
    expect(plan.notes).toEqual(['the result has 8000 × 6000 only and is not enlarged']);
  });

  it('says what the format cannot keep', () => {
    const facts = photoFacts({ format: 'heic', bitDepth: 16, hasAlpha: true });
    expect(planExport(facts, result, plain, limits).notes).toEqual([
      'HEIC can be read but not written: the result is a JPEG',
      'JPEG keeps 8 of 16 bits: use PNG or TIFF to keep all',
      'JPEG has no transparency: transparent parts become white',
    ]);
    expect(planExport(facts, result, { ...plain, format: 'png', quality: 80 }, limits).notes).toEqual([
      'PNG is lossless: quality is ignored',
    ]);
  });

  it('refuses what the format cannot hold, and allows it once it is small enough', () => {
    const large = { width: 20_000, height: 15_000 };
    expect(() => planExport(photoFacts(), large, { ...plain, format: 'webp' }, limits)).toThrow(/WebP cannot hold 20000 × 15000/);
    const small = { ...plain, format: 'webp', size: { kind: 'long-side', pixels: 4000 } } as const;
    expect(planExport(photoFacts(), large, small, limits).output).toMatchObject({ width: 4000, height: 3000 });
  });

  it('never gives more pixels than the result has, in any format and size', () => {
    const side = fc.integer({ min: 1, max: 12_000 });
    const size = fc.option(
      fc.oneof(
        fc.record({ kind: fc.constant('long-side' as const), pixels: side }),
        fc.record({ kind: fc.constant('megapixels' as const), megapixels: fc.double({ min: 1e-5, max: 200, noNaN: true }) }),
      ),
    );
    fc.assert(
      fc.property(side, side, size, fc.constantFrom(...outputFormats), (width, height, wanted, format) => {
        const { output, size: shrunk } = planExport(
          photoFacts(),
          { width, height },
          { format, quality: null, size: wanted },
          {
            encodeMemoryBytes: Infinity,
          },
        );
        expect(output.width).toBeLessThanOrEqual(width);
        expect(output.height).toBeLessThanOrEqual(height);
        expect(Math.min(output.width, output.height)).toBeGreaterThanOrEqual(1);
        expect(shrunk === null).toBe(output.width === width && output.height === height);
      }),
    );
  });
});

describe('the names of a batch', () => {
  const file = (fileName: string, album: string | null = null) => ({
    plan: planExport(photoFacts(), result, plain, limits),
    values: { fileName, album, scale: 2, model: 'm', takenAt: null },
  });
  const names = (template: string, files: readonly ReturnType<typeof file>[]) =>
    nameExports(template, files).map(({ folders, name }) => [...folders, siblingName(name, name.first)].join('/'));

  it('are counted through in order, with as many digits as the last one', () => {
    const files = Array.from({ length: 11 }, (_unused, index) => file(`${String(index)}.jpg`));
    expect(names('{n}', files).slice(0, 2)).toEqual(['01.jpg', '02.jpg']);
    expect(names('{n:3}', files).at(-1)).toBe('011.jpg');
  });

  it('are one for each file, folder by folder', () => {
    expect(names('{album}/{name}', [file('a.jpg', 'x'), file('A.jpg', 'x'), file('a.jpg', 'y'), file('a.jpg', 'X')])).toEqual([
      'x/a.jpg',
      'x/A (1).jpg',
      'y/a.jpg',
      'X/a (2).jpg',
    ]);
    expect(names('same', [file('a.jpg'), file('b.jpg')])).toEqual(['same.jpg', 'same (1).jpg']);
  });
});
