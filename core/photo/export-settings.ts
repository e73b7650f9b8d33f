/** What the user decides about an export, once for all its photos. Plain data, parsed from unknown input. */
import { z } from 'zod';
import { templateProblem } from './name-template.ts';
import { conflictPolicies, outputFormats, stripPolicies } from './recipe.ts';

export const exportSettingsSchema = z.object({
  format: z.enum(['same', ...outputFormats]).default('same'),
  quality: z.int().min(1).max(100).nullable().default(null),
  /** Shrinks only; null keeps the result's size. */
  size: z
    .discriminatedUnion('kind', [
      z.object({ kind: z.literal('long-side'), pixels: z.int().positive() }),
      z.object({ kind: z.literal('megapixels'), megapixels: z.number().positive() }),
    ])
    .nullable()
    .default(null),
  densityDpi: z.number().min(1).max(10_000).nullable().default(null),
  strip: z.enum(stripPolicies).default('none'),
  /** `{name}`, `{scale}`, `{model}`, `{date}`, `{album}`, `{n}`; see name-template.ts. */
  template: z
    .string()
    .min(1)
    .max(500)
    .refine((template) => templateProblem(template) === null, { error: ({ input }) => templateProblem(String(input)) ?? '' })
    .default('{name}'),
  conflict: z.enum(conflictPolicies).default('rename'),
});
export type ExportSettings = z.infer<typeof exportSettingsSchema>;
