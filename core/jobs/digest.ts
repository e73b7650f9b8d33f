/** A short name for everything that decides how a result looks, to know later what is already done. */
import { createHash } from 'node:crypto';
import { canonicalJson } from '../photo/canonical-json.ts';
import type { Plan } from '../photo/plan.ts';
import type { ExportRecipe, Recipe } from '../photo/recipe.ts';

/**
 * 16 hex digits over what was asked for, as it works out for this photo: naming the model or the format that would
 * have been chosen anyway makes no other result. `modelSha256` is null when the photo is only shrunk.
 */
export function recipeDigest(
  recipe: Recipe,
  exported: Pick<ExportRecipe, 'strip'>,
  plan: { readonly output: Pick<Plan['output'], 'format' | 'quality'> },
  modelSha256: string | null,
): string {
  const { format, quality } = plan.output;
  const facts = {
    version: recipe.version,
    target: recipe.target,
    denoise: recipe.denoise,
    format,
    quality,
    strip: exported.strip,
    modelSha256,
  };
  return createHash('sha256').update(canonicalJson(facts)).digest('hex').slice(0, 16);
}
