/**
 * What a network does, read off its graph: channels, scale, and how far an output pixel sees. The card
 * is checked against it, because a card that promises a smaller reach than the graph has gives seams.
 */
import type { OnnxGraph, OnnxModel, OnnxNode, OnnxTensor } from './onnx-proto.ts';
import { blockSize, borders, convolution, integer, resizeFactor, slicedChannels } from './onnx-geometry.ts';
import { receptiveFieldRadius } from './receptive-field.ts';
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
  /** Sides and starts of tiles must be multiples of this, or the pixels that strides leave out are others in each tile. */
  readonly tileMultiple: number;
  /** Values of the largest intermediate per input pixel: times 4 bytes times the tile's area is its memory. */
  readonly peakValuesPerPixel: number;
}

/** A picture-like value, relative to the input: `scale` times its sides (a power of two below 1 behind strides), plus a constant number of rows and columns. */
interface Plane {
  channels: number;
  scale: number;
  extraRows: number;
  extraColumns: number;
}

/** More values per input pixel than any network here needs; keeps one tile's memory bounded. */
const maxValuesPerPixel = 8192;
/** Smallest size inside a network, relative to its input: four strides of two. */
const leastScale = 1 / 16;

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

  const inputPlane = { channels: inputChannels, scale: 1, extraRows: 0, extraColumns: 0 };
  const planes = new Map<string, Plane>([[input.name ?? '', inputPlane]]);
  const peakValuesPerPixel = follow(graph, constants, planes);
  const result = planes.get(output.name ?? '');
  if (result === undefined) throw new OnnxError('its output does not come from its input');
  if (result.extraRows !== 0 || result.extraColumns !== 0)
    throw new OnnxError('its output is not a whole number of times as large as its input');
  const tileMultiple = Math.max(...[...planes.values()].map((plane) => 1 / plane.scale), 1);
  const names = { input: input.name ?? '', output: output.name ?? '' };
  return {
    inputName: names.input,
    outputName: names.output,
    inputChannels,
    outputChannels: result.channels,
    scale: result.scale,
    receptiveFieldRadius: receptiveFieldRadius(graph, constants, names, result.scale, tileMultiple),
    tileMultiple,
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

/** What a node makes of constants alone: only its shape is needed. Conversions leave it as it is; kernels may be turned on their side. */
function constantOf(node: OnnxNode, constants: Map<string, OnnxTensor>): OnnxTensor | undefined {
  if (node.opType === 'Constant') {
    const value = node.attribute.find((attribute) => attribute.name === 'value')?.t;
    if (value === undefined) throw new OnnxError('it holds a constant that is no tensor');
    return value;
  }
  if (node.opType === 'Transpose') return turnedConstant(node, constants.get(node.input[0] ?? ''));
  const passes = node.opType === 'DequantizeLinear' || node.opType === 'Cast' || node.opType === 'Identity';
  return passes ? constants.get(node.input[0] ?? '') : undefined;
}

/** Only a constant may be turned, and only rows for columns: a turned picture would be another one. */
function turnedConstant(node: OnnxNode, tensor: OnnxTensor | undefined): OnnxTensor {
  const order = node.attribute.find((attribute) => attribute.name === 'perm')?.ints ?? [];
  const [outputs = 0, inputs = 0, height = 0, width = 0] = tensor?.dims ?? [];
  if (tensor?.dims.length !== 4 || order.join() !== '0,1,3,2')
    throw new OnnxError('a Transpose does more than turn constant kernels on their side');
  return { ...tensor, dims: [outputs, inputs, width, height] };
}

function planeOf(node: OnnxNode, constants: Map<string, OnnxTensor>, planes: Map<string, Plane>): Plane {
  const sources = node.input.flatMap((name) => planes.get(name) ?? []);
  const first = planes.get(node.input[0] ?? '') ?? sources[0];
  if (first === undefined) throw new OnnxError(`a ${node.opType ?? ''} does not depend on the picture`);
  switch (node.opType) {
    case 'Conv':
      return convolved(node, first, constants.get(node.input[1] ?? ''));
    case 'DepthToSpace': {
      const block = blockSize(node);
      if (first.channels % block ** 2 !== 0) throw new OnnxError('a DepthToSpace does not fit its channels');
      return { ...enlarged(first, block), channels: first.channels / block ** 2 };
    }
    case 'Pad': {
      const { top, left, bottom, right } = borders(node, constants);
      return { ...first, extraRows: first.extraRows + top + bottom, extraColumns: first.extraColumns + left + right };
    }
    case 'Resize':
      return enlarged(first, resizeFactor(node, constants));
    case 'Slice':
      return { ...first, channels: slicedChannels(node, constants, first.channels) };
    case 'Concat':
      if (integer(node, 'axis', 0) !== 1 || sources.length !== node.input.length)
        throw new OnnxError('a Concat does not join channels');
      return { ...union(sources), channels: sources.reduce((sum, source) => sum + source.channels, 0) };
    default:
      return union(sources);
  }
}

function convolved(node: OnnxNode, source: Plane, weights: OnnxTensor | undefined): Plane {
  const { outputs, stride, reachDown, reachAcross, top, left, bottom, right } = convolution(node, weights);
  const scale = source.scale / stride;
  if (scale < leastScale) throw new OnnxError('it makes the picture too small inside');
  const extra = (extent: number, pads: number, reach: number): number => Math.floor((extent + pads - reach - 1) / stride) + 1;
  return {
    channels: outputs,
    scale,
    extraRows: extra(source.extraRows, top + bottom, reachDown),
    extraColumns: extra(source.extraColumns, left + right, reachAcross),
  };
}

function enlarged(source: Plane, factor: number): Plane {
  const { channels, scale, extraRows, extraColumns } = source;
  return { channels, scale: scale * factor, extraRows: extraRows * factor, extraColumns: extraColumns * factor };
}

function union(sources: readonly Plane[]): Plane {
  const [first] = sources;
  const alike = (source: Plane, other: Plane): boolean =>
    source.scale === other.scale && source.extraRows === other.extraRows && source.extraColumns === other.extraColumns;
  if (first === undefined || sources.some((source) => !alike(source, first)))
    throw new OnnxError('it joins pictures of different sizes');
  return { ...first, channels: Math.max(...sources.map((source) => source.channels)) };
}
