import { describe, expect, test } from 'vitest';
import { modelCardSchema } from '../../../core/photo/model-card.ts';
import { metricsOf } from '../../eval/card-metrics.ts';
import { modelCard } from '../../fixtures/facts.ts';

const quality = (psnrDb: number): { psnrDb: number; ssim: number; lumaPsnrDb: number } => ({
  psnrDb,
  ssim: 0.95678,
  lumaPsnrDb: psnrDb,
});
const swept = {
  set: 'Set5',
  damage: 'JPEG q 50',
  photos: ['a', 'b'],
  baseline: [30, 31],
  psnrDb: [
    { strength: 0, photos: [29, 30] },
    { strength: 0.5, photos: [31, 32] },
  ],
} as const;
const chosen = { set: 'Set5', damage: 'JPEG q 50', psnrDb: [31.5, 32], strengths: [0.2, 0.4] } as const;

describe('the metrics of a card', () => {
  const standard = [
    { set: 'Set5', bicubic: quality(33.68), lanczos: null, int8: quality(37.12345), reference: quality(37.15) },
  ] as const;

  test('hold every file and filter that was measured on clean photos', () => {
    const metrics = metricsOf(modelCard(), { standard });
    expect(metrics.map(({ precision, psnrDb }) => [precision, psnrDb])).toEqual([
      ['bicubic', 33.68],
      ['int8', 37.123],
      ['fp32', 37.15],
    ]);
    expect(metrics.every(({ ssim, protocol }) => ssim === 0.9568 && protocol.includes('strength 0'))).toBe(true);
    expect(modelCardSchema.safeParse(modelCard({ metrics })).success).toBe(true);
  });

  test('hold damaged photos beside bicubic, with the chosen strength or, where none can be chosen, at 0', () => {
    const [bicubic, auto] = metricsOf(modelCard(), { damage: [swept], auto: [chosen] });
    expect(bicubic).toMatchObject({ precision: 'bicubic', psnrDb: 30.5, damage: 'JPEG q 50' });
    expect(auto).toMatchObject({ precision: 'int8', psnrDb: 31.75 });
    expect(auto?.protocol).toContain('0.30 on average');
    expect(metricsOf(modelCard(), { damage: [swept] })[1]).toMatchObject({ psnrDb: 29.5 });
  });

  test('leave out what has no figure: a photo that is the same as before', () => {
    expect(
      metricsOf(modelCard({ scale: 1 }), {
        standard: [{ ...standard[0], bicubic: null, int8: quality(Infinity), reference: null }],
      }),
    ).toEqual([]);
  });
});
