/** How far the mean colour of blocks moves. */
import type { Picture } from './super-resolution-sets.ts';

/** Edges of blocks of `side` along an axis, the last one shifted inward; one block of the whole axis when it is shorter. */
export function blockStarts(extent: number, side: number): number[] {
  if (extent <= side) return [0];
  const starts = Array.from({ length: Math.floor(extent / side) }, (_, index) => index * side);
  return extent % side === 0 ? starts : [...starts, extent - side];
}

/**
 * Largest difference, in 8-bit codes, between the mean of a channel in a block of `side` × `side` pixels of `before`
 * and in the same part of `after`, which is a whole `scale` times as large. Blocks cover the picture; the last ones of a
 * row and column are shifted inward.
 */
export function largestMove(before: Picture, after: Uint8Array, scale: number, side: number): number {
  let largest = 0;
  for (const top of blockStarts(before.height, side)) {
    for (const left of blockStarts(before.width, side)) {
      const width = Math.min(side, before.width);
      const height = Math.min(side, before.height);
      const a = blockMean(before.rgb, before.width, { left, top, width, height });
      const b = blockMean(after, before.width * scale, {
        left: left * scale,
        top: top * scale,
        width: width * scale,
        height: height * scale,
      });
      for (let channel = 0; channel < 3; channel += 1) largest = Math.max(largest, Math.abs(a[channel]! - b[channel]!));
    }
  }
  return largest;
}

function blockMean(
  rgb: Uint8Array,
  rowWidth: number,
  { left, top, width, height }: { left: number; top: number; width: number; height: number },
): [number, number, number] {
  const sums: [number, number, number] = [0, 0, 0];
  for (let y = top; y < top + height; y += 1) {
    for (let x = left; x < left + width; x += 1) {
      const at = (y * rowWidth + x) * 3;
      sums[0] += rgb[at]!;
      sums[1] += rgb[at + 1]!;
      sums[2] += rgb[at + 2]!;
    }
  }
  return [sums[0] / (width * height), sums[1] / (width * height), sums[2] / (width * height)];
}
