/** Colours by their numbers in ITU-T H.273, tables 2 and 3: ordinary (SDR) ones only. */
import { type Chromaticities, type ColourDescription, type DeviceCurve, srgbPrimaries } from '../colour/matrix-profile.ts';
import type { Cicp } from '../recognise/photo-header.ts';

const d65 = [0.3127, 0.329] as const;
const displayP3: Chromaticities = { white: d65, red: [0.68, 0.32], green: [0.265, 0.69], blue: [0.15, 0.06] };
const smpteC: Chromaticities = { white: d65, red: [0.63, 0.34], green: [0.31, 0.595], blue: [0.155, 0.07] };

/** 0 and 2 mean "unspecified", which is taken for sRGB as everywhere for untagged pictures. */
const primariesByNumber: Readonly<Record<number, Chromaticities>> = {
  0: srgbPrimaries,
  1: srgbPrimaries,
  2: srgbPrimaries,
  4: { white: [0.31, 0.316], red: [0.67, 0.33], green: [0.21, 0.71], blue: [0.14, 0.08] },
  5: { white: d65, red: [0.64, 0.33], green: [0.29, 0.6], blue: [0.15, 0.06] },
  6: smpteC,
  7: smpteC,
  9: { white: d65, red: [0.708, 0.292], green: [0.17, 0.797], blue: [0.131, 0.046] },
  11: { ...displayP3, white: [0.314, 0.351] },
  12: displayP3,
};

/** The camera curves of BT.709, BT.601 and BT.2020 (1, 6, 14, 15) are shown by the curve of sRGB, as browsers do. */
const curvesByNumber: Readonly<Record<number, DeviceCurve>> = {
  1: 'srgb',
  2: 'srgb',
  4: 2.2,
  5: 2.8,
  6: 'srgb',
  8: 1,
  13: 'srgb',
  14: 'srgb',
  15: 'srgb',
};

/** What the numbers mean, or null where that is no matrix with a tone curve of an ordinary photo. */
export function describeCicp({ primaries, transfer }: Cicp): ColourDescription | null {
  const points = primariesByNumber[primaries];
  const curve = curvesByNumber[transfer];
  return points === undefined || curve === undefined ? null : { primaries: points, curve };
}

export function isDisplayP3({ primaries, curve }: ColourDescription): boolean {
  return primaries === displayP3 && curve === 'srgb';
}
