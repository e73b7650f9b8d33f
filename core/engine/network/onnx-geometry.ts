/** What the nodes of a network do to places in a picture, read off their attributes and constants. */
import type { OnnxNode, OnnxTensor } from './onnx-proto.ts';
import { tensorNumbers } from './onnx-tensor.ts';
import { OnnxError } from './protobuf-wire.ts';

/** Constant tensors by name. */
export type Constants = ReadonlyMap<string, OnnxTensor>;

export interface Borders {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

/** A convolution: output pixel (y, x) sees rows y·stride − top … y·stride − top + reachDown, and columns alike. */
export interface Convolution extends Borders {
  readonly outputs: number;
  readonly stride: 1 | 2;
  readonly reachDown: number;
  readonly reachAcross: number;
}

const maxPadding = 1024;

/** Throws OnnxError for strides other than 1 and 2, unequal ones, or dilated ones, and for padding that is out of range. */
export function convolution(node: OnnxNode, weights: OnnxTensor | undefined): Convolution {
  const [outputs = 0, , height = 0, width = 0] = weights?.dims ?? [];
  if (weights?.dims.length !== 4 || outputs < 1 || height < 1 || width < 1)
    throw new OnnxError('a Conv has no constant weights of shape [outputs, inputs, height, width]');
  if (node.attribute.some((attribute) => attribute.name === 'auto_pad')) throw new OnnxError('a Conv leaves its padding open');
  const [strideDown = 1, strideAcross = 1] = integers(node, 'strides') ?? [];
  const [dilationDown = 1, dilationAcross = 1] = integers(node, 'dilations') ?? [];
  if (strideDown !== strideAcross || (strideDown !== 1 && strideDown !== 2))
    throw new OnnxError('a Conv has a stride other than 1 or 2');
  if (dilationDown < 1 || dilationAcross < 1 || (strideDown === 2 && (dilationDown !== 1 || dilationAcross !== 1)))
    throw new OnnxError('a Conv leaves pixels out');
  const pads = integers(node, 'pads') ?? [0, 0, 0, 0];
  if (pads.length !== 4 || pads.some((pad) => pad < 0 || pad > maxPadding)) throw new OnnxError('a padding is out of range');
  const [top = 0, left = 0, bottom = 0, right = 0] = pads;
  const [reachDown, reachAcross] = [dilationDown * (height - 1), dilationAcross * (width - 1)];
  return { outputs, stride: strideDown, reachDown, reachAcross, top, left, bottom, right };
}

/** What a Pad puts around the picture. Throws OnnxError when it is not around the picture or out of range. */
export function borders(node: OnnxNode, constants: Constants): Borders {
  const pads = integers(node, 'pads') ?? constantNumbers(constants, node.input[1]);
  const [batchBefore, channelBefore, top = 0, left = 0, batchAfter, channelAfter, bottom = 0, right = 0] = pads;
  if (pads.length !== 8 || [batchBefore, channelBefore, batchAfter, channelAfter].some((pad) => pad !== 0))
    throw new OnnxError('a Pad is not around the picture');
  if (pads.some((pad) => pad < 0 || pad > maxPadding)) throw new OnnxError('a padding is out of range');
  return { top, left, bottom, right };
}

/** Whole factor of a Resize to the nearest pixel. Throws OnnxError for any other. */
export function resizeFactor(node: OnnxNode, constants: Constants): number {
  const [batch, channel, down, across] = constantNumbers(constants, node.input[2]);
  const nearest = node.attribute.every(
    (attribute) => attribute.name !== 'mode' || Buffer.from(attribute.s ?? []).toString() === 'nearest',
  );
  const whole = batch === 1 && channel === 1 && down === across && Number.isInteger(down);
  if (!nearest || !whole || down === undefined || down < 1)
    throw new OnnxError('a Resize is not by a whole, equal factor to the nearest pixel');
  return down;
}

/** Side of the squares that a DepthToSpace makes of channels. */
export function blockSize(node: OnnxNode): number {
  const block = integer(node, 'blocksize', 0);
  if (block < 1) throw new OnnxError('a DepthToSpace does not fit its channels');
  return block;
}

/** Channels that a Slice leaves of so many. Throws OnnxError when it cuts anything but channels, or leaves some out between. */
export function slicedChannels(node: OnnxNode, constants: Constants, channels: number): number {
  const [from, to, axes, steps = [1]] = node.input.slice(1).map((name) => constantNumbers(constants, name));
  const isOne = [from, to, axes, steps].every((numbers) => numbers?.length === 1);
  const [[start = -1] = [], [end = 0] = []] = [from, to];
  if (!isOne || axes?.[0] !== 1 || steps[0] !== 1 || start < 0 || end <= start || end > channels)
    throw new OnnxError('a Slice does not cut off channels');
  return end - start;
}

export function integer(node: OnnxNode, name: string, otherwise: number): number {
  return node.attribute.find((attribute) => attribute.name === name)?.i ?? otherwise;
}

function integers(node: OnnxNode, name: string): number[] | undefined {
  return node.attribute.find((attribute) => attribute.name === name)?.ints;
}

function constantNumbers(constants: Constants, name: string | undefined): number[] {
  const tensor = constants.get(name ?? '');
  if (tensor === undefined || tensor.dims.reduce((product, dim) => product * dim, 1) > 8)
    throw new OnnxError('a size in it is not constant');
  return tensorNumbers(tensor);
}
