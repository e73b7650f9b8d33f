/** Takes the integers out of a shipped int8 file, for a second implementation of them. */
import { scanModel } from '../../core/engine/network/onnx-scan.ts';
import type { OnnxGraph } from '../../core/engine/network/onnx-proto.ts';
import { elementType } from '../../core/engine/network/onnx-tensor.ts';
import { layersOf } from '../../models/export/plain-network.ts';
import type { PlainNetwork } from '../../models/export/plain-network.ts';
import type { StoredTensor, TensorFile } from '../../models/export/safetensors.ts';

/** The constants of an int8 file under the names that `parity.py` reads. Throws Error when one is missing. */
export function storedIntegers(bytes: Uint8Array, network: PlainNetwork): TensorFile {
  const { graph } = scanModel(bytes);
  if (graph === undefined) throw new Error('The file has no graph');
  const tensors = new Map<string, StoredTensor>([['input.steps', stepsOf(graph, 'x')]]);
  for (const { name, convolution, relu } of layersOf(network)) {
    if (!relu && !has(graph, `${name}.weight.q`)) {
      for (const part of ['weight', 'bias']) tensors.set(`${name}.${part}`, constant(graph, `${name}.${part}`));
      continue;
    }
    const [channels] = convolution.shape;
    const biases = leading(constant(graph, `${name}.bias.q`), channels);
    // float32 holds either half of 32 bits exactly, but not all of them.
    const halves = { high: (bias: number) => bias >> 16, low: (bias: number) => bias & 0xffff };
    for (const [half, of] of Object.entries(halves))
      tensors.set(`${name}.bias.${half}`, { ...biases, data: Float32Array.from(biases.data, of) });
    tensors.set(`${name}.integers`, leading(constant(graph, `${name}.weight.q`), channels));
    tensors.set(`${name}.scales`, leading(constant(graph, `${name}.weight.scale`), channels));
    tensors.set(`${name}.steps`, stepsOf(graph, relu ? name : `${name}.conv`));
  }
  return { tensors, metadata: {} };
}

/** Without the channels of zeros that only fill a block of the kernel. */
function leading({ shape, data }: StoredTensor, channels: number): StoredTensor {
  const [all = channels, ...rest] = shape;
  return { shape: [channels, ...rest], data: data.slice(0, (data.length / all) * channels) };
}

function stepsOf(graph: OnnxGraph, value: string): StoredTensor {
  const steps = [`${value}.scale`, `${value}.zero`].map((name) => constant(graph, name).data[0] ?? NaN);
  return { shape: [2], data: Float32Array.from(steps) };
}

function has(graph: OnnxGraph, name: string): boolean {
  return graph.initializer.some((tensor) => tensor.name === name);
}

/** A constant's numbers as float32. */
function constant(graph: OnnxGraph, name: string): StoredTensor {
  const turn = graph.node.find(({ opType, output: [made] }) => opType === 'Transpose' && made === name);
  if (turn !== undefined) return turned(constant(graph, turn.input[0] ?? ''));
  const tensor = graph.initializer.find((candidate) => candidate.name === name);
  if (tensor?.rawData === undefined) throw new Error(`The network has no constant ${name}`);
  const { buffer } = Uint8Array.from(tensor.rawData);
  return { shape: tensor.dims, data: Float32Array.from(numbers(buffer, tensor.dataType)) };
}

/** Rows of a square kernel become columns. */
function turned({ shape, data }: StoredTensor): StoredTensor {
  const side = shape[3] ?? 1;
  const from = (index: number): number =>
    index - (index % side ** 2) + (index % side) * side + Math.floor((index % side ** 2) / side);
  return { shape, data: Float32Array.from(data, (_, index) => data[from(index)] ?? NaN) };
}

function numbers(buffer: ArrayBuffer, type: number | undefined): ArrayLike<number> {
  if (type === elementType.float) return new Float32Array(buffer);
  if (type === elementType.int32) return new Int32Array(buffer);
  if (type === elementType.int8) return new Int8Array(buffer);
  if (type === elementType.uint8) return new Uint8Array(buffer);
  throw new Error('The constant has an element type that no int8 file here uses');
}
