/** Whether a graphics processor is given a second photo, in a second engine process, beside the one it has. Pure. */

/** What a photo told that had its device for itself. */
export interface MadeAlone {
  /** Inside the network, of `totalMs` for all that was done to it: also decoding, packing, storing and, where that follows at once, encoding. */
  readonly networkMs: number;
  readonly totalMs: number;
  /** Largest resident memory of its engine process. */
  readonly peakMemoryBytes: number;
}

/** One odd photo decides little, and what was long ago nothing. */
export const rememberedPhotos = 4;

const smallShare = 0.9;

/**
 * By the last photos. A photo that keeps its device busy for a share s of its time leaves it idle for the rest; two side by side fill at most
 * min(1, 2s) of it. So the gain is at most 1/s: over a tenth below 0.9, and at 1 nothing but the memory of a second process. Together the two
 * must fit into `memoryBytes`. False where nothing was measured.
 */
export function isWorthSecond(last: readonly MadeAlone[], memoryBytes: number): boolean {
  if (last.length === 0) return false;
  const sum = (of: (photo: MadeAlone) => number): number => last.reduce((whole, photo) => whole + of(photo), 0);
  // Of all together: what small photos tell counts for less.
  const share = sum(({ networkMs }) => networkMs) / sum(({ totalMs }) => totalMs);
  const peakMemoryBytes = Math.max(...last.map((photo) => photo.peakMemoryBytes));
  return share < smallShare && 2 * peakMemoryBytes <= memoryBytes;
}
