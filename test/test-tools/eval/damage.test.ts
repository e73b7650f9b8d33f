import { describe, expect, test } from 'vitest';
import { drawSample } from '../../../core/engine/sample/draw-sample.ts';
import { clean, decoded, jpegDamage, noiseDamage, withNoise } from '../../eval/damage.ts';
import { lumaBt601, psnrDb } from '../../eval/psnr.ts';

const [width, height] = [160, 120];
const picture = { rgb: drawSample(width, height), width, height };

async function psnrAfter(damage: typeof clean): Promise<number> {
  const { rgb } = await decoded(await damage.file(picture, 'test'));
  return psnrDb(lumaBt601(rgb), lumaBt601(picture.rgb), width, height, 0);
}

describe('damage', () => {
  test('is none for a clean photo', async () => {
    expect(Buffer.compare((await decoded(await clean.file(picture, ''))).rgb, picture.rgb)).toBe(0);
  });

  test('grows as the quality of JPEG falls and as noise rises', async () => {
    for (const kinds of [[95, 90, 75, 50, 30].map(jpegDamage), [1, 5, 15].map(noiseDamage)]) {
      const psnrs = await Promise.all(kinds.map(psnrAfter));
      expect(psnrs).toEqual(psnrs.toSorted((a, b) => b - a));
      expect(new Set(psnrs).size).toBe(kinds.length);
    }
  });

  test('is the same for the same seed, and another for another', async () => {
    for (const damage of [jpegDamage(50), noiseDamage(5)])
      expect(Buffer.compare(await damage.file(picture, 'a'), await damage.file(picture, 'a'))).toBe(0);
    expect(Buffer.compare(await noiseDamage(5).file(picture, 'a'), await noiseDamage(5).file(picture, 'b'))).not.toBe(0);
  });

  test.each([5, 15])('by noise has the mean 0 and the deviation that was asked for (σ %i)', (sigma) => {
    const noisy = withNoise(new Uint8Array(60_000).fill(128), sigma, 'seed');
    const mean = noisy.reduce((sum, value) => sum + value, 0) / noisy.length;
    const variance = noisy.reduce((sum, value) => sum + (value - mean) ** 2, 0) / noisy.length;
    expect(Math.abs(mean - 128)).toBeLessThan(sigma / 50);
    // Rounding to 8 bit adds 1/12.
    expect(Math.sqrt(variance - 1 / 12) / sigma).toBeCloseTo(1, 1);
  });
});
