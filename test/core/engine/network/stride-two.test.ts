import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { enlargeRaster } from '../../../../core/engine/network/enlarge-raster.ts';
import { scanModel } from '../../../../core/engine/network/onnx-scan.ts';
import { networkTraits } from '../../../../core/engine/network/onnx-traits.ts';
import type { Network } from '../../../../core/engine/network/session.ts';
import type { RasterShape, Samples } from '../../../../core/engine/raster/raster.ts';
import type { Channels, SampleDepth } from '../../../../core/photo/facts.ts';
import type { ModelCard } from '../../../../core/photo/model-card.ts';
import { cleanNetwork, openClean } from '../../../fixtures/clean-network.ts';
import { memoryReader, memoryWriter } from '../../../fixtures/memory-raster.ts';
import { noise } from '../../../fixtures/pictures.ts';

interface Clean {
  network: Network;
  card: ModelCard;
}
const halvings = [1, 2] as const;
const cards = {
  1: {},
  2: { receptiveFieldRadius: 18, tile: { min: 4, default: 256, max: 1024, multiple: 4 } },
};
const models = {} as Record<1 | 2, Clean>;
beforeAll(async () => {
  for (const count of halvings) models[count] = await openClean({ halvings: count }, cards[count]);
});
afterAll(async () => {
  for (const count of halvings) await models[count].network.release();
});

async function cleaned({ network, card }: Clean, shape: RasterShape, samples: Samples, tileSide: number): Promise<Samples> {
  const output = memoryWriter(shape);
  await enlargeRaster({ input: memoryReader(shape, samples), output, network, card, tileSide, strength: 0.5 });
  return output.samples;
}

/** Where two pictures differ first; −1 when they are equal. */
function firstDifference(one: Samples, other: Samples): number {
  if (one.length !== other.length) return Math.min(one.length, other.length);
  return one.findIndex((value, index) => value !== other[index]);
}

const channelCounts: Channels[] = [1, 2, 3, 4];
const depths: SampleDepth[] = [8, 16];

describe.each(halvings)('a network that works at 1/2^%i of the size', (count) => {
  test('keeps the size of the photo, and says what its tiles must be', () => {
    const traits = networkTraits(scanModel(cleanNetwork({ halvings: count })));
    expect(traits).toMatchObject({ scale: 1, tileMultiple: 2 ** count, inputChannels: 4, outputChannels: 3 });
    // 16 channels at a quarter or less of the pixels; what is as large as the photo has three or four.
    expect(traits.peakValuesPerPixel).toBe(4);
  });

  test('gives the same picture in tiles as whole, bit for bit, at every size', async () => {
    const sizes = [1, 2, 3, 4, 5, 7, 30, 63, 64, 65, 101];
    for (const [index, width] of sizes.entries()) {
      const height = sizes[(index * 7 + 3) % sizes.length]!;
      for (const channels of channelCounts) {
        const shape: RasterShape = { width, height, channels, bitDepth: depths[index % 2]! };
        const samples = noise(shape, width * 1000 + height);
        const whole = await cleaned(models[count], shape, samples, 512);
        for (const tileSide of [48, 61])
          expect([shape, tileSide, firstDifference(await cleaned(models[count], shape, samples, tileSide), whole)]).toEqual([
            shape,
            tileSide,
            -1,
          ]);
      }
    }
  });

  test('gives the same picture whatever the tile side', async () => {
    const side = fc.integer({ min: 1, max: 120 });
    await fc.assert(
      fc.asyncProperty(
        side,
        side,
        fc.integer({ min: 44, max: 90 }),
        fc.constantFrom(...channelCounts),
        fc.nat(),
        async (...drawn) => {
          const [width, height, tileSide, channels, seed] = drawn;
          const shape: RasterShape = { width, height, channels, bitDepth: 8 };
          const samples = noise(shape, seed);
          const whole = await cleaned(models[count], shape, samples, 512);
          expect(firstDifference(await cleaned(models[count], shape, samples, tileSide), whole)).toBe(-1);
        },
      ),
      { numRuns: 25 },
    );
  });

  test('sees exactly as far as is read from its graph', async () => {
    const { network, card } = models[count];
    const side = 64;
    const radius = networkTraits(scanModel(cleanNetwork({ halvings: count }))).receptiveFieldRadius;
    expect(card.receptiveFieldRadius).toBe(radius);
    const planes = new Float32Array(4 * side * side).fill(0.5);
    const before = Float32Array.from(await network.run(planes, side, side));
    let farthest = 0;
    for (let place = 28; place < 28 + 2 ** count; place += 1) {
      const changed = planes.slice();
      for (let plane = 0; plane < 3; plane += 1) changed[plane * side * side + place * side + place] = 1;
      const after = await network.run(changed, side, side);
      for (let index = 0; index < after.length; index += 1) {
        if (after[index] === before[index]) continue;
        const pixel = index % (side * side);
        farthest = Math.max(farthest, Math.abs((pixel % side) - place), Math.abs(Math.floor(pixel / side) - place));
      }
    }
    // ReLUs may hide the last pixel of a corner, never show one beyond.
    expect(farthest).toBeLessThanOrEqual(radius);
    expect(farthest).toBeGreaterThan(radius - 2 ** count - 1);
  });

  test('is refused when its card promises tiles of too small a multiple, or too small a radius', async () => {
    const good = models[count].card;
    for (const multiple of [1, 3, 2 ** count - 1, 2 ** count + 1])
      await expect(openClean({ halvings: count }, { ...good, tile: { ...good.tile, multiple } })).rejects.toMatchObject({
        code: 'model-invalid',
        message: expect.stringContaining('multiples of') as string,
      });
    await expect(openClean({ halvings: count }, { ...good, receptiveFieldRadius: 7 })).rejects.toMatchObject({
      code: 'model-invalid',
      message: expect.stringContaining('pixels around') as string,
    });
    const wider = await openClean({ halvings: count }, { ...good, tile: { ...good.tile, multiple: 8 } });
    await wider.network.release();
  });
});
