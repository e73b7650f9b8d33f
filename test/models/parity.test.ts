/** The shipped files in onnxruntime against PyTorch, which computes the same network live. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { drawSample } from '../../core/engine/sample/draw-sample.ts';
import { encodeModel } from '../../models/compress/onnx-encode.ts';
import { floatModel } from '../../models/export/float-graph.ts';
import { comparePictures } from '../../models/export/parity.ts';
import { parseNetwork } from '../../models/export/plain-network.ts';
import { openFile, runFor } from '../../models/export/run-network.ts';
import type { Planes } from '../../models/export/run-network.ts';
import { readSafetensors, writeSafetensors } from '../../models/export/safetensors.ts';
import { shippedModels } from '../eval/eval-model.ts';
import { noise } from '../fixtures/pictures.ts';
import { trainingPython } from '../fixtures/python.ts';
import { storedIntegers } from './stored-integers.ts';

/** float32 sums in another order. */
const floatTolerance = 1e-4;
/** Weights stored in 16 bits are off by up to a two-thousandth each; all together stay below two 8-bit codes in the deepest network. */
const halfTolerance = 2 / 255;
const [width, height] = [72, 56];

const python = trainingPython();
const models = await shippedModels(null);
if (python === null) console.log('Parity: skipped, no Python with PyTorch, NumPy and Pillow was found.');

/** Photos and noise in planes, at several strengths. */
const pictures = ([0, 0.5, 1] as const).flatMap((strength) =>
  [drawSample(width, height), noise({ width, height, channels: 3, bitDepth: 8 }, 11)].map((rgb) => asPlanes(rgb, strength)),
);

function asPlanes(rgb: ArrayLike<number>, strength: number): Planes {
  const size = width * height;
  const values = new Float32Array(4 * size).fill(strength);
  for (let index = 0; index < 3 * size; index += 1)
    values[index] = (rgb[(index % size) * 3 + Math.floor(index / size)] ?? 0) / 255;
  return { values, count: 4, height, width };
}

async function run(bytes: Uint8Array): Promise<Planes[]> {
  const running = await openFile(bytes);
  try {
    const results: Planes[] = [];
    for (const x of pictures) {
      const y = await runFor(running, x, 'y');
      results.push({ ...y, values: Float32Array.from(y.values) });
    }
    return results;
  } finally {
    await running.release();
  }
}

describe.skipIf(python === null).each(models.map((model) => ({ id: model.card.id, model })))('$id', ({ id, model }) => {
  const networkPath = join(model.directory, 'network.safetensors');
  const network = parseNetwork(readSafetensors(readFileSync(networkPath)));
  const int8Bytes = readFileSync(join(model.directory, 'int8.onnx'));
  let exact: Planes[] = [];
  let simulated: Planes[] = [];

  const folder = mkdtempSync(join(tmpdir(), 'enlarger-parity-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  beforeAll(() => {
    const [integers, inputs, results] = ['integers', 'pictures', 'results'].map((name) => join(folder, `${name}.safetensors`));
    writeFileSync(integers!, writeSafetensors(storedIntegers(int8Bytes, network)));
    const data = Float32Array.from(pictures.flatMap(({ values }) => [...values]));
    const tensors = new Map([['x', { shape: [pictures.length, 4, height, width], data }]]);
    writeFileSync(inputs!, writeSafetensors({ tensors, metadata: {} }));
    const script = fileURLToPath(new URL('parity.py', import.meta.url));
    const { status, stderr } = spawnSync(python!, [script, networkPath, integers!, inputs!, results!], {
      encoding: 'utf8',
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
    });
    if (status !== 0) throw new Error(`PyTorch gave no pictures: ${stderr}`);
    const file = readSafetensors(readFileSync(results!));
    [exact, simulated] = ['float', 'int8'].map((name) => separate(file.tensors.get(name)!.data as Float32Array)) as [
      Planes[],
      Planes[],
    ];
  }, 300_000);

  function separate(data: Float32Array): Planes[] {
    const [rows, columns] = [height * model.card.scale, width * model.card.scale];
    const size = 3 * rows * columns;
    return pictures.map((_, index) => ({
      values: data.subarray(index * size, (index + 1) * size),
      count: 3,
      height: rows,
      width: columns,
    }));
  }

  test('gives as float network what PyTorch gives', async () => {
    const { largest } = comparePictures(await run(encodeModel(floatModel(network))), exact);
    console.log(`${id}, fp32: largest difference ${largest.toExponential(2)}`);
    expect(largest).toBeLessThan(floatTolerance);
  });

  test('gives in gpu.onnx what PyTorch gives, to within the rounding of its weights', async () => {
    const { largest, withinOneCode } = comparePictures(await run(readFileSync(join(model.directory, 'gpu.onnx'))), exact);
    console.log(`${id}, gpu.onnx: largest difference ${largest.toExponential(2)}`);
    expect(withinOneCode).toBeGreaterThanOrEqual(0.999);
    expect(largest).toBeLessThan(halfTolerance);
  });

  test('gives in int8.onnx what the same integers give in PyTorch', async () => {
    const results = await run(int8Bytes);
    const { largest, withinOneCode } = comparePictures(results, simulated);
    const toFloat = comparePictures(results, exact);
    console.log(
      `${id}, int8.onnx: ${percent(withinOneCode)} within one code of the same integers (largest difference ${largest.toExponential(2)}), ${percent(toFloat.withinOneCode)} within one code of fp32`,
    );
    expect(withinOneCode).toBeGreaterThanOrEqual(0.999);
  });
});

function percent(part: number): string {
  return `${(100 * part).toFixed(3)} %`;
}
