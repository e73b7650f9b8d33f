import { describe, expect, it } from 'vitest';
import { linearLight } from '../../../../core/engine/colour/linear-light.ts';
import { srgbToneCurve, toneCurves, type ToneCurve } from '../../../../core/engine/colour/tone-curve.ts';
import { p3Profile } from '../../../fixtures/p3-profile.ts';

/** A profile with nothing in it but the given curve for all channels. */
function profileWith(curve: number[]): Uint8Array {
  const signatures = ['rTRC', 'gTRC', 'bTRC', 'kTRC'];
  const start = 132 + signatures.length * 12;
  const profile = new Uint8Array(start + curve.length);
  const view = new DataView(profile.buffer);
  view.setUint32(128, signatures.length);
  signatures.forEach((signature, index) => {
    profile.set(Buffer.from(signature, 'latin1'), 132 + index * 12);
    view.setUint32(136 + index * 12, start);
    view.setUint32(140 + index * 12, curve.length);
  });
  profile.set(curve, start);
  return profile;
}

const curv = [0x63, 0x75, 0x72, 0x76, 0, 0, 0, 0];
const para = [0x70, 0x61, 0x72, 0x61, 0, 0, 0, 0];
const fixed = (value: number): number[] => {
  const view = new DataView(new ArrayBuffer(4));
  view.setInt32(0, Math.round(value * 65536));
  return [...new Uint8Array(view.buffer)];
};

describe('toneCurves', () => {
  it('reads the curve of the P3 profile, which is that of sRGB', async () => {
    for (const curve of toneCurves(await p3Profile(), 3)) {
      for (let code = 0; code <= 255; code += 5) expect(curve(code / 255)).toBeCloseTo(srgbToneCurve(code / 255), 3);
    }
  });

  const kinds: [string, number[], ToneCurve][] = [
    ['linear', [...curv, 0, 0, 0, 0], (x) => x],
    ['one gamma', [...curv, 0, 0, 0, 1, 2, 51], (x) => x ** (563 / 256)],
    ['samples', [...curv, 0, 0, 0, 3, 0, 0, 0x40, 0, 0xff, 0xff], (x) => (x < 0.5 ? x * 0.5 : 0.25 + (x - 0.5) * 1.5)],
    ['parametric 0', [...para, 0, 0, 0, 0, ...fixed(1.8)], (x) => x ** 1.8],
    ['parametric 3', [...para, 0, 3, 0, 0, ...[2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045].flatMap(fixed)], srgbToneCurve],
  ];
  for (const [name, bytes, expected] of kinds) {
    it(`reads a curve of the kind "${name}"`, () => {
      for (const channels of [1, 3] as const) {
        for (const curve of toneCurves(profileWith(bytes), channels)) {
          for (const x of [0, 0.01, 0.2, 0.5, 0.8, 1]) expect(curve(x)).toBeCloseTo(expected(x), 3);
        }
      }
    });
  }

  it('uses the sRGB curve for no profile, a cut one, and one with tables only', () => {
    for (const icc of [
      null,
      new Uint8Array(10),
      profileWith(curv),
      profileWith([0x6d, 0x66, 0x74, 0x32, 0, 0, 0, 0, 0, 0, 0, 0]),
    ]) {
      expect(toneCurves(icc, 3)).toEqual([srgbToneCurve, srgbToneCurve, srgbToneCurve]);
    }
  });
});

describe('linearLight', () => {
  for (const bitDepth of [8, 16] as const) {
    for (const [name, curve] of [
      ['sRGB', srgbToneCurve],
      ['gamma 1.8', (x: number) => x ** 1.8],
      ['gamma 2.4', (x: number) => x ** 2.4],
      ['linear', (x: number) => x],
    ] as const) {
      it(`comes back to the same code at ${String(bitDepth)} bits: ${name}`, () => {
        const light = linearLight(curve, bitDepth);
        const tolerance = bitDepth === 8 ? 0 : 2;
        light.decode.forEach((linear, code) => {
          // Below one millionth of white a pure power curve is flatter than a float can tell apart.
          if (linear > 1e-6) expect(Math.abs(light.encode(linear) - code)).toBeLessThanOrEqual(tolerance);
        });
        expect(light.encode(-1)).toBe(0);
        expect(light.encode(2)).toBe(bitDepth === 8 ? 255 : 65535);
      });
    }
  }
});
