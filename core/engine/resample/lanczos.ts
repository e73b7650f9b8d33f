/** Lanczos-3 weights for shrinking one axis: Duchon (1979), with the kernel stretched by the ratio as an antialias filter. */

export interface AxisWeights {
  /** Input positions an output position is made of. */
  readonly taps: number;
  /** First input position of each output position; may lie outside, readers repeat the edge. */
  readonly first: Int32Array;
  /** `taps` weights an output position; each group sums to 1. */
  readonly weights: Float32Array;
}

const lobes = 3;

/** Weights from `inputLength` to `outputLength` samples, pixel centres at half-integers. `outputLength` ≤ `inputLength`. */
export function shrinkWeights(inputLength: number, outputLength: number): AxisWeights {
  const ratio = inputLength / outputLength;
  const support = lobes * ratio;
  const taps = Math.ceil(support) * 2 + 1;
  const first = new Int32Array(outputLength);
  const weights = new Float32Array(outputLength * taps);
  for (let position = 0; position < outputLength; position += 1) {
    const centre = (position + 0.5) * ratio - 0.5;
    const start = Math.ceil(centre - support);
    first[position] = start;
    let sum = 0;
    for (let tap = 0; tap < taps; tap += 1) sum += kernel((start + tap - centre) / ratio);
    for (let tap = 0; tap < taps; tap += 1) weights[position * taps + tap] = kernel((start + tap - centre) / ratio) / sum;
  }
  return { taps, first, weights };
}

function kernel(distance: number): number {
  if (distance === 0) return 1;
  if (Math.abs(distance) >= lobes) return 0;
  const angle = Math.PI * distance;
  return (lobes * Math.sin(angle) * Math.sin(angle / lobes)) / (angle * angle);
}
