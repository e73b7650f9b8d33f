import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sampleBlocks } from '../../../../core/engine/damage/block-sample.ts';
import { noiseDeviation } from '../../../../core/engine/damage/noise-level.ts';
import type { RasterReader, RasterShape, Samples } from '../../../../core/engine/raster/raster.ts';
import { sharp } from '../../../../core/engine/sharp.ts';
import { everyShape } from '../../../fixtures/samples.ts';
import { memoryReader } from '../../../fixtures/memory-raster.ts';
import { sharedData } from '../../../fixtures/shared-data.ts';
import { noisyReader, noisySample, withNoise } from './noisy-photo.ts';

const estimate = (reader: RasterReader): number => noiseDeviation(sampleBlocks(reader));
const usual: RasterShape = { width: 480, height: 360, channels: 3, bitDepth: 8 };

describe('the noise read from a photo', () => {
  test.each(everyShape(480, 360))('is what was added ($channels channels, $bitDepth bits)', (shape) => {
    expect(estimate(noisyReader(shape, 0))).toBeLessThan(0.7);
    for (const deviation of [2, 5, 15, 25]) {
      const found = estimate(noisyReader(shape, deviation));
      expect(found / deviation).toBeGreaterThan(0.85);
      expect(found / deviation).toBeLessThan(1.15);
    }
  });

  test('is the same each time, and at every size is read from a bounded sample', () => {
    for (const [width, height] of [
      [480, 360],
      [1900, 300],
      [301, 1203],
    ] as const) {
      const shape: RasterShape = { ...usual, width, height };
      const samples = noisySample(shape, 5);
      let rowsRead = 0;
      const counted: RasterReader = {
        ...memoryReader(shape, samples),
        readRows: (y, rows, into) => {
          rowsRead += rows;
          memoryReader(shape, samples).readRows(y, rows, into);
        },
      };
      const found = estimate(counted);
      expect(estimate(memoryReader(shape, samples))).toBe(found);
      expect(found).toBeGreaterThan(4);
      expect(found).toBeLessThan(6);
      expect(rowsRead).toBeLessThanOrEqual(8 * 48);
    }
    expect(sampleBlocks(noisyReader({ ...usual, width: 1200, height: 900 }, 5)).length).toBeLessThanOrEqual(64 * 36);
  });

  test('is none where there is too little to tell', () => {
    for (const [width, height] of [
      [1, 1],
      [7, 400],
      [400, 7],
      [8, 8],
      [16, 16],
    ] as const)
      expect(estimate(noisyReader({ ...usual, width, height }, 20))).toBe(0);
  });

  test('does not come from a border, a letterbox or what is cut off at white', () => {
    for (const border of [0, 40, 255]) {
      const samples = noisySample(usual, 5);
      // Two thirds of the picture.
      samples.fill(border, 0, usual.width * 120 * 3);
      samples.fill(border, usual.width * 240 * 3);
      const found = estimate(memoryReader(usual, samples));
      expect(found).toBeGreaterThan(4);
      expect(found).toBeLessThan(6);
    }
  });

  test('does not come from under transparent pixels', () => {
    const shape: RasterShape = { ...usual, channels: 4 };
    const clean = noisySample(shape, 0);
    const hidden = noisySample(shape, 25);
    const samples: Samples = clean.map((value, index) => {
      const isHidden = Math.floor(index / 4) % shape.width < 200;
      if (!isHidden) return value;
      return index % 4 === 3 ? 0 : hidden[index]!;
    });
    expect(estimate(memoryReader(shape, samples))).toBeLessThan(0.7);
  });

  const sets = ['Set5', 'BSD100'].map((name) => sharedData(`eval/${name}`)).filter((path) => path !== null);
  test.skipIf(sets.length === 0)(
    'of real clean photos is below 1 mostly, and with noise within a fifth mostly',
    { timeout: 60_000 },
    async () => {
      const found: number[][] = [];
      for (const folder of sets) {
        for (const name of readdirSync(folder).slice(0, 30)) {
          const { data, info } = await sharp(join(folder, name))
            .removeAlpha()
            .toColourspace('srgb')
            .raw()
            .toBuffer({ resolveWithObject: true });
          if (info.channels !== 3) continue;
          const shape: RasterShape = { width: info.width, height: info.height, channels: 3, bitDepth: 8 };
          found.push([0, 5, 15].map((deviation) => estimate(memoryReader(shape, withNoise(data, deviation)))));
        }
      }
      expect(found.length).toBeGreaterThan(4);
      const share = (column: number, low: number, high: number): number =>
        found.filter((row) => row[column]! >= low && row[column]! <= high).length / found.length;
      process.stdout.write(`noise estimate: ${String(found.length)} photos covered\n`);
      expect(share(0, 0, 1)).toBeGreaterThan(0.8);
      expect(share(1, 4, 6)).toBeGreaterThan(0.8);
      expect(share(2, 12, 18)).toBeGreaterThan(0.9);
    },
  );
});
