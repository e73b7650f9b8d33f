/**
 * The part of ONNX's protobuf format that a network file may use, as data, and a strict reader for it.
 * Field numbers and kinds are those of onnx.proto (onnx/onnx, IR version 12). Stricter than protobuf on
 * purpose: an unknown field, a second copy of a singular field, or a number beyond 2^53 is an error, so
 * that no other parser can understand the same bytes differently.
 */
import { OnnxError, WireReader } from './protobuf-wire.ts';

type Scalar = 'int' | 'float' | 'double' | 'string' | 'bytes';
export interface Field {
  readonly name: string;
  readonly kind: Scalar | MessageName;
  readonly repeated: boolean;
}
const one = (name: string, kind: Field['kind']): Field => ({ name, kind, repeated: false });
const many = (name: string, kind: Field['kind']): Field => ({ name, kind, repeated: true });

export type MessageName =
  | 'Model'
  | 'OperatorSet'
  | 'Entry'
  | 'Graph'
  | 'Node'
  | 'Attribute'
  | 'Tensor'
  | 'SparseTensor'
  | 'ValueInfo'
  | 'Type'
  | 'TensorType'
  | 'Shape'
  | 'Dimension';

/** Message → field number → field. What is missing here (training info, functions, sequences, maps) is refused by being unknown. */
export const messages: Record<MessageName, Record<number, Field>> = {
  Model: {
    1: one('irVersion', 'int'),
    2: one('producerName', 'string'),
    3: one('producerVersion', 'string'),
    4: one('domain', 'string'),
    5: one('modelVersion', 'int'),
    6: one('docString', 'string'),
    7: one('graph', 'Graph'),
    8: many('opsetImport', 'OperatorSet'),
    14: many('metadataProps', 'Entry'),
  },
  OperatorSet: { 1: one('domain', 'string'), 2: one('version', 'int') },
  Entry: { 1: one('key', 'string'), 2: one('value', 'string') },
  Graph: {
    1: many('node', 'Node'),
    2: one('name', 'string'),
    5: many('initializer', 'Tensor'),
    10: one('docString', 'string'),
    11: many('input', 'ValueInfo'),
    12: many('output', 'ValueInfo'),
    13: many('valueInfo', 'ValueInfo'),
    15: many('sparseInitializer', 'SparseTensor'),
    16: many('metadataProps', 'Entry'),
  },
  Node: {
    1: many('input', 'string'),
    2: many('output', 'string'),
    3: one('name', 'string'),
    4: one('opType', 'string'),
    5: many('attribute', 'Attribute'),
    6: one('docString', 'string'),
    7: one('domain', 'string'),
    9: many('metadataProps', 'Entry'),
  },
  Attribute: {
    1: one('name', 'string'),
    2: one('f', 'float'),
    3: one('i', 'int'),
    4: one('s', 'bytes'),
    5: one('t', 'Tensor'),
    6: one('g', 'Graph'),
    7: many('floats', 'float'),
    8: many('ints', 'int'),
    9: many('strings', 'bytes'),
    10: many('tensors', 'Tensor'),
    11: many('graphs', 'Graph'),
    13: one('docString', 'string'),
    20: one('type', 'int'),
    21: one('refAttrName', 'string'),
    22: one('sparseTensor', 'SparseTensor'),
    23: many('sparseTensors', 'SparseTensor'),
  },
  Tensor: {
    1: many('dims', 'int'),
    2: one('dataType', 'int'),
    4: many('floatData', 'float'),
    5: many('int32Data', 'int'),
    6: many('stringData', 'bytes'),
    7: many('int64Data', 'int'),
    8: one('name', 'string'),
    9: one('rawData', 'bytes'),
    10: many('doubleData', 'double'),
    11: many('uint64Data', 'int'),
    12: one('docString', 'string'),
    13: many('externalData', 'Entry'),
    14: one('dataLocation', 'int'),
    16: many('metadataProps', 'Entry'),
  },
  SparseTensor: { 1: one('values', 'Tensor'), 2: one('indices', 'Tensor'), 3: many('dims', 'int') },
  ValueInfo: {
    1: one('name', 'string'),
    2: one('type', 'Type'),
    3: one('docString', 'string'),
    4: many('metadataProps', 'Entry'),
  },
  Type: { 1: one('tensorType', 'TensorType'), 6: one('denotation', 'string') },
  TensorType: { 1: one('elemType', 'int'), 2: one('shape', 'Shape') },
  Shape: { 1: many('dim', 'Dimension') },
  Dimension: { 1: one('dimValue', 'int'), 2: one('dimParam', 'string'), 3: one('denotation', 'string') },
};

/** Absent singular fields are undefined, absent repeated ones are empty. Numbers are whole where ONNX says int64. */
export interface OnnxTensor {
  name?: string;
  dims: number[];
  dataType?: number;
  floatData: number[];
  int32Data: number[];
  stringData: Uint8Array[];
  int64Data: number[];
  doubleData: number[];
  uint64Data: number[];
  rawData?: Uint8Array;
  externalData: { key?: string; value?: string }[];
  dataLocation?: number;
}
export interface OnnxSparseTensor {
  values?: OnnxTensor;
  indices?: OnnxTensor;
  dims: number[];
}
export interface OnnxAttribute {
  name?: string;
  type?: number;
  f?: number;
  i?: number;
  s?: Uint8Array;
  t?: OnnxTensor;
  g?: OnnxGraph;
  floats: number[];
  ints: number[];
  strings: Uint8Array[];
  tensors: OnnxTensor[];
  graphs: OnnxGraph[];
  refAttrName?: string;
  sparseTensor?: OnnxSparseTensor;
  sparseTensors: OnnxSparseTensor[];
}
export interface OnnxNode {
  input: string[];
  output: string[];
  name?: string;
  opType?: string;
  domain?: string;
  attribute: OnnxAttribute[];
}
export interface OnnxValueInfo {
  name?: string;
  type?: { tensorType?: { elemType?: number; shape?: { dim: { dimValue?: number; dimParam?: string }[] } } };
}
export interface OnnxGraph {
  name?: string;
  node: OnnxNode[];
  initializer: OnnxTensor[];
  sparseInitializer: OnnxSparseTensor[];
  input: OnnxValueInfo[];
  output: OnnxValueInfo[];
  valueInfo: OnnxValueInfo[];
}
export interface OnnxModel {
  irVersion?: number;
  producerName?: string;
  producerVersion?: string;
  graph?: OnnxGraph;
  opsetImport: { domain?: string; version?: number }[];
}

/** Messages nested deeper than this are refused; a network without subgraphs needs 6. */
const maxDepth = 12;

/** Reads a whole ONNX file. Byte fields are views into `bytes`. Throws OnnxError on anything not described above. */
export function decodeModel(bytes: Uint8Array): OnnxModel {
  return decodeMessage(new WireReader(bytes), bytes.length, 'Model', 0) as unknown as OnnxModel;
}

function decodeMessage(reader: WireReader, end: number, type: MessageName, depth: number): Record<string, unknown> {
  if (depth > maxDepth) throw new OnnxError('its parts are nested too deeply');
  const fields = messages[type];
  const message: Record<string, unknown> = {};
  for (const field of Object.values(fields)) if (field.repeated) message[field.name] = [];
  while (reader.position < end) {
    const { number, wireType } = reader.tag(end);
    const field = fields[number];
    if (field === undefined) throw new OnnxError(`it uses field ${String(number)} of ${type}, which Enlarger does not know`);
    if (field.repeated) {
      decodeRepeated(reader, end, wireType, field, message[field.name] as unknown[], depth);
    } else {
      if (message[field.name] !== undefined) throw new OnnxError(`it gives ${field.name} of ${type} twice`);
      message[field.name] = decodeValue(reader, end, wireType, field.kind, depth);
    }
  }
  return message;
}

function decodeRepeated(reader: WireReader, end: number, wireType: number, field: Field, into: unknown[], depth: number): void {
  const packable = field.kind === 'int' || field.kind === 'float' || field.kind === 'double';
  if (packable && wireType === 2) {
    const packedEnd = reader.enter(end);
    const elementType = field.kind === 'int' ? 0 : field.kind === 'float' ? 5 : 1;
    while (reader.position < packedEnd) {
      reader.countElement();
      into.push(decodeValue(reader, packedEnd, elementType, field.kind, depth));
    }
    return;
  }
  reader.countElement();
  into.push(decodeValue(reader, end, wireType, field.kind, depth));
}

function decodeValue(reader: WireReader, end: number, wireType: number, kind: Field['kind'], depth: number): unknown {
  switch (kind) {
    case 'int':
      reader.expect(wireType, 0);
      return reader.integer(end);
    case 'float':
      reader.expect(wireType, 5);
      return reader.float(end);
    case 'double':
      reader.expect(wireType, 1);
      return reader.double(end);
    case 'string':
      reader.expect(wireType, 2);
      return reader.text(end);
    case 'bytes':
      reader.expect(wireType, 2);
      return reader.bytes(end);
    default: {
      reader.expect(wireType, 2);
      return decodeMessage(reader, reader.enter(end), kind, depth + 1);
    }
  }
}
