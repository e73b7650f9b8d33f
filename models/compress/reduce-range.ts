/**
 * Requantizes the weights of an int8 network to 7 bits (−63..63) from its float original. On x86 without VNNI,
 * pairs of u8 × s8 products are summed in 16 bits and saturate with full 8-bit weights; with 7 bits they cannot:
 * 2 · 255 · 63 < 32,768. Activations, graph and everything else stay as they are.
 *
 *     node models/compress/reduce-range.ts fp32.onnx int8.onnx out.onnx
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { scanModel } from '../../core/engine/network/onnx-scan.ts';
import type { OnnxGraph, OnnxModel, OnnxTensor } from '../../core/engine/network/onnx-proto.ts';
import { elementType } from '../../core/engine/network/onnx-tensor.ts';
import { encodeModel } from './onnx-encode.ts';
import { quantizeChannel } from './quantize-channel.ts';

/** Largest weight magnitude that cannot saturate. */
export const reducedRange = 63;

export interface ReduceRangeReport {
  readonly convolutions: number;
  /** Largest |weight| in the integer file before and after. */
  readonly before: number;
  readonly after: number;
}

/** Returns the bytes of `int8` with reduced weights. Throws Error when the two files are not the same network. */
export function reduceRange(fp32: Uint8Array, int8: Uint8Array): { bytes: Uint8Array; report: ReduceRangeReport } {
  const original = graphOf(scanModel(fp32));
  const model = scanModel(int8);
  const graph = graphOf(model);
  let convolutions = 0;
  let before = 0;
  let after = 0;
  for (const node of graph.node.filter((candidate) => candidate.opType === 'Conv')) {
    const weights = quantizedInput(graph, node.input[1]);
    if (weights?.values.dataType !== elementType.int8) continue;
    const twin = original.node.find((candidate) => candidate.opType === 'Conv' && candidate.output[0] === node.output[0]);
    if (twin === undefined) throw new Error(`The float file has no convolution ${String(node.output[0])}`);
    const floats = floatsOf(initializer(original, twin.input[1]));
    const inputScale = floatsOf(scaleOf(graph, node.input[0]))[0];
    const bias = quantizedInput(graph, node.input[2]);
    if (inputScale === undefined || bias === undefined)
      throw new Error(`Convolution ${String(node.output[0])} has no quantized input or bias`);
    before = Math.max(before, largest(weights.values));
    requantize(weights, bias, floats, floatsOf(initializer(original, twin.input[2])), inputScale, String(node.output[0]));
    after = Math.max(after, largest(weights.values));
    convolutions += 1;
  }
  if (convolutions === 0) throw new Error('The integer file has no quantized convolution');
  return { bytes: encodeModel(model), report: { convolutions, before, after } };
}

interface QuantizedTensor {
  readonly values: OnnxTensor;
  readonly scales: OnnxTensor;
}

function requantize(
  weights: QuantizedTensor,
  bias: QuantizedTensor,
  floats: Float32Array,
  floatBias: Float32Array,
  inputScale: number,
  name: string,
): void {
  const oldScales = floatsOf(weights.scales);
  const channels = oldScales.length;
  const size = floats.length / channels;
  const old = int8Of(weights.values);
  if (floats.length !== old.length || floatBias.length !== channels)
    throw new Error(`Convolution ${name} differs in shape between the files`);
  const values = new Int8Array(floats.length);
  const scales = new Float32Array(channels);
  const biases = new Int32Array(channels);
  const biasScales = new Float32Array(channels);
  for (let channel = 0; channel < channels; channel += 1) {
    const from = channel * size;
    const channelFloats = floats.subarray(from, from + size);
    requireSameWeights(channelFloats, old.subarray(from, from + size), oldScales[channel] ?? 0, name);
    const { scale, integers } = quantizeChannel(channelFloats, reducedRange);
    values.set(integers, from);
    scales[channel] = scale;
    // float32 product, as onnxruntime forms it: the bias must be in exactly the accumulator's unit.
    biasScales[channel] = Math.fround(inputScale * scale);
    biases[channel] = Math.round((floatBias[channel] ?? 0) / (biasScales[channel] ?? 1));
  }
  setRaw(weights.values, values);
  setRaw(weights.scales, scales);
  setRaw(bias.values, biases);
  setRaw(bias.scales, biasScales);
}

/** The integer weights must be the float ones rounded, the largest perhaps clipped; anything else means two different networks. */
function requireSameWeights(floats: Float32Array, integers: Int8Array, scale: number, name: string): void {
  const most = integers.reduce((greatest, value) => Math.max(greatest, Math.abs(value)), 0);
  floats.forEach((value, index) => {
    const integer = integers[index] ?? 0;
    const clipped = Math.abs(integer) === most && Math.abs(value) > most * scale && Math.sign(value) === Math.sign(integer);
    if (!clipped && Math.abs(value - integer * scale) > 0.51 * scale + 1e-7)
      throw new Error(`Convolution ${name} has other weights in the two files`);
  });
}

function quantizedInput(graph: OnnxGraph, name: string | undefined): QuantizedTensor | undefined {
  const node = graph.node.find((candidate) => candidate.opType === 'DequantizeLinear' && candidate.output[0] === name);
  if (node === undefined) return undefined;
  return { values: initializer(graph, node.input[0]), scales: initializer(graph, node.input[1]) };
}

function scaleOf(graph: OnnxGraph, name: string | undefined): OnnxTensor {
  const node = graph.node.find((candidate) => candidate.opType === 'DequantizeLinear' && candidate.output[0] === name);
  return initializer(graph, node?.input[1]);
}

function initializer(graph: OnnxGraph, name: string | undefined): OnnxTensor {
  const tensor = graph.initializer.find((candidate) => candidate.name === name);
  if (tensor === undefined) throw new Error(`The network has no constant ${String(name)}`);
  return tensor;
}

function graphOf(model: OnnxModel): OnnxGraph {
  if (model.graph === undefined) throw new Error('The file has no graph');
  return model.graph;
}

function rawOf(tensor: OnnxTensor): Uint8Array {
  if (tensor.rawData === undefined) throw new Error(`Constant ${String(tensor.name)} is not stored as raw data`);
  return tensor.rawData;
}

function floatsOf(tensor: OnnxTensor): Float32Array {
  if (tensor.dataType !== elementType.float) throw new Error(`Constant ${String(tensor.name)} is not float32`);
  return new Float32Array(Uint8Array.from(rawOf(tensor)).buffer);
}

function int8Of(tensor: OnnxTensor): Int8Array {
  return Int8Array.from(new Int8Array(Uint8Array.from(rawOf(tensor)).buffer));
}

function largest(tensor: OnnxTensor): number {
  return int8Of(tensor).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

function setRaw(tensor: OnnxTensor, values: Int8Array | Float32Array | Int32Array): void {
  tensor.rawData = new Uint8Array(values.buffer);
}

if (import.meta.main) {
  const [fp32, int8, out] = process.argv.slice(2);
  if (fp32 === undefined || int8 === undefined || out === undefined)
    throw new Error('Usage: node models/compress/reduce-range.ts fp32.onnx int8.onnx out.onnx');
  const { bytes, report } = reduceRange(readFileSync(fp32), readFileSync(int8));
  writeFileSync(out, bytes);
  console.log(
    `${String(report.convolutions)} convolutions, largest weight ${String(report.before)} → ${String(report.after)}, ${String(bytes.length)} bytes`,
  );
}
