/** Puts an ONNX graph together, node by node. */
import type { OnnxAttribute, OnnxGraph, OnnxModel, OnnxTensor, OnnxValueInfo } from '../../core/engine/network/onnx-proto.ts';
import { elementType } from '../../core/engine/network/onnx-tensor.ts';
import { sharedKernels } from './shared-kernels.ts';

/** Operator set 17 with format version 8: the newest that every onnxruntime since 1.12 knows. */
const opset = 17;
const irVersion = 8;

/** ONNX AttributeProto.AttributeType. */
const attributeType = { int: 2, string: 3, ints: 7 } as const;

type Values = Float32Array | Uint8Array | Int8Array | Int32Array | Uint16Array;

export class GraphBuilder {
  readonly #graph: OnnxGraph = { node: [], initializer: [], sparseInitializer: [], input: [], output: [], valueInfo: [] };

  /** `planes` planes of free height and width, float32. */
  input(name: string, planes: number): string {
    this.#graph.input.push(valueInfo(name, [1, planes, 'h', 'w']));
    return name;
  }

  /** A float32 output; `dims` where the file is to be shipped, none where it is only looked at. */
  output(name: string, dims?: readonly (number | string)[]): void {
    this.#graph.output.push(valueInfo(name, dims));
  }

  /** A constant; no dims: a scalar. Uint16Array holds float16 bits. */
  constant(name: string, values: Values, dims: readonly number[] = []): string {
    this.#graph.initializer.push({
      ...emptyTensor(),
      name,
      dims: [...dims],
      dataType: typeOf(values),
      rawData: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
    });
    return name;
  }

  /** One node with one output. */
  node(
    opType: string,
    inputs: readonly string[],
    output: string,
    attributes: Record<string, number | string | number[]> = {},
  ): string {
    this.#graph.node.push({
      input: [...inputs],
      output: [output],
      name: `${opType}:${output}`,
      opType,
      attribute: Object.entries(attributes).map(([name, value]) => attribute(name, value)),
    });
    return output;
  }

  /** Kernels that are others turned on their side are stored once. */
  model(): OnnxModel {
    return sharedKernels({
      irVersion,
      producerName: 'enlarger',
      graph: { ...this.#graph, name: 'network' },
      opsetImport: [{ domain: '', version: opset }],
    });
  }
}

function typeOf(values: Values): number {
  if (values instanceof Float32Array) return elementType.float;
  if (values instanceof Uint8Array) return elementType.uint8;
  if (values instanceof Int8Array) return elementType.int8;
  if (values instanceof Int32Array) return elementType.int32;
  return elementType.float16;
}

function emptyTensor(): OnnxTensor {
  return {
    dims: [],
    floatData: [],
    int32Data: [],
    stringData: [],
    int64Data: [],
    doubleData: [],
    uint64Data: [],
    externalData: [],
  };
}

function attribute(name: string, value: number | string | number[]): OnnxAttribute {
  const empty = { name, floats: [], ints: [], strings: [], tensors: [], graphs: [], sparseTensors: [] };
  if (typeof value === 'number') return { ...empty, i: value, type: attributeType.int };
  if (typeof value === 'string') return { ...empty, s: Buffer.from(value), type: attributeType.string };
  return { ...empty, ints: value, type: attributeType.ints };
}

function valueInfo(name: string, dims?: readonly (number | string)[]): OnnxValueInfo {
  const shape = dims && { dim: dims.map((dim) => (typeof dim === 'number' ? { dimValue: dim } : { dimParam: dim })) };
  return { name, type: { tensorType: { elemType: elementType.float, ...(shape && { shape }) } } };
}
