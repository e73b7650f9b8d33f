/**
 * Draws the height field column by column from near to far. A step that rises above all before it shows as a
 * strip whose exact share of each pixel is added, so every ridge line is antialiased; what stays uncovered is sky.
 */
import { clamp01, sceneX, smoothstep, srgb, type Canvas } from './canvas.ts';
import { noise, octaves } from './noise.ts';
import { sun } from './sky.ts';
import { castShadows } from './shadows.ts';
import { detailBound, farthestLand, height, nearestLand, snowLine, terrain, treeLine } from './terrain.ts';

/** Scene height of the horizon, where land at eye level would meet the sky. */
export const horizonY = 0.6;
/** Focal length over the height of the picture. */
export const focal = 1.6;
/** Kilometres above the lake. */
export const eyeHeight = 0.03;
/** Scene x straight ahead of the viewer. */
export const middleX = 2 / 3;

const snow = srgb(0xf4f2f0);
const rock = srgb(0x77706c);
const rockDark = srgb(0x4f4a4a);
const meadow = srgb(0x6d7442);
const forest = srgb(0x24362a);
const forestLight = srgb(0x4a5b34);
const haze = srgb(0xa9bdd6);
const hazeWarm = srgb(0xf2d3ae);

/* Light of the low sun and of the blue sky, as factors of a colour. */
const sunLight = [2.7, 1.85, 1.12] as const;
const skyLight = [0.2, 0.29, 0.48] as const;
const sunDirection = { x: 0.83, y: 0.42, z: -0.37 };

/** Kilometres over which the lie of the ground decides what holds on it. */
const groundStep = 0.03;

const shaded = new Float64Array(3);

/** Linear light of the ground at a point, hazed by its distance, into `shaded`. */
function shade(
  x: number,
  z: number,
  altitude: number,
  slopeX: number,
  slopeZ: number,
  level: number,
  lit: number,
  screenX: number,
  pixel: number,
): void {
  const length = Math.hypot(slopeX, 1, slopeZ);
  const facing = (-slopeX * sunDirection.x + sunDirection.y - slopeZ * sunDirection.z) / length;
  const direct = clamp01(facing * 1.15) * lit;
  const open = 0.55 + 0.45 / length;

  const patch = octaves(x * 3.1 + 40, z * 3.1, 4, pixel * 3.1);
  const strata = 0.5 * noise(x * 1.3, altitude * 44 + patch * 3) + octaves(x * 37, altitude * 30 + z * 21, 4, pixel * 37);
  const dark = clamp01(0.5 + strata * 0.6);
  let red = rock[0] + (rockDark[0] - rock[0]) * dark;
  let green = rock[1] + (rockDark[1] - rock[1]) * dark;
  let blue = rock[2] + (rockDark[2] - rock[2]) * dark;

  const grown = (1 - smoothstep(treeLine, treeLine + 0.55, altitude + patch * 0.5)) * smoothstep(0.5, 0.68, level + patch * 0.08);
  red += (meadow[0] - red) * grown;
  green += (meadow[1] - green) * grown;
  blue += (meadow[2] - blue) * grown;
  const wooded = (1 - smoothstep(treeLine - 0.15, treeLine + 0.15, altitude + patch * 0.55)) * smoothstep(0.38, 0.5, level);
  if (wooded > 0) {
    const crown = 0.7 * clamp01(0.5 + octaves(x * 42, z * 42, 3, pixel * 42));
    red += (forest[0] + (forestLight[0] - forest[0]) * crown - red) * wooded;
    green += (forest[1] + (forestLight[1] - forest[1]) * crown - green) * wooded;
    blue += (forest[2] + (forestLight[2] - forest[2]) * crown - blue) * wooded;
  }
  const snowy =
    smoothstep(snowLine - 0.25, snowLine + 0.3, altitude + patch * 0.45) * smoothstep(0.42, 0.62, level + patch * 0.1);
  red += (snow[0] - red) * snowy;
  green += (snow[1] - green) * snowy;
  blue += (snow[2] - blue) * snowy;

  const far = 1 - Math.exp(-(z - 2.2) * 0.062 * (1.15 - 0.25 * clamp01(altitude)));
  const mist = 0.32 * Math.exp(-altitude * 9) * smoothstep(3.4, 5.5, z);
  const veil = clamp01(far + mist);
  const warm = Math.exp(-Math.abs(screenX - sun.x) * 3);
  shaded[0] =
    red * (direct * sunLight[0] + open * skyLight[0]) * (1 - veil) + (haze[0] + (hazeWarm[0] * 1.25 - haze[0]) * warm) * veil;
  shaded[1] =
    green * (direct * sunLight[1] + open * skyLight[1]) * (1 - veil) + (haze[1] + (hazeWarm[1] * 1.15 - haze[1]) * warm) * veil;
  shaded[2] = blue * (direct * sunLight[2] + open * skyLight[2]) * (1 - veil) + (haze[2] + (hazeWarm[2] - haze[2]) * warm) * veil;
}

/** Where land ends in each column, in rows with their fraction, from the top. */
export interface Outline {
  /** Upper edge of the land: what is above it is sky. */
  readonly skyline: Float32Array;
  /** Waterline of the far shore. */
  readonly shoreline: Float32Array;
}

let shadows: ReturnType<typeof castShadows> | undefined;

/** Draws the land on an empty canvas; pixels on the skyline hold only the land's share of them. */
export function drawMountains(canvas: Canvas): Outline {
  const { width, height: rows, light, scale, top } = canvas;
  const land = terrain();
  const shadow = (shadows ??= castShadows(land));
  const skyline = new Float32Array(width);
  const shoreline = new Float32Array(width);
  // On a slope of 45° this step climbs about one pixel.
  const growth = 1.1 / (focal * scale);
  for (let pixelX = 0; pixelX < width; pixelX += 1) {
    const screenX = sceneX(canvas, pixelX);
    const across = (screenX - middleX) / focal;
    let horizon = rows;
    let onLand = false;
    let before = 0;
    let level = 1;
    let levelUntil = 0;
    let step: number;
    let z = nearestLand;
    for (; z < farthestLand && (horizon > 0 || !onLand); z += step) {
      step = z * growth;
      const x = across * z;
      const rough = land(x, z);
      if (!onLand) {
        if (rough < 0) continue;
        onLand = true;
        horizon = (horizonY + (focal * eyeHeight) / z - top) * scale;
        shoreline[pixelX] = horizon;
      }
      if ((horizonY - (focal * (rough + detailBound - eyeHeight)) / z - top) * scale >= horizon) {
        before = 0;
        step *= 2;
        continue;
      }
      const pixel = z / (focal * scale);
      const altitude = Math.max(0, height(x, z, rough, pixel));
      const row = (horizonY - (focal * (altitude - eyeHeight)) / z - top) * scale;
      if (row >= horizon) {
        before = 0;
        continue;
      }
      const slopeX = (height(x + pixel, z, land(x + pixel, z), pixel) - altitude) / pixel;
      const slopeZ = (height(x, z + pixel, land(x, z + pixel), pixel) - altitude) / pixel;
      if (z > levelUntil) {
        levelUntil = z + groundStep / 2;
        const ground = height(x, z, rough, groundStep);
        const groundX = (height(x + groundStep, z, land(x + groundStep, z), groundStep) - ground) / groundStep;
        const groundZ = (height(x, z + groundStep, land(x, z + groundStep), groundStep) - ground) / groundStep;
        level = 1 / Math.hypot(groundX, 1, groundZ);
      }
      shade(x, z, altitude, slopeX, slopeZ, level, shadow(x, z, altitude), screenX, pixel);
      addStrip(light, width, rows, pixelX, row, horizon);
      // Where the ground lies flat many steps would share a pixel.
      if (before > 0 && before - row < 0.5) step *= 2;
      before = row;
      horizon = row;
    }
    skyline[pixelX] = Math.max(0, horizon);
    fillWaterline(light, width, rows, pixelX, shoreline[pixelX]!);
  }
  return { skyline, shoreline };
}

/** Adds `shaded` to one column between two rows, by the share of each pixel between them. */
function addStrip(light: Float32Array, width: number, rows: number, column: number, from: number, to: number): void {
  const last = Math.min(rows, Math.ceil(to));
  for (let row = Math.max(0, Math.floor(from)); row < last; row += 1) {
    const share = Math.min(to, row + 1) - Math.max(from, row);
    const at = (row * width + column) * 3;
    light[at]! += share * shaded[0]!;
    light[at + 1]! += share * shaded[1]!;
    light[at + 2]! += share * shaded[2]!;
  }
}

/** Completes the pixel that land shares with the lake, which is drawn over its part. */
function fillWaterline(light: Float32Array, width: number, rows: number, column: number, waterline: number): void {
  const row = Math.floor(waterline);
  const share = waterline - row;
  if (row < 0 || row >= rows || share < 0.01) return;
  const at = (row * width + column) * 3;
  for (let channel = 0; channel < 3; channel += 1) light[at + channel]! /= share;
}
