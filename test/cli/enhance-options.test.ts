import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEnhanceOptions, type RawEnhanceOptions } from '../../cli/enhance-options.ts';
import { UsageError } from '../../cli/usage-error.ts';
import { conflictPolicies, exportRecipeSchema, outputFormats, recipeSchema, stripPolicies } from '../../core/photo/recipe.ts';

describe('options of enhance', () => {
  it('have the defaults of the contract', () => {
    expect(parseEnhanceOptions({})).toEqual({
      outDirectory: null,
      recipe: { version: 1, model: null, target: { kind: 'scale', scale: 2 }, denoise: 'auto' },
      sizeIsGiven: false,
      exported: { format: 'same', quality: null, strip: 'none' },
      conflict: 'rename',
      device: 'auto',
      recursive: false,
      sample: false,
      json: false,
    });
  });

  it('take every word of the contract', () => {
    for (const format of ['same', ...outputFormats]) expect(parseEnhanceOptions({ format }).exported.format).toBe(format);
    for (const strip of stripPolicies) expect(parseEnhanceOptions({ strip }).exported.strip).toBe(strip);
    for (const onConflict of conflictPolicies) expect(parseEnhanceOptions({ onConflict }).conflict).toBe(onConflict);
    for (const device of ['auto', 'cpu', 'webgpu']) expect(parseEnhanceOptions({ device }).device).toBe(device);
    for (const scale of [1, 2, 4])
      expect(parseEnhanceOptions({ scale: String(scale) }).recipe.target).toEqual({ kind: 'scale', scale });
  });

  it.each<[RawEnhanceOptions, object]>([
    [{ width: '8000' }, { kind: 'width', pixels: 8000 }],
    [{ height: '1' }, { kind: 'height', pixels: 1 }],
    [{ longSide: '6000' }, { kind: 'long-side', pixels: 6000 }],
    [{ megapixels: '24' }, { kind: 'megapixels', megapixels: 24 }],
    [{ megapixels: '.5' }, { kind: 'megapixels', megapixels: 0.5 }],
  ])('%j is a target', (raw, target) => {
    expect(parseEnhanceOptions(raw).recipe.target).toEqual(target);
  });

  it.each([
    ['auto', 'auto'],
    ['0', 0],
    ['1', 1],
    ['0.25', 0.25],
    ['1.', 1],
  ])('--denoise %s is %s', (denoise, value) => {
    expect(parseEnhanceOptions({ denoise }).recipe.denoise).toBe(value);
  });

  it('become a valid recipe or a UsageError, whatever was typed', () => {
    const typed = fc.oneof(
      fc.string(),
      fc.integer().map(String),
      fc.double().map(String),
      fc.constantFrom('auto', 'same', 'jpeg', 'cpu', 'gps', 'skip', '2'),
    );
    const keys = [
      'out',
      'scale',
      'width',
      'height',
      'longSide',
      'megapixels',
      'model',
      'denoise',
      'format',
      'quality',
      'device',
      'onConflict',
      'strip',
    ];
    let accepted = 0;
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(fc.constantFrom(...keys), typed), { selector: ([key]) => key, maxLength: 3 }),
        (values) => {
          const raw: RawEnhanceOptions = Object.fromEntries(values);
          try {
            const options = parseEnhanceOptions(raw);
            recipeSchema.parse(options.recipe);
            exportRecipeSchema.parse(options.exported);
            accepted += 1;
          } catch (error) {
            if (!(error instanceof UsageError)) throw error;
            expect(error.message).toMatch(/^(--|No|An).*\.$/su);
          }
        },
      ),
      { numRuns: 500 },
    );
    expect(accepted).toBeGreaterThan(0);
  });
});
