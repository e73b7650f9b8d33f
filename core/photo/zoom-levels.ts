/** Sizes of the levels that a picture is shown by: the whole of it, and each time half as large, rounded up. */

export interface LevelSize {
  /** Pixels, at least 1. */
  readonly width: number;
  readonly height: number;
}

/** Size of a level of a picture; level 0 is the whole of it. */
export function levelSize({ width, height }: LevelSize, level: number): LevelSize {
  return { width: Math.ceil(width / 2 ** level), height: Math.ceil(height / 2 ** level) };
}

/** Levels down to 1 × 1: one for a picture of one pixel, 15 for 16 384 a side. */
export function levelCount({ width, height }: LevelSize): number {
  return Math.ceil(Math.log2(Math.max(width, height))) + 1;
}
