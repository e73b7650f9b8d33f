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
import type { Planes } from './run-network.ts';
import { findRange } from './range-search.ts';
import type { RangeMethod } from './range-search.ts';

export interface Int8Candidate extends Judgement {
  /** PSNR of its pictures against the float network's, within 0..1. */
  readonly likenessDb: number;
  /** How the ranges were found; `trained`: they came with the weights. */
  readonly method: RangeMethod | 'trained';
  readonly tail: Int8Options['tail'];
  /** `compensated`: later weights make up for the errors of earlier ones; `corrected`: and biases for what is left. */
  readonly rounding: 'compensated' | 'corrected';
  readonly bytes: Uint8Array;
}

/** By value: [smallest, largest]. From fine-tuning with quantization in the loop. */
export type TrainedRanges = ReadonlyMap<string, ValueRange>;

const methods: readonly RangeMethod[] = ['max', '99.99 %', 'mse'];
const tails = ['integer', 'float'] as const;
/** A float tail takes a fifth more time, so it has to bring this much, or to halve a flat error that is worth it. */
const floatTailGainDb = 0.02;
const worthwhileFlatError = 0.25;
/** From half a code on, a colour may come out as the next one. */
const visibleFlatError = 0.5;

/** `exact`: the float network's picture of every crop. Every method × tail × way of rounding, judged one by one; `onCandidate` hears of each. Trained ranges replace the methods. */
export async function tryInt8(
  network: PlainNetwork,
  crops: readonly Crop[],
  radius: number,
  exact: readonly Planes[],
  trained: TrainedRanges | null,
  onCandidate: (candidate: Int8Candidate) => void = () => undefined,
): Promise<Int8Candidate[]> {
  const inputs = crops.map(({ input }) => input);
  const calibration = await calibrate(network, inputs);
  const candidates: Int8Candidate[] = [];
  const { rounded } = calibration;
  for (const method of trained === null ? methods : (['trained'] as const)) {
    let known = new Map<string, Float32Array>();
    for (const tail of tails) {
      const ranges = rangesFor(network, calibration, tail, method, trained);
      const biases = await correctBiases(network, { ranges, tail, rounded }, inputs, known);
      // Up to the tail both kinds are the same network.
      known = new Map([...biases].filter(([name]) => name !== 'tail'));
      for (const [how, more] of [
        ['compensated', { rounded }],
        ['corrected', { rounded, biases }],
      ] as const) {
        const bytes = encodeModel(int8Model(network, { ranges, tail, ...more }));
        const judgement = await judge(bytes, crops, radius);
        const candidate = { method, tail, rounding: how, bytes, ...judgement, likenessDb: likenessDb(judgement.outputs, exact) };
        candidates.push(candidate);
        onCandidate(candidate);
      }
    }
  }
  return candidates;
}

/**
 * The file most like the float network among those whose tail is integer and that leave pictures of one colour as they are (where there are
 * such files), unless the one with a float tail is clearly better. Not the best by PSNR against the targets: what 8 bits take from a crisp network can look like a gain there. Throws Error without candidates.
 */
export function chooseInt8<Candidate extends Pick<Int8Candidate, 'likenessDb' | 'psnrDb' | 'flatError' | 'tail'>>(
  candidates: readonly Candidate[],
): Candidate {
  const best = (tail: Int8Options['tail']): Candidate | undefined => {
    const ofKind = candidates.filter((candidate) => candidate.tail === tail);
    const flat = ofKind.filter(({ flatError }) => flatError < visibleFlatError);
    return (flat.length > 0 ? flat : ofKind).sort((a, b) => b.likenessDb - a.likenessDb)[0];
  };
  const [integer, float] = [best('integer'), best('float')];
  if (integer === undefined) throw new Error('There is no int8 file to choose from');
  if (float === undefined) return integer;
  const halved = integer.flatError >= worthwhileFlatError && float.flatError <= integer.flatError / 2;
  return float.psnrDb > integer.psnrDb + floatTailGainDb || halved ? float : integer;
}

function likenessDb(pictures: readonly Planes[], exact: readonly Planes[]): number {
  let squares = 0;
  let samples = 0;
  for (const [index, { values }] of pictures.entries()) {
    const others = exact[index]?.values ?? new Float32Array();
    for (const [at, value] of values.entries()) squares += (clamped(value) - clamped(others[at] ?? NaN)) ** 2;
    samples += values.length;
  }
  return 10 * Math.log10(samples / squares);
}

function clamped(value: number): number {
  return Math.min(1, Math.max(0, value));
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
