import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shrinkWeights } from '../../../../core/engine/resample/lanczos.ts';
import { shrinkRaster } from '../../../../core/engine/resample/shrink-raster.ts';
import { allocateRows, maxSample, type RasterShape, type Samples } from '../../../../core/engine/raster/raster.ts';
import type { Channels, SampleDepth } from '../../../../core/photo/facts.ts';
import { memoryReader, memoryWriter } from '../../../fixtures/memory-raster.ts';

async function shrink(shape: RasterShape, samples: Samples, width: number, height: number): Promise<Samples> {
  const output = memoryWriter({ ...shape, width, height });
  await shrinkRaster({ input: memoryReader(shape, samples), output, icc: null });
  return output.samples;
}

describe('shrinkWeights', () => {
  it('gives every output position weights that sum to one and a centre in the right place', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 300 }), (a, b) => {
        const [inputLength, outputLength] = [Math.max(a, b), Math.min(a, b)];
        const axis = shrinkWeights(inputLength, outputLength);
        for (let position = 0; position < outputLength; position += 1) {
          let sum = 0;
          let centre = 0;
          for (let tap = 0; tap < axis.taps; tap += 1) {
            const weight = axis.weights[position * axis.taps + tap] ?? NaN;
            sum += weight;
            centre += weight * ((axis.first[position] ?? NaN) + tap);
          }
          expect(sum).toBeCloseTo(1, 4);
          expect(Math.abs(centre - ((position + 0.5) * (inputLength / outputLength) - 0.5))).toBeLessThan(
            0.05 * (inputLength / outputLength),
          );
        }
      }),
    );
  });
});

describe('shrinkRaster', () => {
  for (const bitDepth of [8, 16] as SampleDepth[]) {
    for (const channels of [1, 2, 3, 4] as Channels[]) {
      const name = `${String(channels)} channels of ${String(bitDepth)} bits`;

      it(`keeps a flat picture flat: ${name}`, async () => {
        const shape = { width: 41, height: 23, channels, bitDepth };
        for (const fraction of [0, 0.2, 0.5, 0.9, 1]) {
          const value = Math.round(maxSample(bitDepth) * fraction);
          const samples = allocateRows(shape, shape.height).fill(value);
          const shrunk = await shrink(shape, samples, 17, 11);
          const tolerance = bitDepth === 16 ? 2 : 0;
          const transparent = channels % 2 === 0 && value === 0;
          for (const sample of shrunk) expect(Math.abs(sample - (transparent ? 0 : value))).toBeLessThanOrEqual(tolerance);
        }
      });

      it(`changes nothing when the size stays: ${name}`, async () => {
        const shape = { width: 13, height: 7, channels, bitDepth };
        const samples = allocateRows(shape, shape.height);
        for (let at = 0; at < samples.length; at += 1) samples[at] = (at * 7919) % (maxSample(bitDepth) + 1);
        // Opaque, because colours under alpha are only known as finely as alpha is.
        if (channels % 2 === 0)
          for (let at = channels - 1; at < samples.length; at += channels) samples[at] = maxSample(bitDepth);
        const shrunk = await shrink(shape, samples, 13, 7);
        for (let at = 0; at < samples.length; at += 1)
          expect(Math.abs((shrunk[at] ?? NaN) - (samples[at] ?? NaN))).toBeLessThanOrEqual(bitDepth === 16 ? 2 : 0);
      });
    }
  }

  it('mixes light, not code values: a fine black and white pattern becomes the grey of half the light', async () => {
    const shape = { width: 64, height: 64, channels: 1, bitDepth: 8 } as const;
    const samples = allocateRows(shape, 64);
    for (let at = 0; at < samples.length; at += 1) samples[at] = (at + Math.floor(at / 64)) % 2 === 0 ? 0 : 255;
    const shrunk = await shrink(shape, samples, 16, 16);
    // sRGB code of linear 0.5 (IEC 61966-2-1).
    expect(Math.abs((shrunk[8 * 16 + 8] ?? 0) - 188)).toBeLessThanOrEqual(3);
  });

  it('does not let the colour of invisible pixels into an edge', async () => {
    const shape = { width: 40, height: 40, channels: 4, bitDepth: 8 } as const;
    const samples = allocateRows(shape, 40);
    for (let pixel = 0; pixel < 1600; pixel += 1) samples.set(pixel % 40 < 19 ? [200, 100, 50, 255] : [0, 255, 0, 0], pixel * 4);
    const shrunk = await shrink(shape, samples, 15, 15);
    for (let pixel = 0; pixel < 225; pixel += 1) {
      if ((shrunk[pixel * 4 + 3] ?? 0) < 8) continue;
      expect(Math.abs((shrunk[pixel * 4] ?? 0) - 200)).toBeLessThanOrEqual(2);
      expect(Math.abs((shrunk[pixel * 4 + 1] ?? 0) - 100)).toBeLessThanOrEqual(2);
    }
  });

  it('stops when asked', async () => {
    const shape = { width: 50, height: 50, channels: 3, bitDepth: 8 } as const;
    const output = memoryWriter({ ...shape, width: 25, height: 25 });
    const signal = AbortSignal.abort();
    await expect(
      shrinkRaster({ input: memoryReader(shape, allocateRows(shape, 50)), output, icc: null, signal }),
    ).rejects.toMatchObject({ code: 'cancelled' });
  });
});
