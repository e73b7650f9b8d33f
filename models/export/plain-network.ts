/** The plain network that training writes: a chain of convolutions that corrects a linear upsampling of the picture. */
import { z } from 'zod';
import { EnlargerError } from '../../core/photo/failure.ts';
import type { StoredTensor, TensorFile } from './safetensors.ts';
import { chainsOf } from './self-ensemble.ts';

export interface Convolution {
  /** OIHW. */
  readonly weight: Float32Array;
  readonly shape: readonly [outputs: number, inputs: number, height: number, width: number];
  /** One value per output channel; absent where training has none. */
  readonly bias: Float32Array | null;
}

export const networkFactsSchema = z.object({
  kind: z.literal('plain'),
  scale: z.union([z.literal(1), z.literal(2), z.literal(4)]),
  /** 2: the chain works at half the input's size; the input's sides must be even. */
  stride: z.union([z.literal(1), z.literal(2)]),
  channels: z.int().positive(),
  depth: z.int().nonnegative(),
  /** Input planes: the colours, then constant planes. */
  planes: z.array(z.string()).min(3),
  /** After every so many body layers the group's input is added before the ReLU; 0: never. */
  residual: z.int().nonnegative().default(0),
  /** 2: the picture is the mean of what the chain makes of it and of what it makes of it turned on its side. */
  ensemble: z.union([z.literal(1), z.literal(2)]).default(1),
});
export type NetworkFacts = z.infer<typeof networkFactsSchema>;

export interface PlainNetwork extends NetworkFacts {
  readonly head: Convolution;
  readonly body: readonly Convolution[];
  /** Gives 3·(scale·stride)² planes for DepthToSpace. */
  readonly tail: Convolution;
  /** 5×5, from the input to 3·scale² planes; null for scale 1, where the colours themselves are kept. */
  readonly skip: Convolution | null;
}

/** One convolution of the chain with its surroundings. Values are named: `<name>.conv` is the convolution, `<name>` what follows ReLU. */
export interface Layer {
  readonly name: string;
  /** Name of the value it reads: `x` or another layer. */
  readonly source: string;
  readonly convolution: Convolution;
  readonly stride: number;
  /** Value that is added before the ReLU. */
  readonly adds: string | null;
  /** The tail has none: its output is a signed correction. */
  readonly relu: boolean;
}

/** From head to tail, in order; of a self-ensemble one chain after the other. The sum of the tails is the correction. */
export function layersOf(network: PlainNetwork): Layer[] {
  return chainsOf(network).flatMap(({ prefix, head, body, tail }) => {
    const layers: Layer[] = [
      { name: `${prefix}head`, source: 'x', convolution: head, stride: network.stride, adds: null, relu: true },
    ];
    let source = `${prefix}head`;
    let group = source;
    for (const [index, convolution] of body.entries()) {
      const closes = network.residual > 0 && (index + 1) % network.residual === 0;
      const name = `${prefix}body.${index}`;
      layers.push({ name, source, convolution, stride: 1, adds: closes ? group : null, relu: true });
      source = name;
      if (closes) group = name;
    }
    layers.push({ name: `${prefix}tail`, source, convolution: tail, stride: 1, adds: null, relu: false });
    return layers;
  });
}

/** The weights of each output channel. */
export function channelsOf({ weight, shape }: Convolution): Float32Array[] {
  const size = weight.length / shape[0];
  return Array.from({ length: shape[0] }, (_, channel) => weight.subarray(channel * size, (channel + 1) * size));
}

/** Every weight and bias. */
export function parameterCount(network: PlainNetwork): number {
  const all = [network.head, ...network.body, network.tail, ...(network.skip === null ? [] : [network.skip])];
  return all.reduce((sum, { weight, bias }) => sum + weight.length + (bias?.length ?? 0), 0);
}

/** Takes a network out of `network.safetensors`. Throws EnlargerError `model-invalid` when a part is missing or has another shape. */
export function parseNetwork(file: TensorFile): PlainNetwork {
  const facts = networkFactsSchema.safeParse(parseJson(file.metadata['network']));
  if (!facts.success) throw unusable(`its description is wrong at "${facts.error.issues[0]?.path.join('.') ?? ''}"`);
  const { scale, stride, channels, depth, planes } = facts.data;
  if (scale > 1 && stride > 1) throw unusable('it shrinks and enlarges at once');
  const side = stride === 1 ? 3 : 4;
  const network: PlainNetwork = {
    ...facts.data,
    head: convolution(file, 'head', [channels, planes.length, side, side], true),
    body: Array.from({ length: depth }, (_, index) => convolution(file, `body.${index}`, [channels, channels, 3, 3], true)),
    tail: convolution(file, 'tail', [3 * (scale * stride) ** 2, channels, 3, 3], true),
    skip: scale === 1 ? null : convolution(file, 'skip', [3 * scale ** 2, planes.length, 5, 5], false),
  };
  const expected = 2 * (depth + 2) + (network.skip === null ? 0 : 1);
  if (file.tensors.size !== expected)
    throw unusable(`it has ${file.tensors.size} tensors where its description needs ${expected}`);
  return network;
}

/** The tensors of a network, and its description: what `parseNetwork` reads. */
export function networkFile(network: PlainNetwork, metadata: Readonly<Record<string, string>> = {}): TensorFile {
  const tensors = new Map<string, StoredTensor>();
  const parts: [string, Convolution][] = [
    ['head', network.head],
    ...network.body.map((part, index): [string, Convolution] => [`body.${index}`, part]),
    ['tail', network.tail],
  ];
  if (network.skip !== null) parts.push(['skip', network.skip]);
  for (const [name, { weight, shape, bias }] of parts) {
    tensors.set(`${name}.weight`, { shape, data: weight });
    if (bias !== null) tensors.set(`${name}.bias`, { shape: [bias.length], data: bias });
  }
  const { kind, scale, stride, channels, depth, planes, residual, ensemble } = network;
  return {
    tensors,
    metadata: { ...metadata, network: JSON.stringify({ kind, scale, stride, channels, depth, planes, residual, ensemble }) },
  };
}

function convolution(file: TensorFile, name: string, shape: Convolution['shape'], biased: boolean): Convolution {
  return {
    weight: floats(file, `${name}.weight`, shape),
    shape,
    bias: biased ? floats(file, `${name}.bias`, [shape[0]]) : null,
  };
}

function floats(file: TensorFile, name: string, shape: readonly number[]): Float32Array {
  const tensor = file.tensors.get(name);
  if (tensor === undefined) throw unusable(`it has no tensor ${name}`);
  if (!(tensor.data instanceof Float32Array) || tensor.shape.join() !== shape.join())
    throw unusable(`its tensor ${name} is not F32 of shape [${shape.join()}]`);
  if (!tensor.data.every(Number.isFinite)) throw unusable(`its tensor ${name} holds values that are no numbers`);
  return tensor.data;
}

function parseJson(text: string | undefined): unknown {
  if (text === undefined) throw unusable('it does not describe itself');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw unusable('its description is not valid JSON', error);
  }
}

function unusable(reason: string, cause?: unknown): EnlargerError {
  return new EnlargerError('model-invalid', `This trained network cannot be exported: ${reason}. Train it again.`, { cause });
}
