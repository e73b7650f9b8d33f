/**
 * onnxruntime's 8-bit convolutions take sixteen output channels at a time; where the last block is not full, it falls back to code that takes three to
 * four times as long for the whole layer. So the last convolution of each chain gets channels of zeros, which are cut off behind it: the same pixels.
 */
import type { OnnxModel, OnnxTensor } from '../../core/engine/network/onnx-proto.ts';
import { elementType } from '../../core/engine/network/onnx-tensor.ts';

/** Output channels that a kernel computes together. */
const block = 16;

/** `model` with a full last block in each 8-bit convolution whose picture is finished from there; a model without such a one is returned as it is. */
export function alignedTail(model: OnnxModel): OnnxModel {
  const outputs = (model.graph?.node ?? []).flatMap(({ output: [made = ''] }) => (/(^|\.)tail\.conv$/.test(made) ? [made] : []));
  return outputs.reduce(withFullBlock, model);
}

/** The convolution that makes `output` gets a full last block. */
function withFullBlock(model: OnnxModel, output: string): OnnxModel {
  const { graph } = model;
  if (graph === undefined) return model;
  const name = nameOf(output);
  const [channels = 0] = graph.initializer.find((tensor) => tensor.name === weightsOf(output))?.dims ?? [];
  const at = graph.node.findIndex(({ output: [made] }) => made === `${output}.dq`);
  if (channels % block === 0 || at < 0) return model;
  const aligned = Math.ceil(channels / block) * block;
  const parts = [
    `${name}.weight.q`,
    `${name}.weight.scale`,
    `${name}.weight.zero`,
    `${name}.bias.q`,
    `${name}.bias.scale`,
    `${name}.bias.zero`,
  ];
  return {
    ...model,
    graph: {
      ...graph,
      initializer: [
        ...graph.initializer.map((tensor) => (parts.includes(tensor.name ?? '') ? widened(tensor, aligned) : tensor)),
        integer(`${output}.cut.from`, 0),
        integer(`${output}.cut.to`, channels),
        integer(`${output}.cut.axis`, 1),
      ],
      node: [
        ...graph.node.slice(0, at + 1),
        {
          opType: 'Slice',
          name: `Slice:${output}.cut`,
          input: [`${output}.dq`, ...['from', 'to', 'axis'].map((part) => `${output}.cut.${part}`)],
          output: [`${output}.cut`],
          attribute: [],
        },
        ...graph.node
          .slice(at + 1)
          .map((node) => ({ ...node, input: node.input.map((input) => (input === `${output}.dq` ? `${output}.cut` : input)) })),
      ],
    },
  };
}

function nameOf(convolution: string): string {
  return convolution.replace(/\.conv$/, '');
}

/** Name of a convolution's 8-bit weights, where it has such. */
function weightsOf(convolution: string): string {
  return `${nameOf(convolution)}.weight.q`;
}

/** More channels; scales repeat the first one, because 0 is none, and everything else is 0. */
function widened(tensor: OnnxTensor, channels: number): OnnxTensor {
  const [former = 0, ...rest] = tensor.dims;
  const raw = tensor.rawData ?? new Uint8Array();
  const bytes = raw.length / former;
  const rawData = new Uint8Array(channels * bytes);
  rawData.set(raw);
  if (tensor.name?.endsWith('.scale') === true)
    for (let channel = former; channel < channels; channel += 1) rawData.set(raw.subarray(0, bytes), channel * bytes);
  return { ...tensor, dims: [channels, ...rest], rawData };
}

function integer(name: string, value: number): OnnxTensor {
  const lists = { floatData: [], int32Data: [], stringData: [], int64Data: [], doubleData: [], uint64Data: [], externalData: [] };
  return {
    name,
    dims: [1],
    dataType: elementType.int64,
    rawData: new Uint8Array(BigInt64Array.of(BigInt(value)).buffer),
    ...lists,
  };
}
