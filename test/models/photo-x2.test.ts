import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { loadCard } from '../../core/engine/network/model-file.ts';
import { scanModel } from '../../core/engine/network/onnx-scan.ts';
import { networkTraits } from '../../core/engine/network/onnx-traits.ts';
import { installedModel, modelBytes, modelDirectory } from '../fixtures/installed-model.ts';
import { randomStream } from '../fixtures/pictures.ts';

const files = ['int8.onnx', 'fp32.onnx'] as const;

describe('photo-x2', () => {
  test('has a card that matches its files', async () => {
    const card = await loadCard(modelDirectory);
    expect(card.variants.map(({ file }) => file)).toEqual([...files]);
    for (const variant of card.variants) {
      const bytes = modelBytes(variant.file as (typeof files)[number]);
      expect(bytes).toHaveLength(variant.bytes);
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(variant.sha256);
      expect(networkTraits(scanModel(bytes)).receptiveFieldRadius).toBe(card.receptiveFieldRadius);
    }
  });

  test('has weights of 7 bits at most, so that no processor saturates', () => {
    const weights =
      scanModel(modelBytes('int8.onnx')).graph?.initializer.filter(({ dataType, dims }) => dataType === 3 && dims.length === 4) ??
      [];
    expect(weights).toHaveLength(8);
    for (const { rawData } of weights) {
      const values = new Int8Array(Uint8Array.from(rawData ?? []).buffer);
      expect(values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)).toBeLessThanOrEqual(63);
      expect(values.some((value) => Math.abs(value) > 50)).toBe(true);
    }
  });

  test.each(files)('sees exactly as far as its card says (%s)', async (file) => {
    const { card, network } = await installedModel(file);
    const side = 2 * card.receptiveFieldRadius + 7;
    const centre = (side - 1) / 2;
    const random = randomStream(5);
    let farthest = 0;
    for (let time = 0; time < 12; time += 1) {
      const planes = Float32Array.from({ length: 3 * side * side }, random);
      const before = Float32Array.from(await network.run(planes, side, side));
      // Far out of range, so that the change survives quantization on its way.
      for (let channel = 0; channel < 3; channel += 1)
        planes[channel * side * side + centre * side + centre] = time % 2 === 0 ? 5 : -5;
      const after = await network.run(planes, side, side);
      after.forEach((value, index) => {
        if (value === before[index]) return;
        const pixel = index % (4 * side * side);
        const y = Math.floor(Math.floor(pixel / (2 * side)) / 2);
        const x = Math.floor((pixel % (2 * side)) / 2);
        farthest = Math.max(farthest, Math.abs(y - centre), Math.abs(x - centre));
      });
    }
    await network.release();
    expect(farthest).toBe(card.receptiveFieldRadius);
  });
});
