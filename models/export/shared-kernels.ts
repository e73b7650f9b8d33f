/** Kernels that are other kernels turned on their side are stored once, so that a self-ensemble is hardly larger than one chain. */
import type { OnnxModel, OnnxNode, OnnxTensor } from '../../core/engine/network/onnx-proto.ts';
import { turnedKernel } from './turned-kernel.ts';

/**
 * `model` with each square kernel [outputs, inputs, side, side] that is the turned one of an earlier kernel made from it by a Transpose, which
 * onnxruntime carries out while it loads. The same pictures; a model without such kernels is returned as it is.
 */
export function sharedKernels(model: OnnxModel): OnnxModel {
  const { graph } = model;
  if (graph === undefined) return model;
  const seen = new Map<string, OnnxTensor>();
  const turns: OnnxNode[] = [];
  const kept = graph.initializer.filter((tensor) => {
    const [, , height = 0, width = 0] = tensor.dims;
    if (tensor.dims.length !== 4 || height !== width || height < 2 || tensor.rawData === undefined) return true;
    const original = seen.get(key(tensor, turnedKernel(tensor.rawData, tensor.dims)));
    seen.set(key(tensor, tensor.rawData), tensor);
    if (original === undefined || original === tensor) return true;
    turns.push(transpose(original.name ?? '', tensor.name ?? ''));
    return false;
  });
  return turns.length === 0 ? model : { ...model, graph: { ...graph, initializer: kept, node: [...turns, ...graph.node] } };
}

function key({ dims, dataType }: OnnxTensor, bytes: Uint8Array): string {
  return [dataType, ...dims, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')].join();
}

function transpose(from: string, to: string): OnnxNode {
  const perm = { name: 'perm', ints: [0, 1, 3, 2], type: 7, floats: [], strings: [], tensors: [], graphs: [], sparseTensors: [] };
  return { opType: 'Transpose', name: `Transpose:${to}`, input: [from], output: [to], attribute: [perm] };
}
