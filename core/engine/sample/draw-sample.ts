/** Draws the built-in sample photo: a mountain lake in the evening, by arithmetic alone. */
import { drawBoat } from './boat.ts';
import { drawCabin } from './cabin.ts';
import { createCanvas } from './canvas.ts';
import { develop } from './develop.ts';
import { drawFence } from './fence.ts';
import { drawHeadland, drawTrees, headlandTrees, headlandWater } from './headland.ts';
import { createMirror, drawLake } from './lake.ts';
import { drawMeadow } from './meadow.ts';
import { drawMountains } from './mountains.ts';
import type { Pen } from './pen.ts';
import { drawSky } from './sky.ts';

const boat = { x: 0.93, y: 0.79, size: 0.18 };

function drawThings(headland: Pen, water: Pen): void {
  const trees = headlandTrees();
  const cabinY = 0.688;
  drawHeadland(headland);
  drawTrees(
    headland,
    trees.filter((tree) => tree.y < cabinY),
  );
  drawCabin(headland, 0.3, cabinY, 0.135);
  drawTrees(
    headland,
    trees.filter((tree) => tree.y >= cabinY),
  );
  drawBoat(water, boat.x, boat.y, boat.size);
}

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
  drawThings({ canvas: mirror, mirrorY: headlandWater }, { canvas: mirror, mirrorY: boat.y });
  drawLake(canvas, mirror, shoreline);
  const pen: Pen = { canvas, mirrorY: null };
  drawThings(pen, pen);
  drawFence(pen);
  drawMeadow(pen);
  return develop(canvas, grain);
}
