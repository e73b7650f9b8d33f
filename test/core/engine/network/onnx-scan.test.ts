import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeModel } from '../../../../core/engine/network/onnx-proto.ts';
import type { OnnxAttribute, OnnxModel, OnnxNode, OnnxTensor } from '../../../../core/engine/network/onnx-proto.ts';
import { scanModel } from '../../../../core/engine/network/onnx-scan.ts';
import { EnlargerError } from '../../../../core/photo/failure.ts';
import { encodeModel } from '../../../../models/compress/onnx-encode.ts';
import { modelBytes } from '../../../fixtures/installed-model.ts';
import { sharedData } from '../../../fixtures/shared-data.ts';

const good = modelBytes('gpu.onnx');

/** The good model after `change`, as bytes. */
function changed(change: (model: OnnxModel & { graph: NonNullable<OnnxModel['graph']> }) => void): Uint8Array {
  const model = decodeModel(Uint8Array.from(good));
  change(model as OnnxModel & { graph: NonNullable<OnnxModel['graph']> });
  return encodeModel(model);
}

function refusal(bytes: Uint8Array): EnlargerError {
  try {
    scanModel(bytes);
  } catch (error) {
    if (error instanceof EnlargerError && error.code === 'model-invalid') return error;
    throw error;
  }
  throw new Error('The model was accepted');
}

const external: OnnxTensor = {
  dims: [1],
  dataType: 1,
  floatData: [],
  int32Data: [],
  stringData: [],
  int64Data: [],
  doubleData: [],
  uint64Data: [],
  dataLocation: 1,
  externalData: [{ key: 'location', value: '../secret' }],
};
const emptyAttribute: OnnxAttribute = {
  name: 'value',
  floats: [],
  ints: [],
  strings: [],
  tensors: [],
  graphs: [],
  sparseTensors: [],
};
const constant = (attribute: Partial<OnnxAttribute>): OnnxNode => ({
  opType: 'Constant',
  input: [],
  output: ['evil'],
  attribute: [{ ...emptyAttribute, ...attribute }],
});
const subgraph = { node: [], initializer: [external], sparseInitializer: [], input: [], output: [], valueInfo: [] };

describe('the scan', () => {
  test.each(['int8.onnx', 'gpu.onnx'] as const)('accepts the shipped %s', (file) => {
    expect(scanModel(modelBytes(file)).graph?.node.length).toBeGreaterThan(10);
  });

  const places: Record<string, Uint8Array> = {
    'an initializer outside the file': changed(({ graph }) => graph.initializer.push(external)),
    'an initializer that only names a file': changed(({ graph }) =>
      graph.initializer.push({ ...external, dataLocation: 0, rawData: new Uint8Array(4) }),
    ),
    'a constant outside the file': changed(({ graph }) => graph.node.push(constant({ t: external }))),
    'a list of constants outside the file': changed(({ graph }) => graph.node.push(constant({ tensors: [external] }))),
    'a sparse initializer': changed(({ graph }) => graph.sparseInitializer.push({ values: external, dims: [1] })),
    'a sparse constant': changed(({ graph }) => graph.node.push(constant({ sparseTensor: { values: external, dims: [1] } }))),
    'a list of sparse constants': changed(({ graph }) =>
      graph.node.push(constant({ sparseTensors: [{ values: external, dims: [1] }] })),
    ),
    'a subgraph': changed(({ graph }) => graph.node.push(constant({ g: subgraph }))),
    'a list of subgraphs': changed(({ graph }) => graph.node.push(constant({ graphs: [subgraph] }))),
    'a function parameter': changed(({ graph }) => graph.node.push(constant({ refAttrName: 'x' }))),
    'a function': Buffer.concat([good, Buffer.from([0xca, 0x01, 0x00])]),
    'training information': Buffer.concat([good, Buffer.from([0xa2, 0x01, 0x00])]),
    'a second graph': Buffer.concat([good, Buffer.from([7 * 8 + 2, 0])]),
    'an operator of another domain': changed(({ graph }) => (graph.node[0]!.domain = 'com.evil')),
    'a second operator set': changed((model) => model.opsetImport.push({ domain: 'com.evil', version: 1 })),
    'an operator set of the future': changed((model) => (model.opsetImport[0]!.version = 99)),
    'too many nodes': changed(({ graph }) =>
      graph.node.push(...Array.from({ length: 5000 }, () => ({ opType: 'Relu', input: ['x'], output: ['y'], attribute: [] }))),
    ),
    'a tensor longer than its data': changed(({ graph }) => (graph.initializer[0]!.dims[0] = 49)),
    'a tensor shorter than its data': changed(({ graph }) => (graph.initializer[0]!.dims[0] = 47)),
    'a negative dimension': changed(({ graph }) => (graph.initializer[0]!.dims[0] = -48)),
    'a dimension beyond 2^40': changed(({ graph }) => (graph.initializer[0]!.dims[0] = 2 ** 41)),
    'data given twice': changed(({ graph }) => graph.initializer[0]!.floatData.push(1)),
    'data in a list of another type': changed(({ graph }) =>
      graph.initializer.push({ ...external, externalData: [], dataLocation: 0, int64Data: [1] }),
    ),
    'no nodes': changed(({ graph }) => (graph.node.length = 0)),
    'an empty file': new Uint8Array(0),
    'a ZIP file': Buffer.from('PK\u0003\u0004 a PyTorch checkpoint'),
  };
  test.each(Object.keys(places))('refuses %s', (name) => {
    expect(refusal(places[name]!).message).toMatch(
      /^This model cannot be used: .+\. Install it again, or choose another model\.$/,
    );
  });

  test.each(['Loop', 'Scan', 'If', 'ConstantOfShape', 'Expand', 'Tile', 'Range', 'RandomNormal', 'ConvTranspose', ''])(
    'refuses the operator "%s"',
    (opType) => {
      refusal(changed(({ graph }) => (graph.node[3]!.opType = opType)));
    },
  );

  test('refuses every cut of a model, and never answers with another error', () => {
    const bytes = modelBytes('int8.onnx');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: bytes.length - 1 }), (length) => {
        refusal(bytes.subarray(0, length));
      }),
      { numRuns: 200 },
    );
  });

  test('survives any damage: the model is refused or still is one', () => {
    const bytes = modelBytes('int8.onnx');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 8 }),
        (changes) => {
          const damaged = Uint8Array.from(bytes);
          for (const [at, value] of changes) damaged[at] = value;
          try {
            scanModel(damaged);
          } catch (error) {
            expect(error).toBeInstanceOf(EnlargerError);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('the collection of hostile models', () => {
  const directory = sharedData('corpus/hostile-models');
  if (directory === null) console.log('hostile models: no shared data, 0 files covered');
  test.skipIf(directory === null)('is refused, all but ok.onnx', () => {
    const names = readdirSync(directory ?? '').filter((name) => name.endsWith('.onnx'));
    const refused = names.filter((name) => name !== 'ok.onnx');
    for (const name of refused) refusal(readFileSync(join(directory ?? '', name)));
    expect(scanModel(readFileSync(join(directory ?? '', 'ok.onnx'))).graph?.node).toHaveLength(1);
    expect(refused.length).toBeGreaterThanOrEqual(34);
    console.log(`hostile models: ${String(names.length)} files covered`);
  });
});
