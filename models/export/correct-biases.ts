/** Takes out of the biases what rounding the weights and activations shifts on average. */
import { encodeModel } from '../compress/onnx-encode.ts';
import { floatModel } from './float-graph.ts';
import { int8Model } from './int8-graph.ts';
import type { Int8Options } from './int8-graph.ts';
import { layersOf } from './plain-network.ts';
import type { PlainNetwork } from './plain-network.ts';
import { openFile, runFor } from './run-network.ts';
import type { Planes, RunningNetwork } from './run-network.ts';

/**
 * Biases by layer with which every output channel of every convolution has the float network's mean over the inputs, taken where the
 * float network's value is above zero: what ReLU throws away may err. From head to tail: a layer is measured in onnxruntime behind the
 * quantized and already corrected layers before it. (After Nagel et al., "Data-Free Quantization Through Weight Equalization and Bias
 * Correction", 2019, the empirical form.) `done`: layers that are known from an equal run before.
 */
export async function correctBiases(
  network: PlainNetwork,
  options: Int8Options,
  inputs: readonly Planes[],
  done: ReadonlyMap<string, Float32Array> = new Map(),
): Promise<Map<string, Float32Array>> {
  const biases = new Map(done);
  const exact = await openFile(encodeModel(floatModel(network, 'fp32', true)));
  try {
    for (const { name, convolution, relu } of layersOf(network)) {
      if (biases.has(name)) continue;
      const rounded = await openFile(encodeModel(int8Model(network, { ...options, biases, until: name })));
      const shifts = await meanShifts(exact, rounded, `${name}.conv`, inputs, relu).finally(() => rounded.release());
      const before = convolution.bias ?? new Float32Array(convolution.shape[0]);
      biases.set(
        name,
        before.map((bias, channel) => bias + (shifts[channel] ?? 0)),
      );
    }
  } finally {
    await exact.release();
  }
  return biases;
}

/** exact − rounded, mean per channel; 0 for a channel that is never active. */
async function meanShifts(
  exact: RunningNetwork,
  rounded: RunningNetwork,
  value: string,
  inputs: readonly Planes[],
  activeOnly: boolean,
): Promise<Float64Array> {
  let sums = new Float64Array();
  let counts = new Float64Array();
  for (const input of inputs) {
    const [right, near] = [await runFor(exact, input, value), await runFor(rounded, input, value)];
    if (sums.length === 0) [sums, counts] = [new Float64Array(right.count), new Float64Array(right.count)];
    const size = right.values.length / right.count;
    for (const [index, wanted] of right.values.entries()) {
      if (activeOnly && wanted <= 0) continue;
      const channel = Math.floor(index / size);
      sums[channel] = (sums[channel] ?? 0) + wanted - (near.values[index] ?? 0);
      counts[channel] = (counts[channel] ?? 0) + 1;
    }
  }
  return sums.map((sum, channel) => sum / Math.max(counts[channel] ?? 0, 1));
}
