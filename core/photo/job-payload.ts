/** What jobs carry for their workers, parsed when it comes back from the store. */
import { z } from 'zod';
import { recipeSchema } from './recipe.ts';

/** Of a job of the kind `enhance` on a photo of the library. */
export const enhancePayloadSchema = z.object({ recipe: recipeSchema });
export type EnhancePayload = z.infer<typeof enhancePayloadSchema>;

/** Of a job of one run of a command: the place of its photo in the run. */
export const runPayloadSchema = z.object({ index: z.int().nonnegative() });
export type RunPayload = z.infer<typeof runPayloadSchema>;
