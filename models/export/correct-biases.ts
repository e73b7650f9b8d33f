/** Takes out of the biases what rounding the weights and activations shifts on average. */
import { encodeModel } from '../compress/onnx-encode.ts';
import { addMeans } from './calibrate.ts';
import type { Calibration } from './calibrate.ts';
import { int8Model } from './int8-graph.ts';
import type { Int8Options } from './int8-graph.ts';
import { layersOf } from './plain-network.ts';
import type { PlainNetwork } from './plain-network.ts';
import { openFile, runFor } from './run-network.ts';
import type { Planes } from './run-network.ts';

/**
 * Biases by layer with which every output channel of every convolution has the float network's mean over the inputs. From head to tail:
 * a layer is measured in onnxruntime behind the quantized and already corrected layers before it. (Nagel et al., "Data-Free Quantization Through
 * Weight Equalization and Bias Correction", 2019, the empirical form.) `done`: layers that are known from an equal run before.
 */
export async function correctBiases(
  network: PlainNetwork,
  options: Int8Options,
  { means }: Calibration,
  inputs: readonly Planes[],
  done: ReadonlyMap<string, Float32Array> = new Map(),
): Promise<Map<string, Float32Array>> {
  const biases = new Map(done);
  for (const { name, convolution } of layersOf(network)) {
    if (biases.has(name)) continue;
    const output = `${name}.conv`;
    const running = await openFile(encodeModel(int8Model(network, { ...options, biases, until: name })));
    const measured = new Map<string, Float64Array>();
    try {
      for (const input of inputs) addMeans(measured, output, await runFor(running, input, output), 1 / inputs.length);
    } finally {
      await running.release();
    }
    const shift = (channel: number): number => (means.get(output)?.[channel] ?? 0) - (measured.get(output)?.[channel] ?? 0);
    const before = convolution.bias ?? new Float32Array(convolution.shape[0]);
    biases.set(
      name,
      before.map((bias, channel) => bias + shift(channel)),
    );
  }
  return biases;
}
