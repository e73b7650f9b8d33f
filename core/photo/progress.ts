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

/** State of a run, for people. `fraction` never falls and is 1 only when every photo is settled. */
export interface RunProgressSnapshot {
  readonly photosDone: number;
  readonly photos: number;
  readonly fraction: number;
  /** Network output, over the time that was worked; null until something was measured. */
  readonly megapixelsPerSecond: number | null;
  readonly remainingMs: number | null;
}

export interface RunProgress {
  /** Photo `index` has come to `fraction` 0..1; a smaller value than before is ignored. */
  update(index: number, fraction: number): void;
  /** Photo `index` is done, skipped or failed. */
  settle(index: number): void;
  /** State at `nowMs`, on the clock of `startMs`. */
  snapshot(nowMs: number): RunProgressSnapshot;
}

/** A photo that the network does not run on still costs reading and writing: about a fiftieth of a network pixel's time. */
export function workPixels(networkPixels: number, outputPixels: number): number {
  return Math.max(1, networkPixels > 0 ? networkPixels : Math.ceil(outputPixels / 50));
}

/** An account over photos of `pixels[index]` work pixels (each ≥ 1), begun at `startMs`. */
export function trackRun(pixels: readonly number[], startMs: number): RunProgress {
  const total = pixels.reduce((sum, count) => sum + count, 0);
  const fractions = pixels.map(() => 0);
  const settled = pixels.map(() => false);
  let settledPixels = 0;
  let workedPixels = 0;
  let photosDone = 0;

  const update = (index: number, fraction: number): void => {
    const before = fractions[index];
    if (before === undefined || settled[index] === true || !(fraction > before)) return;
    fractions[index] = clamp(fraction);
    workedPixels += (clamp(fraction) - before) * (pixels[index] ?? 0);
    settledPixels += (clamp(fraction) - before) * (pixels[index] ?? 0);
  };
  return {
    update,
    settle(index) {
      if (settled[index] !== false) return;
      settledPixels += (1 - (fractions[index] ?? 0)) * (pixels[index] ?? 0);
      settled[index] = true;
      photosDone += 1;
    },
    snapshot(nowMs) {
      const all = photosDone === pixels.length;
      const elapsedMs = nowMs - startMs;
      const pixelsPerMs = workedPixels > 0 && elapsedMs > 0 ? workedPixels / elapsedMs : null;
      const remainingPixels = Math.max(0, total - settledPixels);
      return {
        photosDone,
        photos: pixels.length,
        // Not 1 while a finished picture still has to reach its name on the disk.
        fraction: all ? 1 : Math.min(0.999, settledPixels / total),
        megapixelsPerSecond: pixelsPerMs === null ? null : pixelsPerMs / 1000,
        remainingMs: all ? 0 : pixelsPerMs === null ? null : remainingPixels / pixelsPerMs,
      };
    },
  };
}

function clamp(fraction: number): number {
  return Math.min(1, Math.max(0, fraction));
}
