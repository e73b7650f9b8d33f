/** Draws the built-in sample photo: a mountain lake in the evening, by arithmetic alone. */
import { createCanvas } from './canvas.ts';
import { develop } from './develop.ts';
import { createMirror, drawLake } from './lake.ts';
import { drawMountains } from './mountains.ts';
import { drawSky } from './sky.ts';

/**
 * The sample photo as interleaved 8-bit sRGB, height × width × 3 bytes, the same for the same size everywhere.
 * The scene is fixed; a larger size shows finer true detail of it. `grain` adds sensor-like noise of about
 * that many 8-bit steps.
 */
export function drawSample(width: number, height: number, grain = 0): Uint8Array {
  if (!Number.isSafeInteger(width) || !Number.isSafeInteger(height) || width < 1 || height < 1) {
    throw new RangeError(`a sample needs whole sides of at least 1 pixel, not ${String(width)} × ${String(height)}`);
  }
  const canvas = createCanvas(width, height);
  const { skyline, shoreline } = drawMountains(canvas);
  drawSky(canvas, skyline);
  const mirror = createMirror(canvas, shoreline);
  drawLake(canvas, mirror, shoreline);
  return develop(canvas, grain);
}
