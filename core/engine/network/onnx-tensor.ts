/** Constant tensors of a network file: how many bytes they must have, and the values of small ones. */
import type { OnnxTensor } from './onnx-proto.ts';
import { OnnxError } from './protobuf-wire.ts';

/** ONNX TensorProto.DataType of the element types a network may store. */
export const elementType = { float: 1, uint8: 2, int8: 3, int32: 6, int64: 7, bool: 9, float16: 10 } as const;

const elementBytes = new Map<number, number>([
  [elementType.float, 4],
  [elementType.uint8, 1],
  [elementType.int8, 1],
  [elementType.int32, 4],
  [elementType.int64, 8],
  [elementType.bool, 1],
  [elementType.float16, 2],
]);

/** Most elements a single tensor may have: 2^28, a gibibyte of float32. */
const maxElements = 2 ** 28;

/** Number of elements the dimensions give. Throws OnnxError on negative or absurd ones. */
function elementCount(dims: readonly number[]): number {
  if (dims.length > 8) throw new OnnxError('a tensor has more than 8 dimensions');
  let count = 1;
  for (const dim of dims) {
    if (dim < 0) throw new OnnxError('a tensor has a negative dimension');
    count *= dim;
    if (count > maxElements) throw new OnnxError('a tensor claims to be larger than any network needs');
  }
  return count;
}

/** Checks that a tensor lies wholly inside the file and is exactly as long as it says. */
export function checkTensor(tensor: OnnxTensor): void {
  if (tensor.externalData.length > 0 || (tensor.dataLocation ?? 0) !== 0)
    throw new OnnxError('it asks for data outside its file');
  const bytes = elementBytes.get(tensor.dataType ?? 0);
  if (bytes === undefined)
    throw new OnnxError(`a tensor has element type ${String(tensor.dataType ?? 0)}, which no network here uses`);
  const count = elementCount(tensor.dims);
  if (tensor.stringData.length + tensor.doubleData.length + tensor.uint64Data.length > 0)
    throw new OnnxError('a tensor stores its data in a list of the wrong type');
  const lists: [number, boolean][] = [
    [tensor.floatData.length, tensor.dataType === elementType.float],
    [tensor.int64Data.length, tensor.dataType === elementType.int64],
    [tensor.int32Data.length, tensor.dataType !== elementType.float && tensor.dataType !== elementType.int64],
  ];
  const listed = lists.reduce((sum, [length]) => sum + length, 0);
  if (tensor.rawData !== undefined && listed > 0) throw new OnnxError('a tensor stores its data twice');
  if (lists.some(([length, allowed]) => length > 0 && !allowed))
    throw new OnnxError('a tensor stores its data in a list of the wrong type');
  const matches = tensor.rawData === undefined ? listed === count : tensor.rawData.length === count * bytes;
  if (!matches) throw new OnnxError('a tensor has more or less data than its dimensions say');
}

/** Values of a checked float32 or int64 tensor. Meant for small ones: pads, scales. */
export function tensorNumbers(tensor: OnnxTensor): number[] {
  const raw = tensor.rawData;
  if (raw === undefined) return tensor.dataType === elementType.float ? tensor.floatData : tensor.int64Data;
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  if (tensor.dataType === elementType.float)
    return Array.from({ length: raw.length / 4 }, (_, index) => view.getFloat32(index * 4, true));
  if (tensor.dataType === elementType.int64)
    return Array.from({ length: raw.length / 8 }, (_, index) => Number(view.getBigInt64(index * 8, true)));
  throw new OnnxError('a constant has an unexpected type');
}
