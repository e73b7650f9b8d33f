import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Recipe } from '../../../../core/photo/recipe.ts';
import { networkOf } from '../../../../renderer/features/enhance/networks.ts';
import { middlePart, networkRecipe, plainRecipe, previewPath } from '../../../../renderer/features/enhance/preview-region.ts';
import { shipped } from './models.ts';

const side = fc.integer({ min: 1, max: 9000 });
const recipe: Recipe = { version: 1, model: null, target: { kind: 'scale', scale: 2 }, denoise: 'auto' };

describe('the middle of a photo and of what becomes of it', () => {
  test('are the same part, inside the photo, and as large as there is room for', () => {
    fc.assert(
      fc.property(
        fc.record({ width: side, height: side }),
        fc.constantFrom(1, 2, 4, 8),
        fc.record({ width: side, height: side }),
        (original, factor, room) => {
          const { before, after } = middlePart(original, factor, room);
          expect(after).toEqual({
            x: before.x * factor,
            y: before.y * factor,
            width: before.width * factor,
            height: before.height * factor,
          });
          expect(before.x + before.width).toBeLessThanOrEqual(original.width);
          expect(before.y + before.height).toBeLessThanOrEqual(original.height);
          expect(Math.min(after.width, room.width)).toBe(Math.min(original.width * factor, room.width));
          expect(Math.abs(2 * before.x + before.width - original.width)).toBeLessThanOrEqual(1);
        },
      ),
    );
  });
});

describe('the path of a preview', () => {
  test('carries photo, recipe and part', () => {
    const path = previewPath(7, recipe, { x: 512, y: 0, width: 300, height: 200 });
    const { pathname, searchParams } = new URL(path, 'http://host/');
    expect(pathname).toBe('/preview/7');
    expect(JSON.parse(searchParams.get('recipe') ?? '')).toEqual(recipe);
    expect(searchParams.get('region')).toBe('512,0,300,200');
  });
});

describe('the recipe that a preview is asked for by', () => {
  const original = { width: 4032, height: 3024 };
  const of = (wanted: Recipe): Recipe | null => {
    const network = networkOf(shipped, wanted, original);
    return network && networkRecipe(wanted, network);
  };

  test('names the network, and is the same for every size that it makes', () => {
    const expected: Recipe = { ...recipe, model: 'photo-x2', denoise: 0.4 };
    expect(of({ ...recipe, denoise: 0.4 })).toEqual(expected);
    for (const pixels of [5000, 6000, 8064])
      expect(of({ ...recipe, denoise: 0.4, target: { kind: 'width', pixels } })).toEqual(expected);
  });

  test('makes the same of the photo', () => {
    for (const pixels of [4100, 9000, 16_000, 30_000]) {
      const wanted: Recipe = { ...recipe, target: { kind: 'long-side', pixels } };
      const made = of(wanted);
      expect(made && networkOf(shipped, made, original)).toEqual(networkOf(shipped, wanted, original));
    }
  });

  test('that runs no network shows the photo itself', () => {
    expect(networkOf(shipped, plainRecipe, original)).toEqual({ model: null, factor: 1 });
    expect(of(plainRecipe)).toBe(plainRecipe);
  });
});
