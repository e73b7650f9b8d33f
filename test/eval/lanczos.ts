/** Enlarging with Lanczos' windowed sinc of three lobes, as a baseline: own code, because sharp's is shifted. */
import type { Enlarge } from './super-resolution-sets.ts';

const lobes = 3;

function kernel(x: number): number {
  if (x === 0) return 1;
  if (Math.abs(x) >= lobes) return 0;
  const angle = Math.PI * x;
  return (lobes * Math.sin(angle) * Math.sin(angle / lobes)) / (angle * angle);
}

/** Weights of the 2 × lobes source positions around each phase of an enlarged pixel; each set sums to 1. */
function phases(scale: number): { first: number; weights: number[] }[] {
  return Array.from({ length: scale }, (_, phase) => {
    const centre = (phase + 0.5) / scale - 0.5;
    const first = Math.floor(centre) - lobes + 1;
    const weights = Array.from({ length: 2 * lobes }, (__, tap) => kernel(centre - first - tap));
    const sum = weights.reduce((total, weight) => total + weight, 0);
    return { first, weights: weights.map((weight) => weight / sum) };
  });
}

/** Enlarges one axis of `lines` lines; neighbours along the axis are `step` values apart, edges repeat. */
function enlargeAxis(
  source: Float64Array,
  size: number,
  scale: number,
  lineStarts: (size: number) => Int32Array,
  step: number,
): Float64Array {
  const result = new Float64Array(source.length * scale);
  const from = lineStarts(size);
  const to = lineStarts(size * scale);
  const table = phases(scale);
  for (let line = 0; line < from.length; line += 1) {
    for (let out = 0; out < size * scale; out += 1) {
      const { first, weights } = table[out % scale]!;
      const base = Math.floor(out / scale) + first;
      let sum = 0;
      for (let tap = 0; tap < weights.length; tap += 1) {
        const position = Math.min(size - 1, Math.max(0, base + tap));
        sum += weights[tap]! * source[from[line]! + position * step]!;
      }
      result[to[line]! + out * step] = sum;
    }
  }
  return result;
}

/** 8-bit RGB enlarged by a whole `scale`; rounded once, at the end. */
export function lanczos(scale: number): Enlarge {
  return ({ rgb, width, height }) => {
    const rows = (size: number): Int32Array =>
      Int32Array.from({ length: height * 3 }, (_, line) => Math.floor(line / 3) * size * 3 + (line % 3));
    const wide = enlargeAxis(Float64Array.from(rgb), width, scale, rows, 3);
    const stride = width * scale * 3;
    const columns = (): Int32Array => Int32Array.from({ length: stride }, (_, line) => line);
    const large = enlargeAxis(wide, height, scale, columns, stride);
    return Promise.resolve(new Uint8Array(Uint8ClampedArray.from(large).buffer));
  };
}
