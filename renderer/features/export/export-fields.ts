/** What the fields of an export hold, also while it makes no sense yet, and the settings that they mean. */
import { exportSettingsSchema, type ExportSettings } from '../../../core/photo/export-settings.ts';
import { formatTraits } from '../../../core/photo/formats.ts';
import { templateFault, type TemplateFault } from '../../../core/photo/name-template.ts';

export const sizeKinds = ['full', 'long-side', 'megapixels'] as const;
export type SizeKind = (typeof sizeKinds)[number];

/** Numbers are null where their field is empty or holds none. */
export interface ExportFields extends Pick<ExportSettings, 'format' | 'quality' | 'strip' | 'template' | 'conflict'> {
  readonly sizeKind: SizeKind;
  /** In pixels. */
  readonly longSide: number | null;
  readonly megapixels: number | null;
  readonly densityDpi: number | null;
}

export interface FieldFaults {
  readonly size: boolean;
  readonly density: boolean;
  readonly template: TemplateFault | 'empty' | null;
}

const usualLongSide = 2048;
const usualMegapixels = 12;

/** Null: what is usual. */
export function fieldsOf(settings: ExportSettings | null): ExportFields {
  const { size, ...rest } = settings ?? exportSettingsSchema.parse({});
  return {
    ...rest,
    sizeKind: size?.kind ?? 'full',
    longSide: size?.kind === 'long-side' ? size.pixels : usualLongSide,
    megapixels: size?.kind === 'megapixels' ? size.megapixels : usualMegapixels,
  };
}

export function faultsOf(fields: ExportFields): FieldFaults {
  const empty = fields.template.trim() === '';
  return {
    size: sizeOf(fields) === undefined,
    density: !exportSettingsSchema.shape.densityDpi.safeParse(fields.densityDpi).success,
    template: empty ? 'empty' : templateFault(fields.template),
  };
}

/** Null while a field is wrong. */
export function settingsOf(fields: ExportFields): ExportSettings | null {
  const { format, quality, strip, template, conflict, densityDpi } = fields;
  const size = sizeOf(fields);
  if (size === undefined) return null;
  const parsed = exportSettingsSchema.safeParse({ format, quality, strip, template, conflict, densityDpi, size });
  return parsed.success && template.trim() !== '' ? parsed.data : null;
}

/** The quality that a slider shows, 1..100; null where the format has none, or every file has its own format. */
export function shownQuality({ format, quality }: Pick<ExportFields, 'format' | 'quality'>): number | null {
  if (format === 'same') return null;
  const usual = formatTraits[format].defaultQuality;
  return usual === null ? null : (quality ?? usual);
}

/** Undefined where the field holds no size. */
function sizeOf({ sizeKind, longSide, megapixels }: ExportFields): ExportSettings['size'] | undefined {
  switch (sizeKind) {
    case 'full':
      return null;
    case 'long-side':
      return longSide !== null && Number.isInteger(longSide) && longSide > 0
        ? { kind: 'long-side', pixels: longSide }
        : undefined;
    case 'megapixels':
      return megapixels !== null && megapixels > 0 ? { kind: 'megapixels', megapixels } : undefined;
  }
}
