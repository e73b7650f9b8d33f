/** The options of `export` as typed → what is decided about all its files. Whatever is wrong is a `UsageError`. */
import { exportSettingsSchema, type ExportSettings } from '../core/photo/export-settings.ts';
import { conflictPolicies, outputFormats, stripPolicies } from '../core/photo/recipe.ts';
import { choice, directory, largestSide, megapixels, text, wholeNumber } from './enhance-options.ts';
import { UsageError } from './usage-error.ts';

export interface RawExportOptions {
  readonly out?: string;
  readonly format?: string;
  readonly quality?: string;
  readonly longSide?: string;
  readonly megapixels?: string;
  readonly dpi?: string;
  readonly template?: string;
  readonly strip?: string;
  readonly onConflict?: string;
}

/** The folder as given, and the settings. */
export function parseExportOptions(raw: RawExportOptions): { readonly out: string; readonly settings: ExportSettings } {
  if (raw.out === undefined) throw new UsageError('No folder was given for the files. Name one with --out.');
  const settings = exportSettingsSchema.safeParse({
    format: choice('--format', raw.format, ['same', ...outputFormats], 'same'),
    quality: raw.quality === undefined ? null : wholeNumber('--quality', raw.quality, 1, 100),
    size: size(raw),
    densityDpi: raw.dpi === undefined ? null : wholeNumber('--dpi', raw.dpi, 1, 10_000),
    strip: choice('--strip', raw.strip, stripPolicies, 'none'),
    template: raw.template === undefined ? undefined : text('--template', raw.template),
    conflict: choice('--on-conflict', raw.onConflict, conflictPolicies, 'rename'),
  });
  if (!settings.success) throw new UsageError(`--template is too long: it takes at most 500 letters.`);
  return { out: directory(raw.out), settings: settings.data };
}

function size(raw: RawExportOptions): ExportSettings['size'] {
  if (raw.longSide !== undefined && raw.megapixels !== undefined)
    throw new UsageError('--long-side and --megapixels contradict each other: give one of them.');
  if (raw.longSide !== undefined) return { kind: 'long-side', pixels: wholeNumber('--long-side', raw.longSide, 1, largestSide) };
  return raw.megapixels === undefined ? null : { kind: 'megapixels', megapixels: megapixels(raw.megapixels) };
}
