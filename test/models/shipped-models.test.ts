/** What every model in `models/` keeps, whatever its weights are. */
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { scanModel } from '../../core/engine/network/onnx-scan.ts';
import { elementType } from '../../core/engine/network/onnx-tensor.ts';
import { networkTraits } from '../../core/engine/network/onnx-traits.ts';
import { drawSample } from '../../core/engine/sample/draw-sample.ts';
import { encodeModel } from '../../models/compress/onnx-encode.ts';
import { reducedRange } from '../../models/compress/quantize-channel.ts';
import { floatModel } from '../../models/export/float-graph.ts';
import { halfModel } from '../../models/export/half-graph.ts';
import { parseNetwork } from '../../models/export/plain-network.ts';
import { readSafetensors } from '../../models/export/safetensors.ts';
import { enlarge, openModel, shippedModels } from '../eval/eval-model.ts';
import { noise, randomStream } from '../fixtures/pictures.ts';

const models = await shippedModels(null);
const files = ['int8.onnx', 'gpu.onnx', 'gpu-half.onnx'] as const;
/** Far more than any network here needs, and little enough for a repository. */
const maxFileBytes = 4_000_000;
/** What rounding to 8 bits inside may cost against the float file: above what an eye sees, far below what a wrong scale does. */
const leastPsnrDb = 42;

test('there are models', () => {
  expect(models.length).toBeGreaterThan(0);
});

describe.each(models.map((model) => ({ id: model.card.id, model })))('$id', ({ model }) => {
  const { card, directory } = model;
  const read = (file: string): Buffer => readFileSync(join(directory, file));
  const network = parseNetwork(readSafetensors(read('network.safetensors')));
  const planes = card.input.channels + card.input.extraPlanes.length;

  test('has a card that matches its files', () => {
    expect(card.variants.map(({ file }) => file)).toEqual([...files]);
    for (const { file, bytes, sha256 } of card.variants) {
      const content = read(file);
      expect(content).toHaveLength(bytes);
      expect(createHash('sha256').update(content).digest('hex')).toBe(sha256);
      expect(networkTraits(scanModel(content))).toMatchObject({
        inputName: card.input.name,
        outputName: card.output.name,
        inputChannels: planes,
        outputChannels: 3,
        scale: card.scale,
        receptiveFieldRadius: card.receptiveFieldRadius,
        tileMultiple: card.tile.multiple,
      });
    }
  });

  test('names the photos, the time, the machine and the recipe it was trained with', () => {
    const listing = readFileSync(join(directory, '..', 'train', 'photos.sha256'));
    const { photosSha256, minutes, hardware, recipe, steps } = card.training;
    expect(photosSha256).toBe(createHash('sha256').update(listing).digest('hex'));
    expect(minutes).toBeGreaterThan(0);
    expect(hardware).toBeTruthy();
    expect(recipe).toMatchObject({ id: card.id, training: { steps } });
  });

  test('carries what was measured of its files', () => {
    expect(card.metrics.some(({ precision }) => precision === 'int8')).toBe(true);
  });

  test('holds only files that a repository can carry, all of them needed', () => {
    expect(readdirSync(directory).sort()).toEqual(['card.json', 'gpu-half.onnx', 'gpu.onnx', 'int8.onnx', 'network.safetensors']);
    for (const file of readdirSync(directory)) expect(statSync(join(directory, file)).size).toBeLessThan(maxFileBytes);
  });

  test('has weights of 7 bits at most that use their range, so that no processor saturates', () => {
    const isWeight = (tensor: { dataType?: number; dims: readonly number[] }): boolean =>
      tensor.dataType === elementType.int8 && tensor.dims.length === 4;
    const weights = scanModel(read('int8.onnx')).graph?.initializer.filter(isWeight) ?? [];
    // The kernels of a second chain are the first's; its tail is its own. Tails may be kept in float.
    const body = network.depth + 1;
    expect([body + network.ensemble, body]).toContain(weights.length);
    for (const { rawData } of weights) {
      const values = new Int8Array(Uint8Array.from(rawData ?? []).buffer);
      const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      expect(largest).toBeLessThanOrEqual(reducedRange);
      expect(largest).toBeGreaterThan(50);
    }
  });

  test('has the GPU files that its trained weights give, byte for byte', () => {
    expect(Buffer.compare(encodeModel(floatModel(network, 'fp16')), read('gpu.onnx'))).toBe(0);
    expect(Buffer.compare(encodeModel(halfModel(network)), read('gpu-half.onnx'))).toBe(0);
  });

  test.each(files)('sees exactly as far as its card says (%s)', async (file) => {
    const farthest = await reach(file);
    expect(farthest).toBeLessThanOrEqual(card.receptiveFieldRadius);
    // On the longest ways through an int8 network a change becomes less than half a step and is rounded away.
    if (file === 'gpu.onnx') expect(farthest).toBe(card.receptiveFieldRadius);
    else expect(farthest).toBeGreaterThan(card.receptiveFieldRadius / 2);
  });

  test('leaves a grey picture in three channels exactly grey', async () => {
    const [width, height] = [50, 38];
    const grey = noise({ width, height, channels: 1, bitDepth: 8 }, 3);
    const rgb = Uint8Array.from({ length: grey.length * 3 }, (_, index) => grey[Math.floor(index / 3)]!);
    for (const strength of card.input.extraPlanes.length > 0 ? [0, 0.7] : [0]) {
      const result = await enlarged('int8.onnx', rgb, width, height, strength);
      expect(result).toHaveLength(rgb.length * card.scale ** 2);
      for (let index = 0; index < result.length; index += 3)
        if (result[index] !== result[index + 1] || result[index] !== result[index + 2]) expect.fail(`colour at ${index}`);
    }
  });

  test('gives nearly the same picture in 8-bit integers as in float', async () => {
    const [width, height] = [160, 120];
    const rgb = drawSample(width, height);
    for (const strength of card.input.extraPlanes.length > 0 ? [0, 0.5, 1] : [0]) {
      const int8 = await enlarged('int8.onnx', rgb, width, height, strength);
      const gpu = await enlarged('gpu.onnx', rgb, width, height, strength);
      const squares = int8.reduce((sum, value, index) => sum + (value - gpu[index]!) ** 2, 0);
      const psnrDb = 10 * Math.log10(255 ** 2 / (squares / int8.length));
      console.log(`${card.id}, strength ${strength}: int8 against float ${psnrDb.toFixed(2)} dB`);
      expect(psnrDb).toBeGreaterThan(leastPsnrDb);
    }
  });

  async function enlarged(file: string, rgb: Uint8Array, width: number, height: number, strength: number): Promise<Uint8Array> {
    const opened = await openModel(model, file);
    try {
      return await enlarge(opened, { rgb, width, height }, strength);
    } finally {
      await opened.network.release();
    }
  }

  /** Largest distance, in input pixels along an axis, at which one changed input pixel changes the output. */
  async function reach(file: string): Promise<number> {
    const { network: running } = await openModel(model, file);
    const { scale, receptiveFieldRadius, tile } = card;
    const side = Math.ceil((2 * receptiveFieldRadius + 8) / tile.multiple) * tile.multiple;
    const middle = Math.floor(side / 2 / tile.multiple) * tile.multiple;
    const random = randomStream(5);
    let farthest = 0;
    for (let time = 0; time < 12; time += 1) {
      // Behind a stride, a pixel's reach depends on its place in the block.
      const [cx, cy] = [middle + (time % tile.multiple), middle + (Math.floor(time / tile.multiple) % tile.multiple)];
      const picture = Float32Array.from({ length: planes * side * side }, random);
      const before = Float32Array.from(await running.run(picture, side, side));
      // Far out of range, so that the change survives the many small weights on its way.
      for (let colour = 0; colour < 3; colour += 1) picture[(colour * side + cy) * side + cx] = time % 8 < 4 ? 1000 : -1000;
      const after = await running.run(picture, side, side);
      for (let index = 0; index < after.length; index += 1) {
        if (after[index] === before[index]) continue;
        const x = Math.floor((index % (scale * side)) / scale);
        const y = Math.floor((Math.floor(index / (scale * side)) % (scale * side)) / scale);
        farthest = Math.max(farthest, Math.abs(y - cy), Math.abs(x - cx));
      }
    }
    await running.release();
    return farthest;
  }
});
