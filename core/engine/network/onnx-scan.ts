/**
 * Looks through a network file before onnxruntime sees it. Model files come from strangers: what is not
 * known to be harmless is refused.
 */
import { EnlargerError } from '../../photo/failure.ts';
import { decodeModel } from './onnx-proto.ts';
import type { OnnxAttribute, OnnxModel } from './onnx-proto.ts';
import { checkTensor } from './onnx-tensor.ts';
import { OnnxError } from './protobuf-wire.ts';

/**
 * The operators a network may use. All of them work on a neighbourhood of bounded size, which is what
 * makes tiles possible, and none loops, branches, or makes memory out of numbers.
 */
const allowedOps: ReadonlySet<string> = new Set([
  ...['Conv', 'Relu', 'LeakyRelu', 'Clip', 'Sigmoid', 'Mul', 'Add', 'Sub', 'Concat', 'DepthToSpace', 'Pad', 'Resize', 'Slice'],
  ...['QuantizeLinear', 'DequantizeLinear', 'Cast', 'Constant', 'Identity', 'Transpose'],
]);

/** Largest network file, in bytes. */
export const maxModelBytes = 256 * 1024 * 1024;
const maxNodes = 4096;
const maxInitializers = 16_384;
/** Operator sets of ONNX that the bundled onnxruntime knows and that were looked at. */
const opset = { min: 11, max: 23 };
const irVersion = { min: 4, max: 12 };

/**
 * Parses and checks a network file; the result holds views into `bytes`. Refuses data outside the file in
 * every place ONNX has for it, subgraphs, functions, sparse tensors, foreign operators, and tensors that are not as long as they
 * say. Throws EnlargerError `model-invalid`.
 */
export function scanModel(bytes: Uint8Array): OnnxModel {
  try {
    if (bytes.length === 0) throw new OnnxError('it is empty');
    if (bytes.length > maxModelBytes) throw new OnnxError('it is larger than 256 MB');
    const model = decodeModel(bytes);
    checkModel(model);
    return model;
  } catch (error) {
    if (error instanceof OnnxError) throw invalidModel(error.message, error);
    throw error;
  }
}

/** The one form of a refusal; `reason` completes "This model cannot be used: …". */
export function invalidModel(reason: string, cause?: unknown): EnlargerError {
  return new EnlargerError('model-invalid', `This model cannot be used: ${reason}. Install it again, or choose another model.`, {
    cause,
  });
}

function checkModel(model: OnnxModel): void {
  const graph = model.graph;
  if (graph === undefined || graph.node.length === 0 || graph.output.length === 0) throw new OnnxError('it is no ONNX network');
  within('format version', model.irVersion ?? 0, irVersion);
  if (model.opsetImport.length !== 1) throw new OnnxError('it needs operators from more than one source');
  for (const { domain, version } of model.opsetImport) {
    checkDomain(domain);
    within('operator set', version ?? 0, opset);
  }
  if (graph.node.length > maxNodes || graph.initializer.length > maxInitializers)
    throw new OnnxError('it has more parts than any network needs');
  if (graph.sparseInitializer.length > 0) throw new OnnxError('it contains sparse tensors');
  graph.initializer.forEach(checkTensor);
  for (const node of graph.node) {
    checkDomain(node.domain);
    if (!allowedOps.has(node.opType ?? ''))
      throw new OnnxError(`it uses the operator ${describeName(node.opType)}, which is not allowed`);
    node.attribute.forEach(checkAttribute);
  }
}

function checkAttribute(attribute: OnnxAttribute): void {
  if (attribute.g !== undefined || attribute.graphs.length > 0) throw new OnnxError('it contains a network inside a network');
  if (attribute.sparseTensor !== undefined || attribute.sparseTensors.length > 0)
    throw new OnnxError('it contains sparse tensors');
  if (attribute.refAttrName !== undefined) throw new OnnxError('it contains functions');
  if (attribute.t !== undefined) checkTensor(attribute.t);
  attribute.tensors.forEach(checkTensor);
}

function checkDomain(domain: string | undefined): void {
  if (domain !== undefined && domain !== '' && domain !== 'ai.onnx')
    throw new OnnxError(`it needs foreign operators (${describeName(domain)})`);
}

function within(what: string, value: number, range: { min: number; max: number }): void {
  if (value >= range.min && value <= range.max) return;
  throw new OnnxError(`its ${what} is ${String(value)}; ${String(range.min)} to ${String(range.max)} are known`);
}

/** A name from the file, safe to print. */
function describeName(name: string | undefined): string {
  return `"${(name ?? '').slice(0, 40).replace(/[^\w.:-]/g, '?')}"`;
}
