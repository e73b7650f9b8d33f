import { expect, test } from 'vitest';
import { scanModel } from '../../../core/engine/network/onnx-scan.ts';
import { encodeModel } from '../../../models/compress/onnx-encode.ts';
import { quantizeChannel, reducedRange } from '../../../models/compress/quantize-channel.ts';
import { tryInt8 } from '../../../models/export/choose-int8.ts';
import { floatModel } from '../../../models/export/float-graph.ts';
import { channelsOf, type Convolution, type PlainNetwork } from '../../../models/export/plain-network.ts';
import { build, picture, pictureOf, smallNetworks } from './small-networks.ts';

/** As training with rounded kernels leaves it: whole steps of the largest weight of each output channel. */
function roundedKernel(convolution: Convolution): Convolution {
  const weight = channelsOf(convolution).flatMap((weights) => {
    const scale = Math.max(...weights.map(Math.abs)) / reducedRange;
    return Array.from(weights, (value) => Math.round(value / scale) * scale);
  });
  return { ...convolution, weight: Float32Array.from(weight) };
}

function rounded(network: PlainNetwork): PlainNetwork {
  const { head, body, tail } = network;
  return { ...network, head: roundedKernel(head), body: body.map(roundedKernel), tail: roundedKernel(tail) };
}

async function integersOf(network: PlainNetwork): Promise<Map<string, readonly number[]>> {
  const inputs = [picture(24, 24), picture(24, 24, 11)];
  const float = encodeModel(floatModel(network));
  const exact = await Promise.all(inputs.map(async (x) => pictureOf(float, x)));
  const crops = inputs.map((input, index) => ({ input, target: exact[index]!, output: exact[index]! }));
  const [first] = await tryInt8(network, crops, 8, exact);
  const tensors = scanModel(first!.bytes).graph!.initializer.filter(({ name }) => name?.endsWith('.weight.q') === true);
  return new Map(tensors.map(({ name, rawData }) => [name ?? '', [...new Int8Array(rawData ?? [])]]));
}

test.each(smallNetworks)('a network that was trained with rounded kernels keeps its integers: $name', async (shape) => {
  const network = rounded(build(shape));
  const found = await integersOf(network);
  for (const [index, kernel] of network.body.entries()) {
    const wanted = channelsOf(kernel).flatMap((weights) => [...quantizeChannel(weights, reducedRange).integers]);
    expect(found.get(`body.${String(index)}.weight.q`)).toEqual(wanted);
  }
});

test('any other network gets integers that make up for each other', async () => {
  const network = build(smallNetworks[0]);
  const found = await integersOf(network);
  const nearest = channelsOf(network.body[1]!).flatMap((weights) => [...quantizeChannel(weights, reducedRange).integers]);
  expect(found.get('body.1.weight.q')).not.toEqual(nearest);
});
