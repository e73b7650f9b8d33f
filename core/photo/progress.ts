/**
 * Progress as a pure account. Everything is weighed in pixels that the network makes, because that is what time
 * goes to: ten small files and one large one are not eleven equal steps. Callers pass the clock in.
 */
import type { EngineProgress } from './engine-protocol.ts';

type Stage = EngineProgress['stage'];

/** Shares of one photo's time, measured for a 12-megapixel JPEG ×2; together 1. */
const stageShares: readonly { readonly stage: Stage; readonly share: number }[] = [
  { stage: 'decode', share: 0.03 },
  { stage: 'infer', share: 0.87 },
  { stage: 'resize', share: 0.03 },
  { stage: 'encode', share: 0.07 },
];

/** Fraction 0..1 of a whole photo, from the fraction 0..1 of one of its stages. A stage that is left out is jumped over. */
export function photoFraction(stage: Stage, stageFraction: number): number {
  let before = 0;
  for (const entry of stageShares) {
    if (entry.stage === stage) return Math.min(1, before + entry.share * clamp(stageFraction));
    before += entry.share;
  }
  return 1;
}

/** A photo that the network does not run on still costs reading and writing: about a fiftieth of a network pixel's time. */
export function workPixels(networkPixels: number, outputPixels: number): number {
  return Math.max(1, networkPixels > 0 ? networkPixels : Math.ceil(outputPixels / 50));
}

function clamp(fraction: number): number {
  return Math.min(1, Math.max(0, fraction));
}
