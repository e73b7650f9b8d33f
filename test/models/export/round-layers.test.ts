import { expect, test } from 'vitest';
import { encodeModel } from '../../../models/compress/onnx-encode.ts';
import { reducedRange } from '../../../models/compress/quantize-channel.ts';
import { calibrate } from '../../../models/export/calibrate.ts';
import { floatModel } from '../../../models/export/float-graph.ts';
import { int8Model, rangedValues } from '../../../models/export/int8-graph.ts';
import type { Int8Options, ValueRange } from '../../../models/export/int8-graph.ts';
import { layersOf } from '../../../models/export/plain-network.ts';
import type { PlainNetwork } from '../../../models/export/plain-network.ts';
import { findRange } from '../../../models/export/range-search.ts';
import { roundLayers } from '../../../models/export/round-layers.ts';
import { openFile, runFor } from '../../../models/export/run-network.ts';
import type { Planes } from '../../../models/export/run-network.ts';
import { build, picture, smallNetworks } from './small-networks.ts';

const inputs = [picture(48, 48), picture(48, 48, 11), picture(48, 48, 12)];

async function rangesOf(network: PlainNetwork): Promise<Map<string, ValueRange>> {
  const histograms = await calibrate(network, inputs);
  return new Map(
    [...rangedValues(network, 'integer')].map(([name, { signed }]) => {
      const [low, high] = findRange(histograms.get(name)!, 'max');
      return [name, [signed ? low : 0, high]];
    }),
  );
}

async function pictures(bytes: Uint8Array, xs: readonly Planes[]): Promise<Planes[]> {
  const running = await openFile(bytes);
  try {
    const made: Planes[] = [];
    for (const x of xs) made.push(await runFor(running, x, 'y'));
    return made;
  } finally {
    await running.release();
  }
}

function squaredDifference(one: readonly Planes[], other: readonly Planes[]): number {
  let sum = 0;
  for (const [index, { values }] of one.entries())
    for (const [at, value] of values.entries()) sum += (value - other[index]!.values[at]!) ** 2;
  return sum;
}

test.each(smallNetworks)('gives integers of 7 bits for every channel of every layer: $name', async (shape) => {
  const network = build(shape);
  const rounded = await roundLayers(network, inputs, await rangesOf(network));
  expect([...rounded.keys()]).toEqual(layersOf(network).map(({ name }) => name));
  for (const { name, convolution } of layersOf(network)) {
    const channels = rounded.get(name)!;
    expect(channels).toHaveLength(convolution.shape[0]);
    for (const { scale, integers } of channels) {
      expect(scale).toBeGreaterThan(0);
      expect(integers.every((integer) => Math.abs(integer) <= reducedRange)).toBe(true);
    }
  }
});

test('comes nearer to the float network than the nearest integers, on pictures it was not made with too', async () => {
  const unseen = [picture(48, 48, 21), picture(48, 48, 22)];
  let [plain, made] = [0, 0];
  for (let seed = 1; seed <= 6; seed += 1) {
    const network = build(smallNetworks[0], seed);
    const ranges = await rangesOf(network);
    const exact = await pictures(encodeModel(floatModel(network)), unseen);
    const differenceOf = async (options: Partial<Int8Options>): Promise<number> =>
      squaredDifference(await pictures(encodeModel(int8Model(network, { ranges, tail: 'integer', ...options })), unseen), exact);
    plain += await differenceOf({});
    made += await differenceOf({ rounded: await roundLayers(network, inputs, ranges) });
  }
  expect(made).toBeLessThan(plain);
});
