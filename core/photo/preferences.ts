/** What a user decided about the program itself, in whatever window. Plain data, parsed from unknown input. */
import { z } from 'zod';
import { exportSettingsSchema } from './export-settings.ts';
import { recipeSchema } from './recipe.ts';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

export const languages = ['en', 'de', 'ru', 'ja'] as const;
export type Language = (typeof languages)[number];

export const deviceChoices = ['auto', 'cpu', 'webgpu'] as const;

/** Each field falls back alone: a value of a later version, or a damaged one, costs only itself. */
export const preferencesSchema = z.object({
  theme: z.enum(themes).catch('system').default('system'),
  /** `system`: the language that the browser or the desktop asks for. */
  language: z
    .enum(['system', ...languages])
    .catch('system')
    .default('system'),
  device: z.enum(deviceChoices).catch('auto').default('auto'),
  /** Threads that networks use; null: all. Holds from the next start of an engine on. */
  threads: z.int().min(1).max(256).nullable().catch(null).default(null),
  /** Wanted height of the rows of the grid, in CSS pixels. */
  rowHeight: z.number().min(80).max(480).catch(200).default(200),
  /** What was last asked for; the next panel begins with it. */
  recipe: recipeSchema.nullable().catch(null).default(null),
  export: exportSettingsSchema.nullable().catch(null).default(null),
});
export type Preferences = z.infer<typeof preferencesSchema>;

/** What is left out stays as it is; defaults belong to what was never set. */
export const preferenceChangesSchema = z
  .object({
    theme: z.enum(themes),
    language: z.enum(['system', ...languages]),
    device: z.enum(deviceChoices),
    threads: z.int().min(1).max(256).nullable(),
    rowHeight: z.number().min(80).max(480),
    recipe: recipeSchema.nullable(),
    export: exportSettingsSchema.nullable(),
  })
  .partial();

export const usualPreferences: Preferences = preferencesSchema.parse({});
