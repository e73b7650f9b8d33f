import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { scanModel } from '../../../core/engine/network/onnx-scan.ts';
import { networkTraits } from '../../../core/engine/network/onnx-traits.ts';
import { encodeModel } from '../../../models/compress/onnx-encode.ts';
import { calibrate } from '../../../models/export/calibrate.ts';
import { floatModel } from '../../../models/export/float-graph.ts';
import { halfModel } from '../../../models/export/half-graph.ts';
import { affineOf, int8Model, rangedValues } from '../../../models/export/int8-graph.ts';
import type { ValueRange } from '../../../models/export/int8-graph.ts';
import { comparePictures } from '../../../models/export/parity.ts';
import type { PlainNetwork } from '../../../models/export/plain-network.ts';
import { quantizedLayer } from '../../../models/export/quantized-layer.ts';
import { findRange } from '../../../models/export/range-search.ts';
import { openFile } from '../../../models/export/run-network.ts';
import { skipOf } from '../../../models/export/self-ensemble.ts';
import type { Planes } from '../../../models/export/run-network.ts';
import { integerPicture, referencePicture } from './reference.ts';
import { build, picture, pictureOf, smallNetworks } from './small-networks.ts';

const tails = ['integer', 'float'] as const;

async function measuredRanges(network: PlainNetwork, tail: (typeof tails)[number], x: Planes): Promise<Map<string, ValueRange>> {
  const histograms = await calibrate(network, [x]);
  return new Map([...rangedValues(network, tail).keys()].map((name) => [name, findRange(histograms.get(name)!, 'max')]));
}

/** How often onnxruntime runs each operator after its optimisations. */
async function optimisedOperators(bytes: Uint8Array): Promise<Map<string, number>> {
  const folder = mkdtempSync(join(tmpdir(), 'enlarger-graph-'));
  try {
    await (await openFile(bytes, join(folder, 'optimised.onnx'))).release();
    return operatorCounts(readFileSync(join(folder, 'optimised.onnx')));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Reads field 1.7.1.4 (operator) of an ONNX file by hand: what onnxruntime writes has fields that our strict reader refuses. */
function operatorCounts(bytes: Uint8Array): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [, graph] of fields(bytes, 7))
    for (const [, node] of fields(graph, 1))
      for (const [, operator] of fields(node, 4)) {
        const name = Buffer.from(operator).toString();
        counts.set(name, (counts.get(name) ?? 0) + 1);
      }
  return counts;
}

function* fields(bytes: Uint8Array, wanted: number): Generator<[number, Uint8Array]> {
  let position = 0;
  const varint = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes[position]!;
      position += 1;
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  while (position < bytes.length) {
    const tag = varint();
    const [number, wireType] = [Math.floor(tag / 8), tag % 8];
    if (wireType === 0) varint();
    else if (wireType === 5) position += 4;
    else if (wireType === 1) position += 8;
    else {
      const length = varint();
      if (number === wanted) yield [number, bytes.subarray(position, position + length)];
      position += length;
    }
  }
}

describe.each(smallNetworks)('a network of $name', (shape) => {
  const network = build(shape);
  const x = picture(18, 22);

  test('as fp32 gives what its definition says, at any size', async () => {
    for (const input of [x, picture(10, 8)]) {
      const { largest } = comparePictures(
        [await pictureOf(encodeModel(floatModel(network)), input)],
        [referencePicture(network, input)],
      );
      expect(largest).toBeLessThan(2e-5);
    }
  });

  test('with fp16 weights takes half the bytes and gives what those weights say', async () => {
    const halved = { ...network };
    const half = (part: PlainNetwork['head']): PlainNetwork['head'] => ({
      ...part,
      weight: part.weight.map((value) => toHalf(value)),
    });
    Object.assign(halved, { head: half(network.head), body: network.body.map(half), tail: half(network.tail) });
    Object.assign(halved, { skip: network.skip && half(skipOf(network)!) });
    const bytes = encodeModel(floatModel(network, 'fp16'));
    const { largest } = comparePictures([await pictureOf(bytes, x)], [referencePicture(halved, x)]);
    expect(largest).toBeLessThan(2e-5);
    expect(largest).toBeLessThan(comparePictures([await pictureOf(bytes, x)], [referencePicture(network, x)]).largest);
    const weights = scanModel(bytes).graph!.initializer.filter(({ dims }) => dims.length === 4);
    expect(weights.length).toBe(network.depth + 2 + network.ensemble);
    for (const { dataType } of weights) expect(dataType).toBe(10);
  });

  test('in 16-bit floats stays near the float network, and its picture outside the correction is exact', async () => {
    const bytes = encodeModel(halfModel(network));
    // Memory aside, where the 16-bit copy of the input counts too.
    const peakValuesPerPixel: unknown = expect.any(Number);
    expect(networkTraits(scanModel(bytes))).toEqual({ ...networkTraits(floatModel(network)), peakValuesPerPixel });
    const exact = await pictureOf(encodeModel(floatModel(network)), x);
    const { largest } = comparePictures([exact], [await pictureOf(bytes, x)]);
    expect(largest).toBeGreaterThan(0);
    expect(largest).toBeLessThan(5e-3);
    // Without a correction nothing is left that is computed in 16 bits.
    const { tail } = network;
    const still = { ...network, tail: { ...tail, weight: tail.weight.map(() => 0), bias: tail.bias!.map(() => 0) } };
    const wide = await pictureOf(encodeModel(floatModel(still, 'fp16')), x);
    expect(comparePictures([wide], [await pictureOf(encodeModel(halfModel(still)), x)]).largest).toBeLessThan(1e-6);
  });

  test.each(tails)(
    'as int8 with %s tail passes the scan, has 7-bit weights, and one integer convolution a layer',
    async (tail) => {
      const bytes = encodeModel(int8Model(network, { ranges: await measuredRanges(network, tail, x), tail }));
      const model = scanModel(bytes);
      const traits = networkTraits(model);
      expect(traits).toMatchObject({
        inputName: 'x',
        outputName: 'y',
        inputChannels: 4,
        outputChannels: 3,
        scale: network.scale,
      });
      expect(traits.tileMultiple).toBe(network.stride);
      expect(traits.receptiveFieldRadius).toBe(networkTraits(floatModel(network)).receptiveFieldRadius);
      const weights = model.graph!.initializer.filter(({ dataType, dims }) => dataType === 3 && dims.length === 4);
      const chains = network.ensemble;
      const tails = tail === 'integer' ? chains : 0;
      // A second chain's kernels are the first's; its tail is its own.
      expect(weights).toHaveLength(network.depth + 1 + tails);
      for (const { rawData } of weights) {
        const values = new Int8Array(Uint8Array.from(rawData!).buffer);
        expect(Math.max(...values.map(Math.abs))).toBe(63);
      }
      const operators = await optimisedOperators(bytes);
      expect(operators.get('QLinearConv')).toBe(chains * (network.depth + 1) + tails);
      // The picture's own layout, in and out; kernels were turned while the file was loaded.
      expect(operators.get('Transpose')).toBe(1 + chains);
      expect(operators.get('QLinearAdd') ?? 0).toBe(
        network.residual === 0 ? 0 : chains * Math.floor(network.depth / network.residual),
      );
      expect(operators.get('QuantizeLinear')).toBe(1);
      expect(operators.get('DequantizeLinear')).toBe(chains);
      expect(operators.get('Relu') ?? 0).toBe(0);
    },
  );

  test.each(tails)('as int8 with %s tail stays near the float network', async (tail) => {
    const exact = await pictureOf(encodeModel(floatModel(network)), x);
    const bytes = encodeModel(int8Model(network, { ranges: await measuredRanges(network, tail, x), tail }));
    const { largest, withinOneCode } = comparePictures([exact], [await pictureOf(bytes, x)]);
    const correction = comparePictures([exact], [referencePicture(withoutTail(network), x)]);
    // The tail of a random network moves most samples by many codes; int8 must follow it.
    expect(correction.withinOneCode).toBeLessThan(0.5);
    expect(largest).toBeLessThan(0.15 * correction.largest);
    expect(withinOneCode).toBeGreaterThan(correction.withinOneCode);
  });
});

describe.each(smallNetworks.filter(({ residual }) => residual === undefined))('a network of $name without sums', (shape) => {
  test('as int8 is the integer arithmetic that its file says', async () => {
    const network = build(shape);
    const x = picture(18, 22);
    const ranges = await measuredRanges(network, 'integer', x);
    const made = await pictureOf(encodeModel(int8Model(network, { ranges, tail: 'integer' })), x);
    const { largest } = comparePictures([made], [integerPicture(network, ranges, x)]);
    // Only the picture's own convolution is float, summed in another order.
    expect(largest).toBeLessThan(2e-6);
  });
});

describe('quantizing', () => {
  test('holds zero exactly, whatever the range', () => {
    for (const range of [
      [-1, 1],
      [-0.3, 2],
      [0, 7],
      [-5, 0],
      [0.5, 2],
      [-2, -1],
      [0, 0],
    ] as const) {
      const { scale, zeroPoint } = affineOf(range);
      expect(scale).toBeGreaterThan(0);
      expect(Number.isInteger(zeroPoint) && zeroPoint >= 0 && zeroPoint <= 255).toBe(true);
    }
    expect(affineOf([0, 7]).zeroPoint).toBe(0);
  });

  test('keeps the bias of channels whose weights are nothing beside it', () => {
    const bias = Float32Array.of(0.7, -3);
    const layer = quantizedLayer({ weight: Float32Array.of(0, 0, 1e-12, 2e-12), shape: [2, 2, 1, 1], bias }, bias, 0.01);
    layer.biases.forEach((steps, channel) => expect(steps * layer.biasScales[channel]!).toBeCloseTo(bias[channel]!, 5));
  });

  test('needs every range', () => {
    expect(() => int8Model(build(smallNetworks[0]), { ranges: new Map(), tail: 'integer' })).toThrow(/never measured/);
  });

  test('refuses weights beyond 16-bit floats', () => {
    const network = build(smallNetworks[0]);
    network.tail.weight[0] = 1e6;
    expect(() => floatModel(network, 'fp16')).toThrow(/too large/);
  });
});

function withoutTail(network: PlainNetwork): PlainNetwork {
  return {
    ...network,
    tail: { ...network.tail, weight: network.tail.weight.map(() => 0), bias: network.tail.bias!.map(() => 0) },
  };
}

/** Float16's 11 significant bits, by arithmetic of its own. */
function toHalf(value: number): number {
  if (value === 0) return 0;
  const step = 2 ** Math.max(Math.floor(Math.log2(Math.abs(value))) - 10, -24);
  const steps = value / step;
  const floor = Math.floor(steps);
  const rest = steps - floor;
  return (rest > 0.5 || (rest === 0.5 && floor % 2 !== 0) ? floor + 1 : floor) * step;
}
