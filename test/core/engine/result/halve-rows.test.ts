import { describe, expect, it } from 'vitest';
import { maxSample, type RasterShape, type Samples } from '../../../../core/engine/raster/raster.ts';
import { halvePicture } from '../../../../core/engine/result/halve-rows.ts';
import { noise } from '../../../fixtures/pictures.ts';
import { everyShape } from '../../../fixtures/samples.ts';

/** The mean of the pixels that there are of each 2 × 2, colours weighed by alpha. */
function slowly({ width, height, channels }: RasterShape, samples: Samples): number[] {
  const halved: number[] = [];
  const hasAlpha = channels % 2 === 0;
  for (let y = 0; y < height; y += 2) {
    for (let x = 0; x < width; x += 2) {
      const pixels = [
        [x, y],
        [x + 1, y],
        [x, y + 1],
        [x + 1, y + 1],
      ].flatMap(([px = 0, py = 0]) => (px < width && py < height ? [(py * width + px) * channels] : []));
      const weights = pixels.map((at) => (hasAlpha ? samples[at + channels - 1]! : 1));
      const weight = weights.reduce((sum, each) => sum + each, 0);
      for (let channel = 0; channel < channels; channel += 1) {
        const isAlpha = hasAlpha && channel === channels - 1;
        const sum = pixels.reduce((total, at, index) => total + samples[at + channel]! * (isAlpha ? 1 : weights[index]!), 0);
        const over = isAlpha ? pixels.length : weight;
        halved.push(over === 0 ? 0 : Math.round(sum / over));
      }
    }
  }
  return halved;
}

describe('halving', () => {
  it('takes the mean of what is there, rounded to the nearest, in every shape', () => {
    for (const [width, height] of [
      [1, 1],
      [2, 2],
      [3, 2],
      [2, 3],
      [7, 9],
      [16, 5],
    ] as const) {
      for (const shape of everyShape(width, height)) {
        const samples = noise(shape, width + height);
        const { shape: half, samples: halved } = halvePicture(shape, samples);
        expect([half.width, half.height]).toEqual([Math.ceil(width / 2), Math.ceil(height / 2)]);
        expect([shape, [...halved]]).toEqual([shape, slowly(shape, samples)]);
      }
    }
  });

  it('never shows what is under full transparency', () => {
    for (const bitDepth of [8, 16] as const) {
      const shape: RasterShape = { width: 2, height: 2, channels: 4, bitDepth };
      const full = maxSample(bitDepth);
      const visible = [full, 0, 0, full];
      const hidden = [0, full, full, 0];
      const samples = bitDepth === 16 ? Uint16Array : Uint8Array;
      const { samples: half } = halvePicture(shape, samples.from([...visible, ...hidden, ...hidden, ...visible]));
      expect([...half]).toEqual([full, 0, 0, Math.round(full / 2)]);
    }
  });
});
