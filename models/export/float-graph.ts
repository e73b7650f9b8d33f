/// <reference lib="esnext.float16" />
/** The float forms of a plain network: fp32, and fp32 arithmetic with weights that are stored in half the bytes. */
import type { OnnxModel } from '../../core/engine/network/onnx-proto.ts';
import { elementType } from '../../core/engine/network/onnx-tensor.ts';
import { EnlargerError } from '../../core/photo/failure.ts';
import { GraphBuilder } from './graph-builder.ts';
import { layersOf } from './plain-network.ts';
import type { Convolution, Layer, PlainNetwork } from './plain-network.ts';
import { skipOf } from './self-ensemble.ts';

export type Storage = 'fp32' | 'fp16';

/**
 * The network as ONNX: `x` [1, planes, h, w] → `y` [1, 3, scale·h, scale·w], not clamped. With `fp16` the weights are
 * stored as float16 and cast to float32 before use; biases stay float32. `taps` makes every layer's values outputs too, under the names
 * that `Layer` describes.
 */
export function floatModel(network: PlainNetwork, storage: Storage = 'fp32', taps = false): OnnxModel {
  const graph = new GraphBuilder();
  graph.input('x', network.planes.length);
  const tapped: string[] = [];
  for (const layer of layersOf(network)) {
    const parts = [layer.source, storeWeights(graph, layer.name, layer.convolution, storage)];
    if (layer.convolution.bias !== null)
      parts.push(graph.constant(`${layer.name}.bias`, layer.convolution.bias, [layer.convolution.shape[0]]));
    tapped.push(convolve(graph, layer, parts, `${layer.name}.conv`));
    const name = activate(graph, layer, `${layer.name}.conv`, layer.adds);
    if (name !== `${layer.name}.conv`) tapped.push(name);
  }
  finishPicture(graph, network, correctionOf(graph, network), storage);
  if (taps) for (const name of tapped) graph.output(name);
  return graph.model();
}

/** The layer's convolution alone, from inputs that are already in the graph. Returns `output`. */
export function convolve(graph: GraphBuilder, layer: Layer, inputs: readonly string[], output: string): string {
  const [, , height, width] = layer.convolution.shape;
  return graph.node('Conv', inputs, output, {
    kernel_shape: [height, width],
    pads: [1, 1, 1, 1],
    ...(layer.stride > 1 && { strides: [layer.stride, layer.stride] }),
  });
}

/** What follows the convolution: the sum with `added`, then ReLU; returns the last value's name. */
export function activate(graph: GraphBuilder, layer: Layer, convolved: string, added: string | null): string {
  const sum = added === null ? convolved : graph.node('Add', [convolved, added], `${layer.name}.sum`);
  return layer.relu ? graph.node('Relu', [sum], layer.name) : sum;
}

/** The sum of the tails' planes; `suffix`: what follows the names of their convolutions in the wanted values. */
export function correctionOf(graph: GraphBuilder, network: PlainNetwork, suffix = ''): string {
  const [first = '', second] = layersOf(network).flatMap(({ name, relu }) => (relu ? [] : [`${name}.conv${suffix}`]));
  return second === undefined ? first : graph.node('Add', [first, second], 'tails');
}

/**
 * From the tail's planes to `y`: the picture itself (enlarged by the skip convolution, or kept) plus the correction. Always float32, because
 * the picture must not be rounded on its way.
 */
export function finishPicture(graph: GraphBuilder, network: PlainNetwork, correction: string, storage: Storage): void {
  const { scale, stride, planes } = network;
  const skip = skipOf(network);
  const block = scale * stride;
  // A 1×1 identity picks the colours: devices that accept ReLU networks accept Conv everywhere, and Slice not always.
  const keep: Convolution = skip ?? { weight: identity(planes.length), shape: [3, planes.length, 1, 1], bias: null };
  const side = keep.shape[2];
  const pad = (side - 1) / 2;
  const weights = storeWeights(graph, 'skip', keep, storage);
  const picture = graph.node('Conv', ['x', weights], 'skip', { kernel_shape: [side, side], pads: [pad, pad, pad, pad] });
  if (skip !== null) {
    const sum = graph.node('Add', [correction, picture], 'planes');
    graph.node('DepthToSpace', [sum], 'y', { blocksize: block, mode: 'CRD' });
  } else {
    const full =
      block === 1 ? correction : graph.node('DepthToSpace', [correction], 'correction', { blocksize: block, mode: 'CRD' });
    graph.node('Add', [picture, full], 'y');
  }
  graph.output('y', [1, 3, scale === 1 ? 'h' : `${scale}h`, scale === 1 ? 'w' : `${scale}w`]);
}

/** Stores a convolution's weights and returns the name of their float32 value. Throws EnlargerError `model-invalid` beyond float16. */
function storeWeights(graph: GraphBuilder, name: string, { weight, shape }: Convolution, storage: Storage): string {
  if (storage === 'fp32') return graph.constant(`${name}.weight`, weight, shape);
  const stored = storeHalf(graph, `${name}.half`, weight, shape);
  return graph.node('Cast', [stored], `${name}.weight`, { to: elementType.float });
}

/** Stores values as a float16 constant. Throws EnlargerError `model-invalid` when one is too large. */
export function storeHalf(graph: GraphBuilder, name: string, values: Float32Array, shape: readonly number[]): string {
  const halves = Float16Array.from(values);
  if (!halves.every(Number.isFinite))
    throw new EnlargerError(
      'model-invalid',
      `The weights of ${name} are too large for 16-bit floats. Train again with a smaller step size.`,
    );
  return graph.constant(name, new Uint16Array(halves.buffer), shape);
}

function identity(planes: number): Float32Array {
  const weights = new Float32Array(3 * planes);
  for (let colour = 0; colour < 3; colour += 1) weights[colour * planes + colour] = 1;
  return weights;
}
