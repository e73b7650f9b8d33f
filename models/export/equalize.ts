/** Gives the channels of a value like ranges, so that one 8-bit step fits them all. */
import { encodeModel } from '../compress/onnx-encode.ts';
import { floatModel } from './float-graph.ts';
import { layersOf } from './plain-network.ts';
import type { Convolution, PlainNetwork } from './plain-network.ts';
import { openFile } from './run-network.ts';
import type { Planes } from './run-network.ts';

/** 1 would make all ranges equal, but spread the next layer's weights, which share a step too. */
const share = 0.7;

/**
 * The same network with channels scaled up before each ReLU and down behind it: by (widest range of a channel / range of this channel)^0.7,
 * ranges being those over the inputs (Nagel et al., arXiv 1906.04721, weighs them otherwise). Values that are added to others stay as they are.
 */
export async function equalized(network: PlainNetwork, inputs: readonly Planes[]): Promise<PlainNetwork> {
  // A self-ensemble's second chain has the kernels of the first.
  const chain: PlainNetwork = { ...network, ensemble: 1 };
  const largest = await channelMaxima(chain, inputs);
  const layers = layersOf(chain);
  const parts = layers.map(({ convolution }) => copied(convolution));
  for (const [index, layer] of layers.entries()) {
    const [part, next] = [parts[index], parts[index + 1]];
    const isAdded = layer.adds !== null || layers.some(({ adds }) => adds === layer.name);
    const maxima = largest.get(layer.name);
    if (part === undefined || next === undefined || maxima === undefined || isAdded) continue;
    const top = Math.max(...maxima);
    for (const [channel, own] of maxima.entries()) if (own > 0) scaleChannel(part, next, channel, (top / own) ** share);
  }
  const [head = network.head, ...rest] = parts;
  return { ...network, head, body: rest.slice(0, -1), tail: rest.at(-1) ?? network.tail };
}

/** Largest value of each channel behind a ReLU, by layer. */
async function channelMaxima(network: PlainNetwork, inputs: readonly Planes[]): Promise<Map<string, Float64Array>> {
  const running = await openFile(encodeModel(floatModel(network, 'fp32', true)));
  const maxima = new Map<string, Float64Array>();
  try {
    for (const input of inputs) {
      const taps = await running.run(input);
      for (const { name, relu } of layersOf(network)) {
        const tap = taps.get(name);
        if (!relu || tap === undefined) continue;
        const known = maxima.get(name) ?? new Float64Array(tap.count);
        maxima.set(name, known);
        const pixels = tap.height * tap.width;
        for (const [index, value] of tap.values.entries()) {
          const channel = Math.floor(index / pixels);
          if (value > (known[channel] ?? 0)) known[channel] = value;
        }
      }
    }
    return maxima;
  } finally {
    await running.release();
  }
}

function copied({ weight, shape, bias }: Convolution): Convolution {
  return { weight: Float32Array.from(weight), shape, bias: bias && Float32Array.from(bias) };
}

function scaleChannel(part: Convolution, next: Convolution, channel: number, factor: number): void {
  const size = part.weight.length / part.shape[0];
  const own = part.weight.subarray(channel * size, (channel + 1) * size);
  for (const [index, weight] of own.entries()) own[index] = weight * factor;
  if (part.bias !== null) part.bias[channel] = (part.bias[channel] ?? 0) * factor;
  const [outputs, inputs, height, width] = next.shape;
  const kernel = height * width;
  for (let output = 0; output < outputs; output += 1) {
    const start = (output * inputs + channel) * kernel;
    for (let at = start; at < start + kernel; at += 1) next.weight[at] = (next.weight[at] ?? 0) / factor;
  }
}
