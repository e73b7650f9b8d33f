/** Tries the ways to make an int8 file on the calibration crops and picks one. */
import { encodeModel } from '../compress/onnx-encode.ts';
import { calibrate } from './calibrate.ts';
import type { Calibration } from './calibrate.ts';
import type { Crop } from './calibration-crops.ts';
import { correctBiases } from './correct-biases.ts';
import { int8Model, rangedValues } from './int8-graph.ts';
import type { Int8Options, ValueRange } from './int8-graph.ts';
import { judge } from './judge.ts';
import type { Judgement } from './judge.ts';
import type { PlainNetwork } from './plain-network.ts';
import { findRange } from './range-search.ts';
import type { RangeMethod } from './range-search.ts';

export interface Int8Candidate extends Judgement {
  /** How the ranges were found; `trained`: they came with the weights. */
  readonly method: RangeMethod | 'trained';
  readonly tail: Int8Options['tail'];
  readonly corrected: boolean;
  readonly bytes: Uint8Array;
}

/** By value: [smallest, largest]. From fine-tuning with quantization in the loop. */
export type TrainedRanges = ReadonlyMap<string, ValueRange>;

const methods: readonly RangeMethod[] = ['max', '99.99 %', 'mse'];
const tails = ['integer', 'float'] as const;
/** A float tail takes a fifth more time, so it has to bring this much, or to halve a flat error that is worth it. */
const floatTailGainDb = 0.02;
const worthwhileFlatError = 0.25;

/** Every method × tail × with and without bias correction, judged one by one; `onCandidate` hears of each. Trained ranges replace the methods. */
export async function tryInt8(
  network: PlainNetwork,
  crops: readonly Crop[],
  radius: number,
  trained: TrainedRanges | null,
  onCandidate: (candidate: Int8Candidate) => void = () => undefined,
): Promise<Int8Candidate[]> {
  const inputs = crops.map(({ input }) => input);
  const calibration = await calibrate(network, inputs);
  const candidates: Int8Candidate[] = [];
  for (const method of trained === null ? methods : (['trained'] as const)) {
    let known = new Map<string, Float32Array>();
    for (const tail of tails) {
      const ranges = rangesFor(network, calibration, tail, method, trained);
      const biases = await correctBiases(network, { ranges, tail }, calibration, inputs, known);
      // Up to the tail both kinds are the same network.
      known = new Map([...biases].filter(([name]) => name !== 'tail'));
      for (const corrected of [false, true]) {
        const bytes = encodeModel(int8Model(network, { ranges, tail, ...(corrected && { biases }) }));
        const candidate = { method, tail, corrected, bytes, ...(await judge(bytes, crops, radius)) };
        candidates.push(candidate);
        onCandidate(candidate);
      }
    }
  }
  return candidates;
}

/** The best by PSNR among the files whose tail is integer, unless the best with a float tail is clearly better. Throws Error without candidates. */
export function chooseInt8<Candidate extends Pick<Int8Candidate, 'psnrDb' | 'flatError' | 'tail'>>(
  candidates: readonly Candidate[],
): Candidate {
  const best = (tail: Int8Options['tail']): Candidate | undefined =>
    candidates.filter((candidate) => candidate.tail === tail).sort((a, b) => b.psnrDb - a.psnrDb)[0];
  const [integer, float] = [best('integer'), best('float')];
  if (integer === undefined) throw new Error('There is no int8 file to choose from');
  if (float === undefined) return integer;
  const halved = integer.flatError >= worthwhileFlatError && float.flatError <= integer.flatError / 2;
  return float.psnrDb > integer.psnrDb + floatTailGainDb || halved ? float : integer;
}

function rangesFor(
  network: PlainNetwork,
  { histograms }: Calibration,
  tail: Int8Options['tail'],
  method: Int8Candidate['method'],
  trained: TrainedRanges | null,
): Map<string, ValueRange> {
  const ranges = new Map<string, ValueRange>();
  for (const [name, { signed }] of rangedValues(network, tail)) {
    const histogram = histograms.get(name);
    const range = trained?.get(name) ?? (histogram && findRange(histogram, method === 'trained' ? 'mse' : method));
    // ReLU leaves nothing below zero, whatever the file says.
    if (range !== undefined) ranges.set(name, signed ? range : [0, range[1]]);
  }
  return ranges;
}
