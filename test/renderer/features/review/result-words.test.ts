import { beforeEach, expect, test } from 'vitest';
import { createTestDouble } from '../../../../core/api/test-double.ts';
import { resultLabel } from '../../../../renderer/features/review/result-words.ts';
import { ModelNames } from '../../../../renderer/features/review/session/model-names.svelte.ts';
import { setLanguage } from '../../../../renderer/messages/index.svelte.ts';
import { aResult } from './results.ts';
import { until } from './stage-page.ts';

beforeEach(() => setLanguage('en'));

async function someNames(): Promise<ModelNames> {
  const model = {
    ...{
      id: 'photo-x2',
      name: 'Photo ×2',
      version: '1',
      licence: 'MIT',
      task: 'enlarge' as const,
      use: 'Photos.',
      scale: 2,
      hasStrength: true,
      tiles: { tileSide: 256, halo: 12, multiple: 1 },
    },
    ...{ precision: 'int8', fileBytes: 1, metrics: [], megapixelsPerSecond: null },
  };
  const names = new ModelNames(createTestDouble({ model: { list: { models: [model], problems: [] } } }).client);
  await until(() => names.get('photo-x2').name === 'Photo ×2');
  return names;
}

test.each([
  [aResult(1), 'Photo ×2, cleaned 40%'],
  [aResult(1, { strength: null }), 'Photo ×2'],
  [aResult(1, { strength: null, recipe: { ...aResult(1).recipe, target: { kind: 'scale', scale: 4 } } }), 'Photo ×2, 4×'],
  [
    aResult(1, { strength: null, recipe: { ...aResult(1).recipe, target: { kind: 'width', pixels: 1600 } } }),
    'Photo ×2, 1600 × 1200',
  ],
  [
    aResult(1, { strength: null, recipe: { ...aResult(1).recipe, target: { kind: 'megapixels', megapixels: 2 } } }),
    'Photo ×2, 1.9 MP',
  ],
  [aResult(1, { modelId: null, strength: null }), 'Made smaller, 1600 × 1200'],
  [aResult(1, { modelId: 'gone', strength: 0 }), 'gone, 2×, cleaned 0%'],
])('a result is told from the others: %#', async (result, label) => {
  expect(resultLabel(result, await someNames())).toBe(label);
});
