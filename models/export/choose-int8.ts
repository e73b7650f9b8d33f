/** Tries the ways to make an int8 file on the calibration crops and picks one. */
import { encodeModel } from '../compress/onnx-encode.ts';
import { alignedTail } from './aligned-tail.ts';
import { calibrate } from './calibrate.ts';
import type { Crop } from './calibration-crops.ts';
import { equalized } from './equalize.ts';
import { int8Model, rangedValues } from './int8-graph.ts';
import type { Int8Options, ValueRange } from './int8-graph.ts';
import { judge, shown } from './judge.ts';
import type { Judgement } from './judge.ts';
import type { PlainNetwork } from './plain-network.ts';
import type { Planes } from './run-network.ts';
import { findRange } from './range-search.ts';
import type { Histogram, RangeMethod } from './range-search.ts';
import { roundLayers } from './round-layers.ts';
import { trainedIntegers } from './trained-integers.ts';

export interface Int8Candidate extends Judgement {
  /** What its difference from the float network's pictures adds to their errors: `lossFrom`. */
  readonly lossDb: number;
  /** How the ranges were found. */
  readonly method: RangeMethod;
  readonly tail: Int8Options['tail'];
  readonly bytes: Uint8Array;
}

const methods: readonly RangeMethod[] = ['max', '99.99 %', 'mse'];
const tails = ['integer', 'float'] as const;
/** A float tail takes a fifth more time, so it has to bring this much, or to halve a flat error that is worth it. */
const floatTailGainDb = 0.02;
const worthwhileFlatError = 0.25;
/** A colour may come out as the next one, not as the one after it, in any pixel. */
const mostFlatCodes = 1;

/** `exact`: the float network's picture of every crop. Every method × tail, judged one by one; `onCandidate` hears of each. */
export async function tryInt8(
  network: PlainNetwork,
  crops: readonly Crop[],
  radius: number,
  exact: readonly Planes[],
  onCandidate: (candidate: Int8Candidate) => void = () => undefined,
): Promise<Int8Candidate[]> {
  const inputs = crops.map(({ input }) => input);
  const trained = trainedIntegers(network);
  // A cleaning network's rare large values are strong noise. Equalised, they are what the ranges cut off: of noise σ 15 a seventh more was left.
  const even = network.scale === 1 || trained !== null ? network : await equalized(network, inputs);
  const histograms = await calibrate(even, inputs);
  const candidates: Int8Candidate[] = [];
  for (const method of methods) {
    // The ranges of an integer tail hold those of a float one.
    const rounded = trained ?? (await roundLayers(even, inputs, rangesFor(even, histograms, 'integer', method)));
    for (const tail of tails) {
      const ranges = rangesFor(even, histograms, tail, method);
      const bytes = encodeModel(alignedTail(int8Model(even, { ranges, tail, rounded })));
      const judgement = await judge(bytes, crops, radius);
      const candidate = { method, tail, bytes, ...judgement, lossDb: lossFrom(exact, judgement.outputs, crops) };
      candidates.push(candidate);
      onCandidate(candidate);
    }
  }
  return candidates;
}

/**
 * The file with the least `lossDb` among those whose tail is integer and that leave pictures of one colour within a code (where there are
 * such files), unless the one with a float tail is clearly better. Not the best by PSNR against the targets: what 8 bits take from a crisp network can look like a gain there. Throws Error without candidates.
 */
export function chooseInt8<Candidate extends Pick<Int8Candidate, 'lossDb' | 'psnrDb' | 'flatError' | 'flatCodes' | 'tail'>>(
  candidates: readonly Candidate[],
): Candidate {
  const best = (tail: Int8Options['tail']): Candidate | undefined => {
    const ofKind = candidates.filter((candidate) => candidate.tail === tail);
    const flat = ofKind.filter(({ flatCodes }) => flatCodes <= mostFlatCodes);
    return (flat.length > 0 ? flat : ofKind).sort((a, b) => a.lossDb - b.lossDb)[0];
  };
  const [integer, float] = [best('integer'), best('float')];
  if (integer === undefined) throw new Error('There is no int8 file to choose from');
  if (float === undefined) return integer;
  const halved = integer.flatError >= worthwhileFlatError && float.flatError <= integer.flatError / 2;
  return float.psnrDb > integer.psnrDb + floatTailGainDb || halved ? float : integer;
}

/**
 * Mean over crops of the PSNR in dB that a file's difference from the float network costs if it has nothing to do with the float network's own
 * errors: 10·log10(1 + e / m), e and m the mean squares of the one and the other. Each crop counts alike; summed squares would let a few
 * crops of letters decide for all photos. Pictures are taken within 0..1, m no smaller than that of rounding to 8 bits.
 */
export function lossFrom(exact: readonly Planes[], made: readonly Planes[], crops: readonly Pick<Crop, 'target'>[]): number {
  const losses = crops.map(({ target }, index) => {
    const [right = target, near = target] = [exact[index], made[index]];
    const own = Math.max(meanSquare(right, target), 1 / 255 ** 2 / 12);
    return 10 * Math.log10(1 + meanSquare(near, right) / own);
  });
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}

function meanSquare(one: Planes, other: Planes): number {
  let squares = 0;
  for (const [at, value] of one.values.entries()) squares += (shown(value) - shown(other.values[at] ?? NaN)) ** 2;
  return squares / one.values.length;
}

function rangesFor(
  network: PlainNetwork,
  histograms: ReadonlyMap<string, Histogram>,
  tail: Int8Options['tail'],
  method: RangeMethod,
): Map<string, ValueRange> {
  const ranges = new Map<string, ValueRange>();
  for (const [name, { signed }] of rangedValues(network, tail)) {
    const histogram = histograms.get(name);
    if (histogram === undefined) continue;
    const range = findRange(histogram, method);
    // ReLU leaves nothing below zero, whatever the method says.
    ranges.set(name, signed ? range : [0, range[1]]);
  }
  return ranges;
}
