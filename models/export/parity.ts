/** Whether two files of one network give the same picture. */
import type { Planes } from './run-network.ts';

export interface Parity {
  /** Largest difference, 0..1 being black to white. */
  readonly largest: number;
  /** Part of the samples that differ by at most one 8-bit code. */
  readonly withinOneCode: number;
}

/** Compares pictures one by one. Throws RangeError when they differ in number or size. */
export function comparePictures(one: readonly Planes[], other: readonly Planes[]): Parity {
  if (one.length !== other.length) throw new RangeError(`${one.length} pictures cannot be compared with ${other.length}`);
  let largest = 0;
  let close = 0;
  let samples = 0;
  for (const [index, { values }] of one.entries()) {
    const others = other[index]?.values ?? new Float32Array();
    if (others.length !== values.length) throw new RangeError('The pictures differ in size');
    for (let at = 0; at < values.length; at += 1) {
      const difference = Math.abs((values[at] ?? NaN) - (others[at] ?? NaN));
      // Written so that NaN is a difference.
      if (!(difference <= largest)) largest = difference;
      if (difference <= 1 / 255) close += 1;
    }
    samples += values.length;
  }
  return { largest, withinOneCode: close / samples };
}
