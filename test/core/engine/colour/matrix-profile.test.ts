import { afterAll, describe, expect, test } from 'vitest';
import {
  type Chromaticities,
  type DeviceCurve,
  describedProfile,
  isSrgbLike,
  srgbPrimaries,
} from '../../../../core/engine/colour/matrix-profile.ts';
import { srgbToneCurve } from '../../../../core/engine/colour/tone-curve.ts';
import type { RasterShape } from '../../../../core/engine/raster/raster.ts';
import { createRaster } from '../../../../core/engine/raster/tiff-raster-writer.ts';
import { iccProfileName } from '../../../../core/engine/recognise/icc.ts';
import { sharp } from '../../../../core/engine/sharp.ts';
import { scratchFolder } from '../../../fixtures/decoding.ts';

const folder = scratchFolder();
afterAll(() => {
  folder.remove();
});

/** Linear light to linear sRGB, rows, as published for these primaries (all of white D65). */
const spaces: Record<string, { primaries: Chromaticities; toSrgb: number[][] }> = {
  'BT.709': { primaries: srgbPrimaries, toSrgb: [[1, 0, 0], [0, 1, 0], [0, 0, 1]] },
  'BT.709, red and green changed over': {
    primaries: { ...srgbPrimaries, red: srgbPrimaries.green, green: srgbPrimaries.red },
    toSrgb: [[0, 1, 0], [1, 0, 0], [0, 0, 1]],
  },
  'Display P3': {
    primaries: { ...srgbPrimaries, red: [0.68, 0.32], green: [0.265, 0.69] },
    toSrgb: [[1.22494, -0.22494, 0], [-0.04206, 1.04206, 0], [-0.01964, -0.07864, 1.09828]],
  },
  'Adobe RGB': {
    primaries: { ...srgbPrimaries, green: [0.21, 0.71] },
    toSrgb: [[1.39836, -0.39836, 0], [0, 1, 0], [0, -0.04293, 1.04293]],
  },
  'BT.2020': {
    primaries: { ...srgbPrimaries, red: [0.708, 0.292], green: [0.17, 0.797], blue: [0.131, 0.046] },
    toSrgb: [[1.66049, -0.58764, -0.07285], [-0.12455, 1.1329, -0.00835], [-0.01815, -0.10058, 1.11873]],
  },
}; // prettier-ignore
const curves: DeviceCurve[] = [1, 1.6, 1.8, 2.2, 2.8, 'srgb'];

function encodeSrgb(linear: number): number {
  const light = Math.min(1, Math.max(0, linear));
  return 255 * (light <= 0.0031308 ? light * 12.92 : 1.055 * light ** (1 / 2.4) - 0.055);
}

function decodeBy(curve: DeviceCurve, value: number): number {
  return curve === 'srgb' ? srgbToneCurve(value / 255) : (value / 255) ** curve;
}

let files = 0;

/** What lcms makes of these 8-bit samples: sRGB, three channels. */
async function toSrgb(samples: Uint8Array, channels: 1 | 3, icc: Uint8Array): Promise<Uint8Array> {
  const shape: RasterShape = { width: samples.length / channels, height: 1, channels, bitDepth: 8 };
  const path = folder.path(`profile-${String(files++)}.tif`);
  const writer = createRaster(path, shape, { icc, density: null });
  writer.writeRows(0, 1, samples);
  writer.close();
  return await sharp(path).toColourspace('srgb').raw().toBuffer();
}

/** Colours of every lightness and hue. */
const levels = [0, 40, 90, 128, 200, 255];
const colours = levels.flatMap((red) => levels.flatMap((green) => levels.map((blue) => [red, green, blue])));

describe.each(Object.entries(spaces))('a profile of %s', (_, { primaries, toSrgb: matrix }) => {
  test.each(curves)('and the curve %s is converted to the right sRGB', async (curve) => {
    const icc = describedProfile({ primaries, curve }, 'rgb');
    const found = await toSrgb(Uint8Array.from(colours.flat()), 3, icc ?? new Uint8Array());
    const linear = colours.map((colour) => colour.map((value) => decodeBy(curve, value)));
    const mixed = linear.map((light) => matrix.map((row) => row.reduce((sum, by, index) => sum + by * (light[index] ?? 0), 0)));
    const inGamut = mixed.map((light) => light.every((value) => value >= 0 && value <= 1));
    const errors = mixed.flatMap((light, colour) =>
      inGamut[colour] === true ? light.map((value, axis) => Math.abs(encodeSrgb(value) - (found[colour * 3 + axis] ?? 0))) : [],
    );
    expect(errors.length).toBeGreaterThan(50);
    expect(Math.max(...errors)).toBeLessThanOrEqual(2);
  });
});

test.each([1, 1.6, 2.8, 'srgb'] as const)('a grey profile of the curve %s is converted to the right sRGB', async (curve) => {
  // lcms draws a straight line through the first steps of 8-bit grey, whatever the curve.
  const greys = Uint8Array.from({ length: 256 - 8 }, (_, value) => value + 8);
  const found = await toSrgb(greys, 1, describedProfile({ primaries: srgbPrimaries, curve }, 'grey') ?? new Uint8Array());
  const channels = found.length / greys.length;
  const errors = [...greys].map((value, index) => Math.abs(encodeSrgb(decodeBy(curve, value)) - (found[index * channels] ?? 0)));
  expect(Math.max(...errors)).toBeLessThanOrEqual(2);
});

test.each([[0.3457, 0.3585], [0.3333, 0.3333], [0.3101, 0.3162]] as const)('white at %f, %f stays white and grey grey', async (...white) => {
  const icc = describedProfile({ primaries: { ...srgbPrimaries, white }, curve: 'srgb' }, 'rgb');
  const found = await toSrgb(Uint8Array.from([255, 255, 255, 120, 120, 120]), 3, icc ?? new Uint8Array());
  for (const [index, value] of found.entries()) expect(Math.abs(value - (index < 3 ? 255 : 120))).toBeLessThanOrEqual(2);
}); // prettier-ignore

test('a profile has a name that other programs can show', () => {
  expect(iccProfileName(describedProfile({ primaries: srgbPrimaries, curve: 1 }, 'rgb') ?? new Uint8Array())).toMatch(/colours/i);
});

test.each([
  ['on one line', { ...srgbPrimaries, red: [0.3, 0.6], green: [0.3, 0.6] }],
  ['without light', { white: [0, 0], red: [0, 0], green: [0, 0], blue: [0, 0] }],
  ['outside the diagram', { ...srgbPrimaries, blue: [40_000, 0.06] }],
  ['with a black white', { ...srgbPrimaries, white: [0.3, 0] }],
] satisfies [string, Chromaticities][])('primaries %s give no profile', (_, primaries) => {
  expect(describedProfile({ primaries, curve: 2.2 }, 'rgb')).toBeNull();
});

test('what cannot be told from sRGB counts as sRGB', () => {
  expect(isSrgbLike({ primaries: srgbPrimaries, curve: 1 / 0.45455 }, 'rgb')).toBe(true);
  expect(isSrgbLike({ primaries: srgbPrimaries, curve: 1 / 0.45 }, 'rgb')).toBe(true);
  expect(isSrgbLike({ primaries: srgbPrimaries, curve: 1.8 }, 'rgb')).toBe(false);
  const p3 = { primaries: { ...srgbPrimaries, red: [0.68, 0.32] as const }, curve: 2.2 };
  expect(isSrgbLike(p3, 'rgb')).toBe(false);
  expect(isSrgbLike(p3, 'grey')).toBe(true);
});
