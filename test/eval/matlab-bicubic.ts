/** Bicubic resampling as MATLAB's imresize does it: Keys' kernel with a = −0.5, widened when shrinking, edges mirrored. */

/** Keys (1981), cubic convolution, a = −0.5. */
function cubic(x: number): number {
  const t = Math.abs(x);
  if (t <= 1) return 1.5 * t ** 3 - 2.5 * t ** 2 + 1;
  if (t <= 2) return -0.5 * t ** 3 + 2.5 * t ** 2 - 4 * t + 2;
  return 0;
}

/** Source positions and weights of every output position; `taps` of each per position. */
function contributions(from: number, to: number): { taps: number; positions: Int32Array; weights: Float64Array } {
  const ratio = to / from;
  const shrink = Math.min(ratio, 1);
  const taps = Math.ceil(4 / shrink) + 2;
  const positions = new Int32Array(to * taps);
  const weights = new Float64Array(to * taps);
  for (let out = 0; out < to; out += 1) {
    const centre = (out + 0.5) / ratio - 0.5;
    const left = Math.floor(centre - 2 / shrink);
    let sum = 0;
    for (let tap = 0; tap < taps; tap += 1) {
      const weight = shrink * cubic(shrink * (centre - left - tap));
      positions[out * taps + tap] = mirrored(left + tap, from);
      weights[out * taps + tap] = weight;
      sum += weight;
    }
    for (let tap = 0; tap < taps; tap += 1) weights[out * taps + tap]! /= sum;
  }
  return { taps, positions, weights };
}

function mirrored(position: number, size: number): number {
  const period = 2 * size;
  const wrapped = ((position % period) + period) % period;
  return wrapped < size ? wrapped : period - 1 - wrapped;
}

/** Resizes interleaved 8-bit samples; rounding happens once, at the end. */
export function bicubicResize(
  samples: Uint8Array,
  width: number,
  height: number,
  channels: number,
  toWidth: number,
  toHeight: number,
): Uint8Array {
  const down = contributions(height, toHeight);
  const tall = new Float64Array(width * toHeight * channels);
  const row = width * channels;
  for (let y = 0; y < toHeight; y += 1) {
    for (let tap = 0; tap < down.taps; tap += 1) {
      const weight = down.weights[y * down.taps + tap]!;
      const from = down.positions[y * down.taps + tap]! * row;
      if (weight !== 0) for (let x = 0; x < row; x += 1) tall[y * row + x]! += weight * samples[from + x]!;
    }
  }
  const across = contributions(width, toWidth);
  const result = new Uint8ClampedArray(toWidth * toHeight * channels);
  for (let y = 0; y < toHeight; y += 1) {
    for (let x = 0; x < toWidth; x += 1) {
      for (let channel = 0; channel < channels; channel += 1) {
        let sum = 0;
        for (let tap = 0; tap < across.taps; tap += 1) {
          sum +=
            across.weights[x * across.taps + tap]! *
            tall[y * row + across.positions[x * across.taps + tap]! * channels + channel]!;
        }
        // MATLAB rounds halves up; a clamped array would round them to even.
        result[(y * toWidth + x) * channels + channel] = Math.floor(sum + 0.5);
      }
    }
  }
  return new Uint8Array(result.buffer);
}
