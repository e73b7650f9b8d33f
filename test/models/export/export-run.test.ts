import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadModel } from '../../../core/engine/network/loaded-model.ts';
import { chooseInt8, lossFrom } from '../../../models/export/choose-int8.ts';
import { exportRun } from '../../../models/export/export-run.ts';
import { comparePictures } from '../../../models/export/parity.ts';
import { networkFile } from '../../../models/export/plain-network.ts';
import type { PlainNetwork } from '../../../models/export/plain-network.ts';
import { randomNetwork } from '../../../models/export/random-network.ts';
import type { Planes } from '../../../models/export/run-network.ts';
import { writeSafetensors } from '../../../models/export/safetensors.ts';
import { referencePicture } from './reference.ts';
import { picture } from './small-networks.ts';

const metadata = {
  training: JSON.stringify({
    id: 'small-x1',
    torch: '2.0',
    minutes: 1.5,
    hardware: 'a processor',
    earlier: [],
    steps: 10,
    seed: 4,
    data: { photos: 3, megapixels: 1.5, sha256: 'ab'.repeat(32) },
  }),
  card: JSON.stringify({ id: 'small-x1', name: 'Small', task: 'clean', version: '1.2.3', summary: 'A small one', use: 'Tests.' }),
};

/** Near the identity, so that the program's own probe takes it for a picture. */
const network = ((): PlainNetwork => {
  const random = randomNetwork({ scale: 1, stride: 2, channels: 8, depth: 2 });
  return { ...random, tail: { ...random.tail, weight: random.tail.weight.map((value) => value / 4) } };
})();

function stacked(pictures: readonly Planes[]): { shape: number[]; data: Float32Array } {
  const { count, height, width } = pictures[0]!;
  return {
    shape: [pictures.length, count, height, width],
    data: Float32Array.from(pictures.flatMap(({ values }) => [...values])),
  };
}

let folder = '';
const inputs = [1, 2, 3].map((seed) => picture(24, 24, seed));
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'enlarger-export-'));
  writeRun(
    inputs.map((x) => referencePicture(network, x)),
    metadata,
  );
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function writeRun(outputs: readonly Planes[], texts: Record<string, string>): void {
  writeFileSync(join(folder, 'network.safetensors'), writeSafetensors(networkFile(network, texts)));
  const target = stacked(inputs.map((x) => ({ ...x, count: 3, values: x.values.slice(0, 3 * 24 * 24) })));
  const tensors = new Map(Object.entries({ input: stacked(inputs), target, output: stacked(outputs) }));
  writeFileSync(join(folder, 'calibration.safetensors'), writeSafetensors({ tensors, metadata: {} }));
}

describe('exporting a run', () => {
  test('makes a model that the program loads, the same one from its own copy of the weights', async () => {
    const lines: string[] = [];
    const to = join(folder, 'model');
    const card = await exportRun({ runFolder: folder, modelFolder: () => to, print: (line) => lines.push(line) });
    expect(readdirSync(to).sort()).toEqual(['card.json', 'gpu-half.onnx', 'gpu.onnx', 'int8.onnx', 'network.safetensors']);
    expect(card).toMatchObject({ id: 'small-x1', version: '1.2.3', scale: 1, metrics: [], tile: { multiple: 2 } });
    expect(card.input.extraPlanes).toEqual(['strength']);
    for (const { file } of card.variants) {
      const loaded = await loadModel({ directory: to, file });
      expect(loaded.card).toEqual(card);
      const x = inputs[0]!;
      const y = { values: Float32Array.from(await loaded.network.run(x.values, 24, 24)), count: 3, height: 24, width: 24 };
      await loaded.network.release();
      expect(comparePictures([y], [referencePicture(network, x)]).withinOneCode).toBeGreaterThan(0.97);
    }
    expect(lines.filter((line) => line.startsWith('int8 '))).toHaveLength(6);
    const before = readFileSync(join(to, 'int8.onnx'));
    writeFileSync(join(folder, 'network.safetensors'), readFileSync(join(to, 'network.safetensors')));
    const again = await exportRun({ runFolder: folder, modelFolder: () => to, print: () => undefined });
    expect(again).toEqual(card);
    expect(Buffer.compare(readFileSync(join(to, 'int8.onnx')), before)).toBe(0);
  });

  test('writes nothing when the file gives other pictures than training did, or something is missing', async () => {
    const refused = async (code: string): Promise<void> => {
      const attempt = exportRun({ runFolder: folder, modelFolder: () => join(folder, 'refused'), print: () => undefined });
      await expect(attempt).rejects.toMatchObject({ name: 'EnlargerError', code });
      expect(readdirSync(folder)).not.toContain('refused');
    };
    writeRun(
      inputs.map((x) => ({ ...referencePicture(network, x), values: x.values.slice(0, 3 * 24 * 24) })),
      metadata,
    );
    await refused('model-invalid');
    writeRun(
      inputs.map((x) => referencePicture(network, x)),
      { ...metadata, card: '{}' },
    );
    await refused('model-invalid');
    rmSync(join(folder, 'calibration.safetensors'));
    writeFileSync(join(folder, 'network.safetensors'), writeSafetensors(networkFile(network, metadata)));
    await refused('not-found');
  });
});

test('what 8 bits add to the errors of a crop does not depend on how large the others’ are', () => {
  const flat = (value: number): Planes => ({ values: new Float32Array(12).fill(value), count: 3, height: 2, width: 2 });
  const crops = [{ target: flat(0.5) }, { target: flat(0.5) }];
  // Equal squares added to a small error and to a large one: 3.01 dB of the one, 0.04 dB of the other.
  expect(lossFrom([flat(0.51), flat(0.6)], [flat(0.52), flat(0.61)], crops)).toBeCloseTo(
    (10 * Math.log10(2) + 10 * Math.log10(1.01)) / 2,
    4,
  );
  expect(lossFrom([flat(0.51)], [flat(0.51)], crops.slice(1))).toBe(0);
});

test('the file that adds least to the errors is chosen, with a float tail only when it brings enough', () => {
  const candidate = (tail: 'integer' | 'float', psnrDb: number, flatError: number, lossDb = 1 - psnrDb / 100, flatCodes = 1) => ({
    tail,
    psnrDb,
    flatError,
    flatCodes,
    lossDb,
  });
  const base = [candidate('integer', 30, 0.4), candidate('integer', 29.9, 0.1)];
  expect(chooseInt8([...base, candidate('float', 30.01, 0.3)])).toBe(base[0]);
  expect(chooseInt8([...base, candidate('float', 30.03, 0.5)]).tail).toBe('float');
  expect(chooseInt8([...base, candidate('float', 29.95, 0.2)]).tail).toBe('float');
  expect(chooseInt8([candidate('integer', 30, 0.2), candidate('float', 30, 0.05)]).tail).toBe('integer');
  expect(chooseInt8([candidate('integer', 31, 0.1, 0.04), candidate('integer', 30, 0.1, 0.02)]).lossDb).toBe(0.02);
  // A flat area that changes its colour is worse than a little less likeness.
  expect(chooseInt8([candidate('integer', 31, 0.1, 0.02, 2), candidate('integer', 31, 0.1, 0.03)]).lossDb).toBe(0.03);
  expect(chooseInt8([candidate('integer', 31, 0.1, 0.02, 2), candidate('integer', 31, 0.1, 0.03, 3)]).lossDb).toBe(0.02);
  expect(() => chooseInt8([])).toThrow();
});
