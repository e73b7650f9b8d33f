import { expect, test } from 'vitest';
import type { OnnxModel } from '../../../core/engine/network/onnx-proto.ts';
import { scanModel } from '../../../core/engine/network/onnx-scan.ts';
import { networkTraits } from '../../../core/engine/network/onnx-traits.ts';
import { encodeModel } from '../../../models/compress/onnx-encode.ts';
import { int8Model, rangedValues } from '../../../models/export/int8-graph.ts';
import { turnedKernel } from '../../../models/export/turned-kernel.ts';
import { build, picture, pictureOf, smallNetworks } from './small-networks.ts';

test.each(smallNetworks)('kernels stored once give the same picture and the same traits: $name', async (shape) => {
  const network = build(shape);
  const ranges = new Map(
    [...rangedValues(network, 'integer')].map(([name, { signed }]) => [name, signed ? ([-1, 1] as const) : ([0, 3] as const)]),
  );
  const shared = int8Model(network, { ranges, tail: 'integer' });
  const plain = unshared(shared);
  const [before, after] = [encodeModel(plain), encodeModel(shared)];
  expect(await pictureOf(after, picture(20, 24))).toEqual(await pictureOf(before, picture(20, 24)));
  expect(networkTraits(scanModel(after))).toEqual(networkTraits(scanModel(before)));
  if (network.ensemble === 1) expect(shared).toEqual(plain);
  // What is left twice is the tail, whose channels change places too.
  const kernels = scanModel(after).graph!.initializer.filter(({ dims, dataType }) => dims.length === 4 && dataType === 3);
  expect(kernels).toHaveLength(network.depth + 1 + network.ensemble);
});

/** The same file with every kernel stored for itself. */
function unshared(model: OnnxModel): OnnxModel {
  const graph = model.graph!;
  const [turns, node] = [true, false].map((turn) => graph.node.filter(({ opType }) => (opType === 'Transpose') === turn));
  const stored = turns!.map(({ input: [from], output: [name] }) => {
    const tensor = graph.initializer.find((candidate) => candidate.name === from)!;
    return { ...tensor, name: name!, rawData: turnedKernel(tensor.rawData!, tensor.dims) };
  });
  return { ...model, graph: { ...graph, node: node!, initializer: [...graph.initializer, ...stored] } };
}

test('a kernel turned twice is itself', () => {
  const bytes = Uint8Array.from({ length: 2 * 3 * 2 * 3 * 2 }, (_, index) => index);
  const turned = turnedKernel(bytes, [2, 3, 2, 3]);
  expect(turned).not.toEqual(bytes);
  expect([...turned.subarray(0, 4)]).toEqual([0, 1, 6, 7]);
  expect(turnedKernel(turned, [2, 3, 3, 2])).toEqual(bytes);
});
