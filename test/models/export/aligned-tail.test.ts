import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { scanModel } from '../../../core/engine/network/onnx-scan.ts';
import { networkTraits } from '../../../core/engine/network/onnx-traits.ts';
import { encodeModel } from '../../../models/compress/onnx-encode.ts';
import { alignedTail } from '../../../models/export/aligned-tail.ts';
import { calibrate } from '../../../models/export/calibrate.ts';
import { floatModel } from '../../../models/export/float-graph.ts';
import { int8Model, rangedValues } from '../../../models/export/int8-graph.ts';
import { findRange } from '../../../models/export/range-search.ts';
import type { Planes } from '../../../models/export/run-network.ts';
import { shippedModels } from '../../eval/eval-model.ts';
import { build, picture, pictureOf, smallNetworks, type SmallNetwork } from './small-networks.ts';

async function int8Of(shape: SmallNetwork, tail: 'integer' | 'float', x: Planes): Promise<ReturnType<typeof int8Model>> {
  const network = build(shape);
  const histograms = await calibrate(network, [x]);
  const ranges = new Map([...rangedValues(network, tail).keys()].map((name) => [name, findRange(histograms.get(name)!, 'max')]));
  return int8Model(network, { ranges, tail });
}

/** Output channels of each 8-bit convolution. */
function widths(bytes: Uint8Array): number[] {
  const tensors = scanModel(bytes).graph?.initializer ?? [];
  return tensors.flatMap(({ name, dims: [channels = 0] }) => (name?.endsWith('.weight.q') === true ? [channels] : []));
}

describe('a last convolution in full blocks of channels', () => {
  for (const shape of smallNetworks)
    for (const tail of ['integer', 'float'] as const)
      test(`gives the same picture: ${shape.name}, ${tail} tail`, async () => {
        const x = picture(22, 26);
        const plain = await int8Of(shape, tail, x);
        const bytes = encodeModel(alignedTail(plain));
        const { peakValuesPerPixel, ...traits } = networkTraits(scanModel(encodeModel(plain)));
        expect(networkTraits(scanModel(bytes))).toMatchObject(traits);
        expect(networkTraits(scanModel(bytes)).peakValuesPerPixel).toBeLessThanOrEqual(Math.max(peakValuesPerPixel, 16));
        expect(await pictureOf(bytes, x)).toEqual(await pictureOf(encodeModel(plain), x));
      });

  test('is what each chain of a self-ensemble gets', async () => {
    const twice = { ...smallNetworks[0], ensemble: 2 } as const;
    const aligned = encodeModel(alignedTail(await int8Of(twice, 'integer', picture(16, 16))));
    const tails = scanModel(aligned).graph?.initializer.filter(({ name }) => name?.endsWith('tail.weight.q') === true);
    expect(tails?.map(({ dims: [channels] }) => channels)).toEqual([16, 16]);
  });

  test('is what a network of twice the size gets, whose last layer has twelve', async () => {
    const plain = await int8Of(smallNetworks[0], 'integer', picture(16, 16));
    expect([widths(encodeModel(plain)).at(-1), widths(encodeModel(alignedTail(plain))).at(-1)]).toEqual([12, 16]);
  });

  test('changes nothing where the blocks are full, nor where nothing is in 8 bits', async () => {
    const [, , four] = smallNetworks;
    const plain = await int8Of(four!, 'integer', picture(16, 16));
    expect(alignedTail(plain)).toBe(plain);
    const float = floatModel(build(smallNetworks[0]));
    expect(alignedTail(float)).toBe(float);
  });

  test('is in every network that ships', async () => {
    for (const { directory, card } of await shippedModels(null)) {
      const last = widths(await readFile(`${directory}/int8.onnx`)).at(-1) ?? 0;
      expect([card.id, last % 16]).toEqual([card.id, 0]);
    }
  });
});
