/**
 * What a network does, read off its graph: channels, scale, and how far an output pixel sees. The card
 * is checked against it, because a card that promises a smaller reach than the graph has gives seams.
 */
import type { OnnxGraph, OnnxModel, OnnxNode, OnnxTensor } from './onnx-proto.ts';
import { tensorNumbers } from './onnx-tensor.ts';
import { OnnxError } from './protobuf-wire.ts';

export interface NetworkTraits {
  readonly inputName: string;
  readonly outputName: string;
  readonly inputChannels: number;
  readonly outputChannels: number;
  /** Output pixels per input pixel along each side. */
  readonly scale: number;
  /** Input pixels on each side that an output pixel can depend on. */
  readonly receptiveFieldRadius: number;
  /** Values of the largest intermediate per input pixel: times 4 bytes times the tile's area is its memory. */
  readonly peakValuesPerPixel: number;
}

/** A picture-like value: its size relative to the input, and which input pixels, relative to its own place, it sees along y and x. */
interface Plane {
  channels: number;
  scale: number;
  low: number;
  high: number;
}

/** More values per input pixel than any network here needs; keeps one tile's memory bounded. */
const maxValuesPerPixel = 8192;
const maxPadding = 1024;

/** Follows every value from the input to the output. Throws OnnxError on what it cannot follow. */
export function networkTraits(model: OnnxModel): NetworkTraits {
  const graph = model.graph;
  if (graph === undefined) throw new OnnxError('it is no ONNX network');
  const constants = new Map<string, OnnxTensor>(graph.initializer.map((tensor) => [tensor.name ?? '', tensor]));
  const inputs = graph.input.filter((input) => !constants.has(input.name ?? ''));
  const input = inputs[0];
  const output = graph.output[0];
  if (input === undefined || output === undefined || inputs.length !== 1 || graph.output.length !== 1)
    throw new OnnxError('it does not have exactly one input and one output');
  const dims = input.type?.tensorType?.shape?.dim ?? [];
  const inputChannels = dims[1]?.dimValue;
  if (dims.length !== 4 || inputChannels === undefined || inputChannels < 1)
    throw new OnnxError('its input is not a picture of shape [1, channels, height, width]');
  if (input.type?.tensorType?.elemType !== 1 || output.type?.tensorType?.elemType !== 1)
    throw new OnnxError('its input or output is not float32');
  if ((dims[2]?.dimValue ?? 0) > 0 || (dims[3]?.dimValue ?? 0) > 0)
    throw new OnnxError('it takes pictures of one fixed size only');

  const planes = new Map<string, Plane>([[input.name ?? '', { channels: inputChannels, scale: 1, low: 0, high: 0 }]]);
  const peakValuesPerPixel = follow(graph, constants, planes);
  const result = planes.get(output.name ?? '');
  if (result === undefined) throw new OnnxError('its output does not come from its input');
  return {
    inputName: input.name ?? '',
    outputName: output.name ?? '',
    inputChannels,
    outputChannels: result.channels,
    scale: result.scale,
    // A fraction appears where a network reaches sideways after enlarging: the farthest phase decides.
    receptiveFieldRadius: Math.max(0, Math.ceil(Math.max(-result.low, result.high) - 1e-9)),
    peakValuesPerPixel,
  };
}

function follow(graph: OnnxGraph, constants: Map<string, OnnxTensor>, planes: Map<string, Plane>): number {
  let peak = 0;
  for (const node of graph.node) {
    const name = node.output[0] ?? '';
    const constant = constantOf(node, constants);
    if (constant !== undefined) {
      constants.set(name, constant);
      continue;
    }
    const plane = planeOf(node, constants, planes);
    const values = plane.channels * plane.scale ** 2;
    if (values > maxValuesPerPixel) throw new OnnxError('it needs more memory per pixel than any network here should');
    peak = Math.max(peak, values);
    planes.set(name, plane);
  }
  return peak;
}

/** Constants pass through conversions unchanged in shape; that is all that is needed of them. */
function constantOf(node: OnnxNode, constants: Map<string, OnnxTensor>): OnnxTensor | undefined {
  if (node.opType === 'Constant') {
    const value = node.attribute.find((attribute) => attribute.name === 'value')?.t;
    if (value === undefined) throw new OnnxError('it holds a constant that is no tensor');
    return value;
  }
  const passes = node.opType === 'DequantizeLinear' || node.opType === 'Cast' || node.opType === 'Identity';
  return passes ? constants.get(node.input[0] ?? '') : undefined;
}

function planeOf(node: OnnxNode, constants: Map<string, OnnxTensor>, planes: Map<string, Plane>): Plane {
  const sources = node.input.flatMap((name) => planes.get(name) ?? []);
  const first = planes.get(node.input[0] ?? '') ?? sources[0];
  if (first === undefined) throw new OnnxError(`a ${node.opType ?? ''} does not depend on the picture`);
  switch (node.opType) {
    case 'Conv':
      return convolved(node, first, constants.get(node.input[1] ?? ''));
    case 'DepthToSpace': {
      const block = integer(node, 'blocksize', 0);
      if (block < 1 || first.channels % block ** 2 !== 0) throw new OnnxError('a DepthToSpace does not fit its channels');
      return { ...first, channels: first.channels / block ** 2, scale: first.scale * block };
    }
    case 'Pad': {
      const pads = integers(node, 'pads') ?? constantNumbers(constants, node.input[1]);
      const [top, left] = spatial(pads);
      return {
        ...first,
        low: first.low - Math.max(top, left) / first.scale,
        high: first.high - Math.min(top, left) / first.scale,
      };
    }
    case 'Resize': {
      const [batch, channel, down, across] = constantNumbers(constants, node.input[2]);
      const nearest = node.attribute.every(
        (attribute) => attribute.name !== 'mode' || Buffer.from(attribute.s ?? []).toString() === 'nearest',
      );
      if (
        !nearest ||
        batch !== 1 ||
        channel !== 1 ||
        down !== across ||
        !Number.isInteger(down) ||
        down === undefined ||
        down < 1
      ) {
        throw new OnnxError('a Resize is not by a whole, equal factor to the nearest pixel');
      }
      return { ...first, scale: first.scale * down };
    }
    case 'Concat':
      if (integer(node, 'axis', 0) !== 1 || sources.length !== node.input.length)
        throw new OnnxError('a Concat does not join channels');
      return { ...union(sources), channels: sources.reduce((sum, source) => sum + source.channels, 0) };
    default:
      return union(sources);
  }
}

function convolved(node: OnnxNode, source: Plane, weights: OnnxTensor | undefined): Plane {
  const [outputs = 0, , height = 0, width = 0] = weights?.dims ?? [];
  if (weights?.dims.length !== 4 || outputs < 1 || height < 1 || width < 1)
    throw new OnnxError('a Conv has no constant weights of shape [outputs, inputs, height, width]');
  if (node.attribute.some((attribute) => attribute.name === 'auto_pad')) throw new OnnxError('a Conv leaves its padding open');
  if (integers(node, 'strides')?.some((stride) => stride !== 1) === true) throw new OnnxError('a Conv skips pixels');
  const [dilationDown = 1, dilationAcross = 1] = integers(node, 'dilations') ?? [];
  const pads = integers(node, 'pads') ?? [0, 0, 0, 0];
  const [top = 0, left = 0] = pads;
  if (pads.some((pad) => pad < 0 || pad > maxPadding)) throw new OnnxError('a padding is out of range');
  const reachDown = dilationDown * (height - 1) - top;
  const reachAcross = dilationAcross * (width - 1) - left;
  return {
    channels: outputs,
    scale: source.scale,
    low: source.low - Math.max(top, left) / source.scale,
    high: source.high + Math.max(reachDown, reachAcross) / source.scale,
  };
}

function union(sources: readonly Plane[]): Plane {
  const [first] = sources;
  if (first === undefined || sources.some((source) => source.scale !== first.scale))
    throw new OnnxError('it joins pictures of different sizes');
  return {
    channels: Math.max(...sources.map((source) => source.channels)),
    scale: first.scale,
    low: Math.min(...sources.map((source) => source.low)),
    high: Math.max(...sources.map((source) => source.high)),
  };
}

function spatial(pads: readonly number[]): [number, number] {
  const [a, b, top = 0, left = 0, c, d] = pads;
  if (pads.length !== 8 || [a, b, c, d].some((pad) => pad !== 0)) throw new OnnxError('a Pad is not around the picture');
  if (pads.some((pad) => pad < 0 || pad > maxPadding)) throw new OnnxError('a padding is out of range');
  return [top, left];
}

function constantNumbers(constants: Map<string, OnnxTensor>, name: string | undefined): number[] {
  const tensor = constants.get(name ?? '');
  if (tensor === undefined || tensor.dims.reduce((product, dim) => product * dim, 1) > 8)
    throw new OnnxError('a size in it is not constant');
  return tensorNumbers(tensor);
}

function integers(node: OnnxNode, name: string): number[] | undefined {
  return node.attribute.find((attribute) => attribute.name === name)?.ints;
}

function integer(node: OnnxNode, name: string, otherwise: number): number {
  return node.attribute.find((attribute) => attribute.name === name)?.i ?? otherwise;
}
