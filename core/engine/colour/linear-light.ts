/** Tables between device codes and linear light, fast enough for every sample of a picture. */
import type { SampleDepth } from '../../photo/facts.ts';
import { maxSample } from '../raster/raster.ts';
import type { ToneCurve } from './tone-curve.ts';

export interface LinearLight {
  /** Linear light 0..1 of every device code. */
  readonly decode: Float32Array;
  /** Nearest device code of a linear value; values outside 0..1 are clamped. */
  encode(linear: number): number;
}

// Indexed by the square root of the linear value, where equal steps are about equally visible; with
// interpolation 2^15 steps stay within one 16-bit code for gamma 1.8 to 2.4.
const steps = 1 << 15;

export function linearLight(curve: ToneCurve, bitDepth: SampleDepth): LinearLight {
  const top = maxSample(bitDepth);
  const decode = Float32Array.from({ length: top + 1 }, (_, code) => Math.min(1, Math.max(0, curve(code / top))));
  const inverse = invert(decode, top);
  return {
    decode,
    encode(linear) {
      if (!(linear > 0)) return 0;
      if (linear >= 1) return inverse[steps] ?? top;
      const position = Math.sqrt(linear) * steps;
      const below = Math.floor(position);
      const low = inverse[below] ?? 0;
      return Math.round(low + ((inverse[below + 1] ?? low) - low) * (position - below));
    },
  };
}

/** Fractional code at each step; the decode table never falls for a usable profile, so one sweep is enough. */
function invert(decode: Float32Array, top: number): Float64Array {
  const inverse = new Float64Array(steps + 1);
  let code = 0;
  for (let step = 0; step <= steps; step += 1) {
    const linear = (step / steps) ** 2;
    while (code < top && (decode[code + 1] ?? 1) < linear) code += 1;
    const low = decode[code] ?? 0;
    const high = decode[Math.min(top, code + 1)] ?? low;
    const within = high > low ? Math.min(1, Math.max(0, (linear - low) / (high - low))) : 0;
    inverse[step] = Math.min(top, code + within);
  }
  return inverse;
}
