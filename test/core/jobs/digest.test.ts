import { describe, expect, it } from 'vitest';
import { recipeDigest } from '../../../core/jobs/digest.ts';
import { planPhoto } from '../../../core/photo/plan.ts';
import type { ExportRecipe, Recipe } from '../../../core/photo/recipe.ts';
import { exportRecipe, modelCard, photoFacts, recipe } from '../../fixtures/facts.ts';

function digest(recipes: Partial<Recipe> = {}, exported: Partial<ExportRecipe> = {}, modelSha256: string | null = 'm'): string {
  const card = modelCard({ input: { name: 'x', channels: 3, range: [0, 1], layout: 'NCHW', extraPlanes: ['strength'] } });
  const given = [recipe(recipes), exportRecipe(exported)] as const;
  return recipeDigest(...given, planPhoto(photoFacts(), ...given, [card], { encodeMemoryBytes: 1e9 }), modelSha256);
}

describe('a recipe digest', () => {
  it('is the same for what comes to the same', () => {
    expect(digest()).toMatch(/^[0-9a-f]{16}$/);
    expect(digest({ model: 'test-x2' })).toBe(digest());
    expect(digest({}, { format: 'jpeg', quality: 95 })).toBe(digest());
  });

  it('differs for everything that changes the result', () => {
    const all = [
      digest(),
      digest({ target: { kind: 'scale', scale: 4 } }),
      digest({ target: { kind: 'width', pixels: 5000 } }),
      digest({ denoise: 0.5 }),
      digest({}, { format: 'png' }),
      digest({}, { quality: 80 }),
      digest({}, { strip: 'gps' }),
      digest({}, {}, 'another model file'),
      digest({}, {}, null),
    ];
    expect(new Set(all).size).toBe(all.length);
  });
});
