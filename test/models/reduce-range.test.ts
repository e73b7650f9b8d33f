import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeModel } from '../../core/engine/network/onnx-proto.ts';
import { encodeModel } from '../../models/compress/onnx-encode.ts';
import { quantizeChannel } from '../../models/compress/quantize-channel.ts';
import { reduceRange } from '../../models/compress/reduce-range.ts';
import { modelBytes } from '../fixtures/installed-model.ts';
import { sharedData } from '../fixtures/shared-data.ts';

describe('writing a model', () => {
  test.each(['int8.onnx', 'fp32.onnx'] as const)('gives the bytes of %s back', (file) => {
    const bytes = modelBytes(file);
    expect(Buffer.compare(encodeModel(decodeModel(bytes)), bytes)).toBe(0);
  });

  test('keeps negative and large whole numbers', () => {
    const model = decodeModel(modelBytes('fp32.onnx'));
    for (const value of [0, 1, -1, 127, 128, -(2 ** 31), 2 ** 35 + 1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]) {
      model.irVersion = value;
      expect(decodeModel(encodeModel(model)).irVersion).toBe(value);
    }
  });
});

describe('quantizing a channel', () => {
  const channel = fc.float32Array({ minLength: 1, maxLength: 64, noNaN: true, noDefaultInfinity: true, min: -4, max: 4 });
  test('stays in range and errs less than the plain scale does', () => {
    fc.assert(
      fc.property(channel, (weights) => {
        const { scale, integers } = quantizeChannel(weights, 63);
        expect(Math.max(...integers.map(Math.abs))).toBeLessThanOrEqual(63);
        const error = (step: number, values: (weight: number, index: number) => number): number =>
          weights.reduce((sum, weight, index) => sum + (weight - values(weight, index) * step) ** 2, 0);
        const plain = Math.fround(Math.max(...weights.map(Math.abs)) / 63);
        if (plain < 1e-30) return;
        expect(error(scale, (_, index) => integers[index]!)).toBeLessThanOrEqual(
          error(plain, (weight) => Math.max(-63, Math.min(63, Math.round(weight / plain)))) * (1 + 1e-9),
        );
      }),
    );
  });
});

describe('reducing the range', () => {
  test('leaves a reduced network as it is, and refuses two networks that differ', () => {
    const [fp32, int8] = [modelBytes('fp32.onnx'), modelBytes('int8.onnx')];
    const again = reduceRange(fp32, int8);
    expect(Buffer.compare(again.bytes, int8)).toBe(0);
    expect(again.report).toEqual({ convolutions: 8, before: 63, after: 63 });
    const other = decodeModel(Uint8Array.from(fp32));
    other.graph!.initializer[2]!.rawData!.reverse();
    expect(() => reduceRange(encodeModel(other), int8)).toThrow(/other weights/);
    expect(() => reduceRange(fp32, fp32)).toThrow(/no quantized convolution/);
  });

  const pilot = sharedData('models/pilot-x2');
  if (pilot === null) console.log('reduce-range: no shared data, 0 files covered');
  test.skipIf(pilot === null)('makes the shipped file from the full 8-bit one', () => {
    const [fp32, int8] = ['fp32.onnx', 'int8.onnx'].map((file) => readFileSync(join(pilot ?? '', file))) as [Buffer, Buffer];
    const { bytes, report } = reduceRange(fp32, int8);
    expect(report).toEqual({ convolutions: 8, before: 127, after: 63 });
    expect(Buffer.compare(bytes, modelBytes('int8.onnx'))).toBe(0);
    console.log('reduce-range: 2 files covered');
  });
});
