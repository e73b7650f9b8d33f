import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bicubicResize } from '../eval/matlab-bicubic.ts';
import { lumaBt601, psnrDb, ssim } from '../eval/psnr.ts';
import { bicubic, measureSet } from '../eval/super-resolution-sets.ts';
import { randomStream } from '../fixtures/pictures.ts';
import { sharedData } from '../fixtures/shared-data.ts';

describe('bicubic resampling', () => {
  test('keeps a constant, and a ramp away from the edges', () => {
    const ramp = Uint8Array.from({ length: 32 * 4 }, (_, index) => (index % 32) * 8);
    for (const to of [16, 64, 21]) {
      expect(new Set(bicubicResize(new Uint8Array(32 * 4).fill(77), 32, 4, 1, to, 5))).toEqual(new Set([77]));
      const resized = bicubicResize(ramp, 32, 4, 1, to, 4);
      for (let x = Math.ceil(to / 8); x < to - Math.ceil(to / 8); x += 1)
        expect(Math.abs(resized[x]! - ((x + 0.5) * (32 / to) - 0.5) * 8)).toBeLessThanOrEqual(0.51);
    }
  });
});

describe('the measures', () => {
  test('know the luma of white, black and green', () => {
    expect([...lumaBt601(Uint8Array.from([255, 255, 255, 0, 0, 0, 0, 255, 0]))].map((value) => Number(value.toFixed(3)))).toEqual(
      [235, 16, 144.553],
    );
  });

  test('give 48.13 dB for an error of one level, and ignore the border', () => {
    const plane = new Float64Array(30 * 30).fill(100);
    expect(
      psnrDb(
        plane,
        plane.map((value) => value + 1),
        30,
        30,
        2,
      ),
    ).toBeCloseTo(20 * Math.log10(255), 9);
    const framed = plane.map((value, index) => (index < 60 || index % 30 < 2 ? 0 : value));
    expect(psnrDb(plane, framed, 30, 30, 2)).toBe(Infinity);
  });

  test('give 1 for equal structure and less the more noise there is', () => {
    const random = randomStream(1);
    const plane = Float64Array.from({ length: 40 * 40 }, (_, index) => 128 + 60 * Math.sin(index / 5));
    const noisy = (level: number): Float64Array => plane.map((value) => value + level * (random() - 0.5));
    expect(ssim(plane, plane, 40, 40, 2)).toBeCloseTo(1, 12);
    expect(ssim(plane, noisy(20), 40, 40, 2)).toBeGreaterThan(ssim(plane, noisy(80), 40, 40, 2));
  });

  const directory = sharedData('eval');
  if (directory === null) console.log('quality measures: no shared data, 0 sets covered');
  test.skipIf(directory === null)('give the published bicubic figures', async () => {
    for (const [set, published] of [
      ['Set5', 33.66],
      ['Set14', 30.24],
    ] as const) {
      const { bicubic: measured } = await measureSet(join(directory ?? '', set), 2, { bicubic: bicubic(2) });
      expect(Math.abs((measured?.psnrDb ?? 0) - published)).toBeLessThan(0.05);
    }
    console.log('quality measures: 2 sets covered');
  });
});
