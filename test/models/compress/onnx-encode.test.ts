import { describe, expect, test } from 'vitest';
import { decodeModel } from '../../../core/engine/network/onnx-proto.ts';
import { encodeModel } from '../../../models/compress/onnx-encode.ts';
import { modelBytes } from '../../fixtures/installed-model.ts';

describe('writing a model', () => {
  test.each(['int8.onnx', 'gpu.onnx'] as const)('gives the bytes of %s back', (file) => {
    const bytes = modelBytes(file);
    expect(Buffer.compare(encodeModel(decodeModel(bytes)), bytes)).toBe(0);
  });

  test('keeps negative and large whole numbers', () => {
    const model = decodeModel(modelBytes('gpu.onnx'));
    for (const value of [0, 1, -1, 127, 128, -(2 ** 31), 2 ** 35 + 1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]) {
      model.irVersion = value;
      expect(decodeModel(encodeModel(model)).irVersion).toBe(value);
    }
  });
});
