import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { recipeSchema, type Recipe } from '../../../../core/photo/recipe.ts';
import { printPixels } from '../../../../renderer/features/enhance/print-size.ts';
import {
  customKinds,
  formOf,
  givenBy,
  measuredIn,
  recipeOf,
  sizeChoices,
  targetOf,
  usualForm,
  type RecipeForm,
} from '../../../../renderer/features/enhance/recipe-form.ts';

const pixels = fc.integer({ min: 1, max: 100_000 });
const strength = fc.double({ min: 0, max: 1, noNaN: true });
const target: fc.Arbitrary<Recipe['target']> = fc.oneof(
  fc.constantFrom(1, 2, 4).map((scale) => ({ kind: 'scale' as const, scale })),
  fc.record({ kind: fc.constantFrom('width' as const, 'height' as const, 'long-side' as const), pixels }),
  fc.record({ kind: fc.constant('megapixels' as const), megapixels: fc.double({ min: 0.001, max: 1000, noNaN: true }) }),
);
const recipe: fc.Arbitrary<Recipe> = fc.record({
  version: fc.constant(1 as const),
  model: fc.option(fc.constantFrom('photo-x2', 'photo-x4')),
  target,
  denoise: fc.oneof(fc.constant('auto' as const), strength),
});
/** Whatever fields can hold, also what makes no sense. */
const number = fc.option(fc.oneof(fc.double(), fc.integer({ min: -5, max: 20_000 })));
const form: fc.Arbitrary<RecipeForm> = fc.record({
  size: fc.constantFrom(...sizeChoices),
  custom: fc.constantFrom(...customKinds),
  pixels: number,
  megapixels: number,
  printLength: number,
  printUnit: fc.constantFrom('cm', 'inch'),
  printDpi: number,
  model: fc.option(fc.constant('photo-x2')),
  automatic: fc.boolean(),
  strength,
});

describe('the fields of the panel', () => {
  test('show any recipe, and mean it', () => {
    fc.assert(
      fc.property(recipe, (wanted) => {
        expect(recipeOf(formOf(wanted))).toEqual(wanted);
      }),
    );
  });

  test('make a valid recipe or none, whatever is typed', () => {
    let made = 0;
    fc.assert(
      fc.property(form, (fields) => {
        const found = recipeOf(fields);
        if (found === null) return;
        made += 1;
        expect(recipeSchema.parse(found)).toEqual(found);
      }),
    );
    expect(made).toBeGreaterThan(20);
  });

  test('keep their meaning when the recipe comes back', () => {
    fc.assert(
      fc.property(form, (fields) => {
        const found = recipeOf(fields);
        if (found !== null) expect(recipeOf(formOf(found))).toEqual(found);
      }),
    );
  });

  test('are as usual without a recipe', () => {
    expect(formOf(null)).toBe(usualForm);
    expect(recipeOf(usualForm)).toEqual({ version: 1, model: null, target: { kind: 'scale', scale: 2 }, denoise: 'auto' });
  });

  test('mean the long side by a print size', () => {
    const fields: RecipeForm = { ...usualForm, size: 'custom', custom: 'print', printLength: 40, printUnit: 'cm', printDpi: 240 };
    expect(targetOf(fields)).toEqual({ kind: 'long-side', pixels: printPixels({ length: 40, unit: 'cm', dpi: 240 }) });
  });

  test('keep a size that is given in another way, to the hundredth of a unit of paper', () => {
    const side = fc.integer({ min: 10, max: 60_000 });
    fc.assert(
      fc.property(side, fc.constantFrom('cm', 'inch'), fc.integer({ min: 72, max: 600 }), (wanted, printUnit, printDpi) => {
        const typed: RecipeForm = { ...usualForm, size: 'custom', custom: 'long-side', pixels: wanted, printUnit, printDpi };
        const printed = givenBy(typed, 'print');
        const tolerance = 0.005 * printDpi + 1;
        expect(Math.abs(pixelsOf(printed) - wanted)).toBeLessThanOrEqual(tolerance);
        expect(givenBy(printed, 'long-side').pixels).toBe(pixelsOf(printed));
        const other = measuredIn(printed, printUnit === 'cm' ? 'inch' : 'cm');
        expect(Math.abs(pixelsOf(other) - pixelsOf(printed))).toBeLessThanOrEqual(tolerance);
      }),
    );
    expect(givenBy({ ...usualForm, custom: 'width', pixels: 100 }, 'print')).toEqual({
      ...usualForm,
      custom: 'print',
      pixels: 100,
    });
    expect(measuredIn({ ...usualForm, printLength: null }, 'inch').printLength).toBeNull();
  });

  test.each([
    ['no pixels', { custom: 'width', pixels: null }],
    ['pixels below one', { custom: 'long-side', pixels: 0.3 }],
    ['no megapixels', { custom: 'megapixels', megapixels: 0 }],
    ['a print without density', { custom: 'print', printDpi: null }],
    ['a print without length', { custom: 'print', printLength: -1 }],
  ] as const)('make nothing of %s', (_, fields) => {
    expect(recipeOf({ ...usualForm, size: 'custom', ...fields })).toBeNull();
  });
});

function pixelsOf(form: RecipeForm): number {
  const found = targetOf(form);
  return found !== null && 'pixels' in found ? found.pixels : Number.NaN;
}
