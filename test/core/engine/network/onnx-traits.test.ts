import { describe, expect, test } from 'vitest';
import { networkTraits } from '../../../../core/engine/network/onnx-traits.ts';
import { OnnxError } from '../../../../core/engine/network/protobuf-wire.ts';
import type { OnnxAttribute, OnnxModel, OnnxNode, OnnxTensor } from '../../../../core/engine/network/onnx-proto.ts';

const empty = { floatData: [], int32Data: [], stringData: [], int64Data: [], doubleData: [], uint64Data: [], externalData: [] };
const weights = (name: string, ...dims: number[]): OnnxTensor => ({ ...empty, name, dims, dataType: 1 });
const sizes = (name: string, ...values: number[]): OnnxTensor => ({
  ...empty,
  name,
  dims: [values.length],
  dataType: 7,
  int64Data: values,
});
const factors = (name: string, ...values: number[]): OnnxTensor => ({
  ...empty,
  name,
  dims: [values.length],
  dataType: 1,
  floatData: values,
});

function node(
  opType: string,
  input: string[],
  output: string,
  attributes: Record<string, number | number[] | string> = {},
): OnnxNode {
  const attribute = Object.entries(attributes).map(([name, value]): OnnxAttribute => {
    const base = { name, floats: [], ints: [], strings: [], tensors: [], graphs: [], sparseTensors: [] };
    if (typeof value === 'string') return { ...base, s: Buffer.from(value) };
    return typeof value === 'number' ? { ...base, i: value } : { ...base, ints: value };
  });
  return { opType, input, output: [output], attribute };
}

function model(nodes: OnnxNode[], initializer: OnnxTensor[], channels = 3): OnnxModel {
  const picture = (name: string): { name: string; type: object } => ({
    name,
    type: {
      tensorType: {
        elemType: 1,
        shape: { dim: [{ dimValue: 1 }, { dimValue: channels }, { dimParam: 'h' }, { dimParam: 'w' }] },
      },
    },
  });
  return {
    opsetImport: [{ version: 13 }],
    graph: { node: nodes, initializer, sparseInitializer: [], valueInfo: [], input: [picture('x')], output: [picture('y')] },
  };
}

const same = (side: number): Record<string, number[]> => ({ pads: [side, side, side, side] });

describe('the radius read from a graph', () => {
  test.each([
    { name: 'one 3×3', nodes: [node('Conv', ['x', 'w3'], 'y', same(1))], radius: 1 },
    { name: 'one 1×1', nodes: [node('Conv', ['x', 'w1'], 'y')], radius: 0 },
    { name: 'a dilated 3×3', nodes: [node('Conv', ['x', 'w3'], 'y', { ...same(2), dilations: [2, 2] })], radius: 2 },
    {
      name: 'a 5×5 behind its own Pad',
      nodes: [node('Pad', ['x', 'pads'], 'p', { mode: 'edge' }), node('Conv', ['p', 'w5'], 'y')],
      radius: 2,
    },
    {
      name: 'two in a row',
      nodes: [node('Conv', ['x', 'w3'], 'a', same(1)), node('Conv', ['a', 'w5'], 'y', same(2))],
      radius: 3,
    },
    {
      name: 'two side by side',
      nodes: [node('Conv', ['x', 'w3'], 'a', same(1)), node('Conv', ['x', 'w5'], 'b', same(2)), node('Add', ['a', 'b'], 'y')],
      radius: 2,
    },
    {
      name: 'a kernel that is turned on its side',
      nodes: [node('Transpose', ['w3'], 'turned', { perm: [0, 1, 3, 2] }), node('Conv', ['x', 'turned'], 'y', same(1))],
      radius: 1,
    },
    { name: 'one that looks to one side only', nodes: [node('Conv', ['x', 'w3'], 'y', { pads: [2, 2, 0, 0] })], radius: 2 },
    {
      name: 'a 4×4 in steps of two, put together again',
      nodes: [
        node('Conv', ['x', 'half'], 'a', { ...same(1), strides: [2, 2] }),
        node('DepthToSpace', ['a'], 'y', { blocksize: 2 }),
      ],
      // A pixel of the second phase sees two to its left, one of the first two to its right.
      radius: 2,
    },
    {
      name: 'a 3×3 at half size',
      nodes: [
        node('Conv', ['x', 'half'], 'a', { ...same(1), strides: [2, 2] }),
        node('Conv', ['a', 'w12'], 'b', same(1)),
        node('DepthToSpace', ['b'], 'y', { blocksize: 2 }),
      ],
      radius: 4,
    },
    {
      name: 'a 3×3 after enlarging',
      nodes: [node('Resize', ['x', '', 'twice'], 'a', { mode: 'nearest' }), node('Conv', ['a', 'w3'], 'y', same(1))],
      radius: 1,
      scale: 2,
    },
    {
      name: 'two 3×3 after enlarging',
      nodes: [
        node('Resize', ['x', '', 'twice'], 'a'),
        node('Conv', ['a', 'w3'], 'b', same(1)),
        node('Conv', ['b', 'w3'], 'y', same(1)),
      ],
      radius: 1,
      scale: 2,
    },
    {
      name: 'three 3×3 after enlarging',
      nodes: [
        node('Resize', ['x', '', 'twice'], 'a'),
        ...['b', 'c', 'y'].map((out, index) => node('Conv', [['a', 'b', 'c'][index]!, 'w3'], out, same(1))),
      ],
      radius: 2,
      scale: 2,
    },
  ])('of $name is $radius', ({ nodes, radius, scale }) => {
    const traits = networkTraits(
      model(nodes, [
        weights('w1', 3, 3, 1, 1),
        weights('w3', 3, 3, 3, 3),
        weights('w5', 3, 3, 5, 5),
        weights('w12', 12, 12, 3, 3),
        weights('half', 12, 3, 4, 4),
        sizes('pads', 0, 0, 2, 2, 0, 0, 2, 2),
        factors('twice', 1, 1, 2, 2),
      ]),
    );
    expect(traits).toMatchObject({ receptiveFieldRadius: radius, scale: scale ?? 1, inputChannels: 3, outputChannels: 3 });
  });
});

describe('channels and memory', () => {
  test('are followed through joining and depth-to-space', () => {
    const nodes = [
      node('Conv', ['x', 'w'], 'a', same(1)),
      node('Concat', ['a', 'x'], 'b', { axis: 1 }),
      node('DepthToSpace', ['b'], 'y', { blocksize: 2 }),
    ];
    expect(networkTraits(model(nodes, [weights('w', 9, 3, 3, 3)]))).toMatchObject({
      outputChannels: 3,
      scale: 2,
      peakValuesPerPixel: 12,
    });
  });

  const cut = (from: number, to: number, axis: number, ...step: number[]): [OnnxNode[], OnnxTensor[]] => [
    [node('Slice', ['x', 'from', 'to', 'axis', ...(step.length > 0 ? ['step'] : [])], 'y')],
    [sizes('from', from), sizes('to', to), sizes('axis', axis), sizes('step', ...step)],
  ];

  test('are followed through a cut', () => {
    expect(networkTraits(model(...cut(1, 3, 1)))).toMatchObject({ outputChannels: 2, scale: 1, receptiveFieldRadius: 0 });
    expect(networkTraits(model(...cut(0, 3, 1, 1)))).toMatchObject({ outputChannels: 3 });
  });

  const refused: Record<string, [OnnxNode[], OnnxTensor[]]> = {
    'a cut through rows': cut(0, 2, 2),
    'a cut that leaves channels out': cut(0, 3, 1, 2),
    'a cut beyond the channels': cut(0, 4, 1),
    'a cut from behind': cut(-2, 3, 1),
    'a cut that leaves nothing': cut(2, 2, 1),
    'a cut that is not constant': [[node('Slice', ['x', 'x', 'x', 'x'], 'y')], []],
    'a picture that doubles itself forever': [
      Array.from({ length: 40 }, (_, index) =>
        node(
          'Concat',
          [index === 0 ? 'x' : `v${String(index)}`, index === 0 ? 'x' : `v${String(index)}`],
          `v${String(index + 1)}`,
          { axis: 1 },
        ),
      ),
      [],
    ],
    'an enormous enlargement': [[node('Resize', ['x', '', 's'], 'y')], [factors('s', 1, 1, 4096, 4096)]],
    'an enormous border': [[node('Pad', ['x', 'p'], 'y')], [sizes('p', 0, 0, 1e9, 0, 0, 0, 1e9, 0)]],
    'a smooth enlargement': [[node('Resize', ['x', '', 's'], 'y', { mode: 'linear' })], [factors('s', 1, 1, 2, 2)]],
    'a stride of three': [[node('Conv', ['x', 'w'], 'y', { ...same(1), strides: [3, 3] })], [weights('w', 3, 3, 3, 3)]],
    'a stride along one axis': [[node('Conv', ['x', 'w'], 'y', { ...same(1), strides: [2, 1] })], [weights('w', 3, 3, 3, 3)]],
    'a stride that is dilated': [
      [node('Conv', ['x', 'w'], 'y', { ...same(1), strides: [2, 2], dilations: [2, 2] })],
      [weights('w', 3, 3, 3, 3)],
    ],
    'a dilation of nothing': [[node('Conv', ['x', 'w'], 'y', { dilations: [0, 0] })], [weights('w', 3, 3, 3, 3)]],
    'strides without end': [
      Array.from({ length: 9 }, (_, index) =>
        node('Conv', [index === 0 ? 'x' : `v${String(index)}`, 'w'], index === 8 ? 'y' : `v${String(index + 1)}`, {
          ...same(1),
          strides: [2, 2],
        }),
      ),
      [weights('w', 3, 3, 3, 3)],
    ],
    'a convolution that eats the border': [[node('Conv', ['x', 'w'], 'y')], [weights('w', 3, 3, 3, 3)]],
    'halves beside wholes': [
      [node('Conv', ['x', 'w'], 'a', { ...same(1), strides: [2, 2] }), node('Concat', ['a', 'x'], 'y', { axis: 1 })],
      [weights('w', 3, 3, 4, 4)],
    ],
    'a row more beside a row less': [
      [node('Conv', ['x', 'w'], 'a', { pads: [1, 1, 2, 1] }), node('Add', ['a', 'x'], 'y')],
      [weights('w', 3, 3, 3, 3)],
    ],
    'a picture on its side': [[node('Transpose', ['x'], 'y', { perm: [0, 1, 3, 2] })], []],
    'a kernel whose inputs became outputs': [
      [node('Transpose', ['w'], 'a', { perm: [1, 0, 2, 3] }), node('Conv', ['x', 'a'], 'y', same(1))],
      [weights('w', 3, 3, 3, 3)],
    ],
    'weights that depend on the picture': [[node('Conv', ['x', 'x'], 'y')], []],
    'an output from nowhere': [[node('Relu', ['x'], 'z')], []],
    'sizes that do not match': [[node('Resize', ['x', '', 's'], 'a'), node('Add', ['a', 'x'], 'y')], [factors('s', 1, 1, 2, 2)]],
  };
  test.each(Object.keys(refused))('refuse %s', (name) => {
    const [nodes, initializers] = refused[name]!;
    expect(() => networkTraits(model(nodes, initializers))).toThrow(OnnxError);
  });
});
