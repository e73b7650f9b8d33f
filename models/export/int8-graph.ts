/**
 * The int8 form of a plain network: QDQ with u8 activations and 7-bit s8 weights per channel, which onnxruntime
 * turns into one QLinearConv a layer.
 */
import type { QuantizedChannel } from '../compress/quantize-channel.ts';
import type { OnnxModel } from '../../core/engine/network/onnx-proto.ts';
import { EnlargerError } from '../../core/photo/failure.ts';
import { activate, convolve, correctionOf, finishPicture } from './float-graph.ts';
import { GraphBuilder } from './graph-builder.ts';
import { layersOf } from './plain-network.ts';
import type { Layer, PlainNetwork } from './plain-network.ts';
import { quantizedLayer } from './quantized-layer.ts';

/** Smallest and largest value that a tensor is to hold. */
export type ValueRange = readonly [min: number, max: number];

export interface Affine {
  /** Value of one step. */
  readonly scale: number;
  /** Code of the value 0. */
  readonly zeroPoint: number;
}

export interface Int8Options {
  /** By value: `<layer>` after ReLU, and `<layer>.conv` for the tail and for convolutions that something is added to. */
  readonly ranges: ReadonlyMap<string, ValueRange>;
  /** `float`: the last convolution is computed in float32 from the quantized activations; slower, without rounding of its result. */
  readonly tail: 'integer' | 'float';
  /** Integers by layer and output channel; the nearest ones where it is absent. */
  readonly rounded?: ReadonlyMap<string, readonly QuantizedChannel[]>;
}

/** 8-bit photos are exactly representable: one step is one code of a photo. */
const inputAffine: Affine = { scale: Math.fround(1 / 255), zeroPoint: 0 };

/** Scale and zero point of u8 for a range, which is widened to hold 0; 0 itself is always exactly representable. */
export function affineOf([min, max]: ValueRange): Affine {
  const low = Math.min(min, 0);
  const high = Math.max(max, 0);
  const scale = Math.fround((high - low) / 255);
  if (!(scale > 0) || !Number.isFinite(scale)) return { scale: 1, zeroPoint: 0 };
  return { scale, zeroPoint: Math.min(255, Math.max(0, Math.round(-low / scale))) };
}

/** Names of the values whose ranges `int8Model` needs, with whether they are signed. */
export function rangedValues(network: PlainNetwork, tail: Int8Options['tail']): Map<string, { signed: boolean }> {
  const names = new Map<string, { signed: boolean }>();
  for (const layer of layersOf(network)) {
    if (layer.adds !== null || (!layer.relu && tail === 'integer')) names.set(`${layer.name}.conv`, { signed: true });
    if (layer.relu) names.set(layer.name, { signed: false });
  }
  return names;
}

/** The network as QDQ ONNX, with the same `x` and `y` as `floatModel`. Throws EnlargerError `model-invalid` when a range is missing. */
export function int8Model(network: PlainNetwork, options: Int8Options): OnnxModel {
  const graph = new GraphBuilder();
  graph.input('x', network.planes.length);
  const affine = new Map<string, Affine>();
  const affineFor = (name: string): Affine => {
    const range = options.ranges.get(name);
    if (range === undefined)
      throw new EnlargerError(
        'model-invalid',
        `The network's value ${name} was never measured. Export it again with a calibration file.`,
      );
    return affineOf(range);
  };
  const requantize = (value: string, named: string, steps: Affine): void => {
    affine.set(named, steps);
    quantizeDequantize(graph, value, named, steps);
  };
  requantize('x', 'x', inputAffine);
  for (const layer of layersOf(network)) {
    const source = affine.get(layer.source) ?? inputAffine;
    const output = `${layer.name}.conv`;
    const bias = layer.convolution.bias ?? new Float32Array(layer.convolution.shape[0]);
    const integer = layer.relu || options.tail === 'integer';
    const constants = integer
      ? integerWeights(graph, layer, bias, source, options.rounded?.get(layer.name))
      : floatWeights(graph, layer, bias);
    convolve(graph, layer, [`${layer.source}.dq`, ...constants], output);
    if (!layer.relu) {
      if (integer) requantize(output, output, affineFor(output));
    } else {
      if (layer.adds !== null) requantize(output, output, affineFor(output));
      const summand = layer.adds === null ? null : `${layer.adds}.dq`;
      requantize(activate(graph, layer, summand === null ? output : `${output}.dq`, summand), layer.name, affineFor(layer.name));
    }
  }
  finishPicture(graph, network, correctionOf(graph, network, options.tail === 'integer' ? '.dq' : ''), 'fp32');
  return graph.model();
}

/** Scalars, not vectors of one: onnxruntime's QLinearAdd refuses the latter. */
function quantizeDequantize(graph: GraphBuilder, value: string, named: string, { scale, zeroPoint }: Affine): void {
  const steps = [
    graph.constant(`${named}.scale`, Float32Array.of(scale)),
    graph.constant(`${named}.zero`, Uint8Array.of(zeroPoint)),
  ];
  graph.node('QuantizeLinear', [value, ...steps], `${named}.q`);
  graph.node('DequantizeLinear', [`${named}.q`, ...steps], `${named}.dq`);
}

function integerWeights(
  graph: GraphBuilder,
  { name, convolution }: Layer,
  bias: Float32Array,
  source: Affine,
  rounded: readonly QuantizedChannel[] | undefined,
): string[] {
  const layer = quantizedLayer(convolution, bias, source.scale, rounded);
  const channels = [convolution.shape[0]];
  graph.constant(`${name}.weight.q`, layer.integers, convolution.shape);
  graph.constant(`${name}.weight.scale`, layer.scales, channels);
  graph.constant(`${name}.weight.zero`, new Int8Array(convolution.shape[0]), channels);
  graph.constant(`${name}.bias.q`, layer.biases, channels);
  graph.constant(`${name}.bias.scale`, layer.biasScales, channels);
  graph.constant(`${name}.bias.zero`, new Int32Array(convolution.shape[0]), channels);
  return ['weight', 'bias'].map((part) =>
    graph.node('DequantizeLinear', [`${name}.${part}.q`, `${name}.${part}.scale`, `${name}.${part}.zero`], `${name}.${part}`, {
      axis: 0,
    }),
  );
}

function floatWeights(graph: GraphBuilder, { name, convolution }: Layer, bias: Float32Array): string[] {
  return [
    graph.constant(`${name}.weight`, convolution.weight, convolution.shape),
    graph.constant(`${name}.bias`, bias, [convolution.shape[0]]),
  ];
}
