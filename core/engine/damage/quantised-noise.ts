/**
 * The noise that a JPEG kept. Quantisation makes most fine coefficients zero, so that a photo looks clean where noise
 * is usually read; but coarser ones, whose steps are small, still show it. Where noise of deviation σ is rounded to
 * multiples of q, the share of coefficients beyond (m + ½)·q is that of a normal variable: it gives σ back.
 */
import { band, blockSize } from './block-transform.ts';
import { flattest, type SampledBlock } from './block-sample.ts';

/** Flat places are found by the coarsest coefficients only: those that are measured must have no part in it. */
const coarse = band(1, 3);
const measured = band(4, 14);
const flattestShare = 0.1;
const fewestBlocks = 12;
/** Coefficients that are agreed on at least, and the largest step, in deviations, that still shows noise. */
const fewestCoefficients = 8;
const widestStep = 2.5;
/** Noise is alike in all coefficients; what some show beyond the others is texture. */
const agreedQuantile = 0.25;

/**
 * Root mean square error that noise left in the luma of a JPEG, in 8-bit codes, beyond what its quantisation costs a clean
 * photo. `steps`: the 64 steps of its luma table, row by row; `sampled`: blocks on its grid.
 */
export function survivingNoise(sampled: readonly SampledBlock[], steps: readonly number[]): number {
  const blocks = flattest(sampled, coarse, flattestShare, fewestBlocks);
  if (blocks.length < fewestBlocks) return 0;
  const places = measured
    .map((index) => ({ step: steps[index]!, deviation: coefficientDeviation(blocks, index, steps[index]!) }))
    .sort((a, b) => a.step - b.step);
  let deviation = agreed(places.slice(0, fewestCoefficients));
  // Texture is strong in the coarse coefficients only; noise is alike in all that could show it.
  for (let round = 0; round < 4; round += 1) {
    const telling = places.filter(({ step }) => step <= widestStep * deviation).length;
    deviation = agreed(places.slice(0, Math.max(telling, fewestCoefficients)));
  }
  let sum = 0;
  for (const step of steps) sum += Math.max(0, roundedVariance(deviation, step) - step ** 2 / 12);
  return Math.sqrt(sum / blockSize);
}

function agreed(places: readonly { deviation: number }[]): number {
  const sorted = places.map(({ deviation }) => deviation).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length * agreedQuantile)] ?? 0;
}

/** Deviation of a normal variable of which as many values lie beyond a rounding limit as of this coefficient; 0 when all were rounded to zero. */
function coefficientDeviation(blocks: readonly SampledBlock[], index: number, step: number): number {
  for (let level = 0.5; ; level += 1) {
    let beyond = 0;
    for (const block of blocks) if (Math.abs(block.luma[index]!) > level * step) beyond += 1;
    const share = beyond / blocks.length;
    // About a third beyond the limit is where the share is most sensitive to the deviation.
    if (share <= 0.5) return share === 0 ? 0 : (level * step) / normalLimit(share);
  }
}

/** Variance of N(0, σ²) rounded to multiples of `step`: 2·q²·Σ (2n − 1)·P(x > (n − ½)·q). */
function roundedVariance(deviation: number, step: number): number {
  if (deviation === 0) return 0;
  let sum = 0;
  for (let n = 1; ; n += 1) {
    const tail = upperTail(((n - 0.5) * step) / deviation);
    sum += (2 * n - 1) * tail;
    if (tail < 1e-9) return 2 * step ** 2 * sum;
  }
}

/** P(x > z) of the standard normal distribution for z ≥ 0: M. Abramowitz, I. Stegun, Handbook of Mathematical Functions, 26.2.17; error below 7.5e-8. */
function upperTail(z: number): number {
  const t = 1 / (1 + 0.231_641_9 * z);
  const series = t * (0.319_381_53 + t * (-0.356_563_782 + t * (1.781_477_937 + t * (-1.821_255_978 + t * 1.330_274_429))));
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * series;
}

/** The z beyond which, on both sides, `share` (0..1) of a standard normal variable lies; by bisection. */
function normalLimit(share: number): number {
  let low = 0;
  let high = 8;
  for (let step = 0; step < 40; step += 1) {
    const middle = (low + high) / 2;
    if (2 * upperTail(middle) > share) low = middle;
    else high = middle;
  }
  return high;
}
