import type { Samples } from './raster.ts';

/** A rectangle of a picture, in memory by itself. */
export interface Patch {
  readonly samples: Samples;
  /** In pixels of the picture. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Copies what two patches of the same picture have in common from one to the other. */
export function copyOverlap(from: Patch, to: Patch, channels: number): void {
  const left = Math.max(from.left, to.left);
  const top = Math.max(from.top, to.top);
  const right = Math.min(from.left + from.width, to.left + to.width);
  const bottom = Math.min(from.top + from.height, to.top + to.height);
  if (left >= right) return;
  const length = (right - left) * channels;
  for (let y = top; y < bottom; y += 1) {
    const start = ((y - from.top) * from.width + left - from.left) * channels;
    to.samples.set(from.samples.subarray(start, start + length), ((y - to.top) * to.width + left - to.left) * channels);
  }
}
