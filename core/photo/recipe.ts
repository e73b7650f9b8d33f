/** What the user wants done to a photo. Plain, versioned data, parsed from unknown input. */
import { z } from 'zod';

export const outputFormats = ['jpeg', 'png', 'webp', 'avif', 'tiff'] as const;
export type OutputFormat = (typeof outputFormats)[number];

const targetSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('scale'), scale: z.union([z.literal(1), z.literal(2), z.literal(4)]) }),
  z.object({ kind: z.literal('width'), pixels: z.int().positive() }),
  z.object({ kind: z.literal('height'), pixels: z.int().positive() }),
  z.object({ kind: z.literal('long-side'), pixels: z.int().positive() }),
  z.object({ kind: z.literal('megapixels'), megapixels: z.number().positive() }),
]);
export type Target = z.infer<typeof targetSchema>;

export const recipeSchema = z.object({
  version: z.literal(1),
  /** Model id, or null for the best installed one for the scale. */
  model: z.string().min(1).nullable(),
  target: targetSchema,
  /** Strength 0 (trust the pixels) .. 1 (clean hard), or auto: chosen from each photo. A model without strength takes auto and 0 only. */
  denoise: z.union([z.literal('auto'), z.number().min(0).max(1)]),
});
export type Recipe = z.infer<typeof recipeSchema>;

export const stripPolicies = ['none', 'gps', 'all'] as const;
export type StripPolicy = (typeof stripPolicies)[number];

export const conflictPolicies = ['rename', 'skip', 'overwrite'] as const;
export type ConflictPolicy = (typeof conflictPolicies)[number];

/** How a result becomes a file. */
export const exportRecipeSchema = z.object({
  /** `same`: the format of the original, or the nearest one that can be written (HEIC → JPEG, GIF → PNG). */
  format: z.enum(['same', ...outputFormats]),
  /** 1..100, or null for the format's default. */
  quality: z.int().min(1).max(100).nullable(),
  strip: z.enum(stripPolicies),
});
export type ExportRecipe = z.infer<typeof exportRecipeSchema>;
