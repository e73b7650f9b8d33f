/** A network that takes several tiles at a time gives the picture of one that takes one after the other. */
import { setTimeout } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { enlargeRaster } from '../../../../core/engine/network/enlarge-raster.ts';
import type { LoadedModel } from '../../../../core/engine/network/loaded-model.ts';
import type { Network } from '../../../../core/engine/network/session.ts';
import type { RasterShape, Samples } from '../../../../core/engine/raster/raster.ts';
import { installedModel } from '../../../fixtures/installed-model.ts';
import { memoryReader, memoryWriter } from '../../../fixtures/memory-raster.ts';
import { cutOut, noise } from '../../../fixtures/pictures.ts';

const model = await installedModel('int8.onnx', 1);
afterAll(async () => model.network.release());

async function enlarged({ network, card }: LoadedModel, shape: RasterShape, samples: Samples): Promise<Samples> {
  const output = memoryWriter({ ...shape, width: shape.width * 2, height: shape.height * 2 });
  await enlargeRaster({ input: memoryReader(shape, samples), output, network, card, tileSide: 40, strength: 0 });
  return output.samples;
}

function bytesOf({ buffer, byteOffset, byteLength }: Samples): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

describe('several tiles under way', () => {
  const pictures: RasterShape[] = ([1, 2, 3, 4] as const).flatMap((channels) =>
    (
      [
        [90, 70],
        [17, 150],
        [150, 17],
      ] as const
    ).map(([width, height]) => ({ width, height, channels, bitDepth: 8 as const })),
  );

  /** The same network, whose answers come late, and not in the order in which they were asked for. */
  function late(network: Network, atOnce: number, failing?: number): Network {
    let runs = 0;
    return {
      ...network,
      atOnce,
      async run(planes, width, height) {
        const number = (runs += 1);
        const answer = (await network.run(planes, width, height)).slice();
        await setTimeout((number * 7) % 5);
        if (number === failing) throw new Error(`run ${String(number)}`);
        return answer;
      },
    };
  }

  test('give the picture of one after the other, whichever ends first', async () => {
    for (const shape of pictures) {
      const samples = shape.channels % 2 === 0 ? cutOut(shape, 255) : noise(shape, 5);
      const one = await enlarged(model, shape, samples);
      for (const atOnce of [2, 3, 5]) {
        const many = await enlarged({ ...model, network: late(model.network, atOnce) }, shape, samples);
        expect([shape, Buffer.compare(bytesOf(one), bytesOf(many))]).toEqual([shape, 0]);
      }
    }
  });

  test('tell the failure of any of them, and the next picture is right', async () => {
    const shape: RasterShape = { width: 90, height: 70, channels: 3, bitDepth: 8 };
    const right = await enlarged(model, shape, noise(shape, 5));
    for (const failing of [1, 2, 3, 8, 20]) {
      const run = enlarged({ ...model, network: late(model.network, 3, failing) }, shape, noise(shape, 6));
      await expect(run).rejects.toThrow(`run ${String(failing)}`);
      expect(bytesOf(await enlarged(model, shape, noise(shape, 5))).equals(bytesOf(right))).toBe(true);
    }
  });
});
