/** From a training's folder to a model's. */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { loadCard } from '../../core/engine/network/model-file.ts';
import { scanModel } from '../../core/engine/network/onnx-scan.ts';
import { networkTraits } from '../../core/engine/network/onnx-traits.ts';
import { EnlargerError } from '../../core/photo/failure.ts';
import { modelCardSchema } from '../../core/photo/model-card.ts';
import type { ModelCard } from '../../core/photo/model-card.ts';
import { encodeModel } from '../compress/onnx-encode.ts';
import { parseCrops } from './calibration-crops.ts';
import { chooseInt8, tryInt8 } from './choose-int8.ts';
import type { Int8Candidate } from './choose-int8.ts';
import { floatModel } from './float-graph.ts';
import { halfModel } from './half-graph.ts';
import { judge } from './judge.ts';
import type { Judgement } from './judge.ts';
import { comparePictures } from './parity.ts';
import { parseNetwork } from './plain-network.ts';
import { readSafetensors } from './safetensors.ts';
import { parseTrainingFacts } from './training-facts.ts';
import { cardText, makeCard, variantOf } from './write-card.ts';

export interface ExportOptions {
  /** Holds `network.safetensors` and `calibration.safetensors`. */
  readonly runFolder: string;
  /** The model's folder, made when it is not there, from its id. */
  readonly modelFolder: (id: string) => string;
  /** The model's id; otherwise the one that training names. */
  readonly id?: string | undefined;
  /** The training still runs: its pictures are of earlier weights, so they are not compared. */
  readonly unfinished?: boolean | undefined;
  /** A line of the report. */
  readonly print: (line: string) => void;
}

/** Largest difference between training's picture and that of the float file: float32 sums in another order. */
const parityTolerance = 1e-4;

/**
 * Writes `int8.onnx`, `gpu.onnx`, `gpu-half.onnx`, `card.json` and a copy of `network.safetensors` into the model's folder, each by way of a temporary
 * file, the card last; and `fp32.onnx`, which does not ship, into the run's. Nothing is written unless the float file gives training's pictures. Throws EnlargerError `model-invalid`, `damaged`
 * or `not-found`.
 */
export async function exportRun(options: ExportOptions): Promise<ModelCard> {
  const { runFolder, print } = options;
  const trained = await readRunFile(runFolder, 'network.safetensors');
  const weights = readSafetensors(trained);
  const network = parseNetwork(weights);
  const facts = parseTrainingFacts(weights.metadata);
  const id = modelCardSchema.shape.id.parse(options.id ?? facts.card.id);
  const modelFolder = options.modelFolder(id);
  const crops = parseCrops(readSafetensors(await readRunFile(runFolder, 'calibration.safetensors')), network);
  const fp32 = encodeModel(floatModel(network));
  const gpu = encodeModel(floatModel(network, 'fp16'));
  const half = encodeModel(halfModel(network));
  const traits = networkTraits(scanModel(fp32));

  const exact = await judge(fp32, crops, traits.receptiveFieldRadius);
  const parity = comparePictures(
    exact.outputs,
    crops.map(({ output }) => output),
  );
  print(`fp32 against training: largest difference ${parity.largest.toExponential(2)} on ${crops.length} crops`);
  if (options.unfinished !== true && !(parity.largest <= parityTolerance))
    throw new EnlargerError(
      'model-invalid',
      'The network file gives other pictures than training did. Let training finish, then export again; for a look at an unfinished one, add --unfinished.',
    );
  print(tableRow('file', 'adds, dB', 'PSNR dB', 'loss', 'flat', 'worst', '±1 code', 'bytes'));
  const show = (name: string, result: Judgement & { lossDb?: number }, bytes: Uint8Array): void => {
    const { withinOneCode } = comparePictures(exact.outputs, result.outputs);
    const figures = [
      result.lossDb?.toFixed(3) ?? '',
      result.psnrDb.toFixed(3),
      (exact.psnrDb - result.psnrDb).toFixed(3),
      result.flatError.toFixed(3),
      String(result.flatCodes),
    ];
    print(tableRow(name, ...figures, `${(100 * withinOneCode).toFixed(2)} %`, String(bytes.length)));
  };
  show('fp32', exact, fp32);
  show('gpu (fp16 weights)', await judge(gpu, crops, traits.receptiveFieldRadius), gpu);
  show('gpu-half (rounded as on a CPU)', await judge(half, crops, traits.receptiveFieldRadius), half);
  const candidates = await tryInt8(network, crops, traits.receptiveFieldRadius, exact.outputs, (candidate) =>
    show(describe(candidate), candidate, candidate.bytes),
  );
  const int8 = chooseInt8(candidates);
  print(`chosen: ${describe(int8)}`);

  const files: [string, Uint8Array][] = [
    ['int8.onnx', int8.bytes],
    ['gpu.onnx', gpu],
    ['gpu-half.onnx', half],
  ];
  for (const [, bytes] of files) scanModel(bytes);
  const former = await formerCard(modelFolder);
  const variants = [
    variantOf('int8.onnx', int8.bytes, 'int8', ['cpu']),
    variantOf('gpu.onnx', gpu, 'fp32', ['cpu', 'webgpu']),
    variantOf('gpu-half.onnx', half, 'fp16', ['webgpu']),
  ];
  const card = makeCard({ id, network, traits, facts, int8, variants, former });
  await replaceFile(path.join(runFolder, 'fp32.onnx'), fp32);
  await mkdir(modelFolder, { recursive: true });
  // Not a copy of the run's file: training may have written it again meanwhile.
  for (const [name, bytes] of [...files, ['network.safetensors', trained] as const])
    await replaceFile(path.join(modelFolder, name), bytes);
  await replaceFile(path.join(modelFolder, 'card.json'), cardText(card));
  if (former !== null && former.metrics.length > 0) print("The card's metrics are those of the former files. Measure again.");
  return card;
}

function describe({ method, tail }: Int8Candidate): string {
  return `int8 ${method}, ${tail} tail`;
}

function tableRow(name: string, ...cells: string[]): string {
  return name.padEnd(36) + cells.map((cell) => cell.padStart(10)).join('');
}

async function readRunFile(folder: string, name: string): Promise<Buffer> {
  try {
    return await readFile(path.join(folder, name));
  } catch (error) {
    throw new EnlargerError('not-found', `The training's folder has no readable ${name}. Give the folder that training wrote.`, {
      cause: error,
    });
  }
}

async function formerCard(folder: string): Promise<ModelCard | null> {
  try {
    return await loadCard(folder);
  } catch (error) {
    if (error instanceof EnlargerError && error.code === 'model-missing') return null;
    throw error;
  }
}

async function replaceFile(file: string, content: Uint8Array | string): Promise<void> {
  await writeFile(`${file}.part`, content);
  await rename(`${file}.part`, file);
}
