import { expect, test } from 'vitest';
import { scanModel } from '../../../core/engine/network/onnx-scan.ts';
import { networkTraits } from '../../../core/engine/network/onnx-traits.ts';
import { encodeModel } from '../../../models/compress/onnx-encode.ts';
import { int8Model, rangedValues } from '../../../models/export/int8-graph.ts';
import { sharedKernels } from '../../../models/export/shared-kernels.ts';
import { turnedKernel } from '../../../models/export/turned-kernel.ts';
import { build, picture, pictureOf, smallNetworks } from './small-networks.ts';

test.each(smallNetworks)('kernels stored once give the same picture and the same traits: $name', async (shape) => {
  const network = build(shape);
  const ranges = new Map(
    [...rangedValues(network, 'integer')].map(([name, { signed }]) => [name, signed ? ([-1, 1] as const) : ([0, 3] as const)]),
  );
  const plain = int8Model(network, { ranges, tail: 'integer' });
  const shared = sharedKernels(plain);
  const [before, after] = [encodeModel(plain), encodeModel(shared)];
  expect(await pictureOf(after, picture(20, 24))).toEqual(await pictureOf(before, picture(20, 24)));
  expect(networkTraits(scanModel(after))).toEqual(networkTraits(scanModel(before)));
  if (network.ensemble === 1) expect(shared).toBe(plain);
  // What is left twice is the tail, whose channels change places too.
  const kernels = scanModel(after).graph!.initializer.filter(({ dims, dataType }) => dims.length === 4 && dataType === 3);
  expect(kernels).toHaveLength(network.depth + 1 + network.ensemble);
});

test('a kernel turned twice is itself', () => {
  const bytes = Uint8Array.from({ length: 2 * 3 * 2 * 3 * 2 }, (_, index) => index);
  const turned = turnedKernel(bytes, [2, 3, 2, 3]);
  expect(turned).not.toEqual(bytes);
  expect([...turned.subarray(0, 4)]).toEqual([0, 1, 6, 7]);
  expect(turnedKernel(turned, [2, 3, 3, 2])).toEqual(bytes);
});
