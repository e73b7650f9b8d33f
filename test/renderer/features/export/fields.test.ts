import { describe, expect, test } from 'vitest';
import { exportSettingsSchema, type ExportSettings } from '../../../../core/photo/export-settings.ts';
import { outputFormats } from '../../../../core/photo/recipe.ts';
import {
  faultsOf,
  fieldsOf,
  settingsOf,
  shownQuality,
  type ExportFields,
} from '../../../../renderer/features/export/export-fields.ts';

const usual = exportSettingsSchema.parse({});
const fields = (changes: Partial<ExportFields>): ExportFields => ({ ...fieldsOf(null), ...changes });

describe('the fields of an export', () => {
  test.each<[string, Partial<ExportSettings>]>([
    ['what is usual', {}],
    ['a format with its quality', { format: 'avif', quality: 60 }],
    ['a long side', { size: { kind: 'long-side', pixels: 2048 } }],
    ['megapixels', { size: { kind: 'megapixels', megapixels: 7.5 } }],
    ['everything else', { densityDpi: 300, strip: 'gps', template: '{date}/{n:3} {name}', conflict: 'skip' }],
  ])('hold %s and mean it', (_, changes) => {
    const settings = { ...usual, ...changes };
    expect(settingsOf(fieldsOf(settings))).toEqual(settings);
    expect(faultsOf(fieldsOf(settings))).toEqual({ size: false, density: false, template: null });
  });

  test('begin with what is usual', () => {
    expect(settingsOf(fieldsOf(null))).toEqual(usual);
  });

  test.each<[string, Partial<ExportFields>, string]>([
    ['an empty long side', { sizeKind: 'long-side', longSide: null }, 'size'],
    ['half a pixel', { sizeKind: 'long-side', longSide: 0.5 }, 'size'],
    ['no megapixels', { sizeKind: 'megapixels', megapixels: 0 }, 'size'],
    ['a density of zero', { densityDpi: 0 }, 'density'],
    ['an unheard-of density', { densityDpi: 20_000 }, 'density'],
    ['no name', { template: '  ' }, 'template'],
    ['an open brace', { template: '{name' }, 'template'],
    ['an unknown field', { template: '{camera}' }, 'template'],
  ])('mean nothing with %s', (_, changes, fault) => {
    expect(settingsOf(fields(changes))).toBeNull();
    expect(Object.entries(faultsOf(fields(changes))).filter(([, found]) => found !== null && found !== false)).toMatchObject([
      [fault, expect.anything()],
    ]);
  });

  test('do not mind a size that is not asked for', () => {
    expect(settingsOf(fields({ sizeKind: 'full', longSide: null, megapixels: null }))).toEqual(usual);
  });

  test('show a quality where the format has one', () => {
    expect(outputFormats.map((format) => shownQuality({ format, quality: null }))).toEqual([95, null, 92, 75, null]);
    expect(shownQuality({ format: 'jpeg', quality: 50 })).toBe(50);
    expect(shownQuality({ format: 'same', quality: 50 })).toBeNull();
  });
});
