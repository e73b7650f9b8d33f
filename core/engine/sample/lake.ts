/** The lake: what stands above it upside down, moved by ripples, over dark water. */
import { clamp01, sceneX, sceneY, smoothstep, srgb, type Canvas } from './canvas.ts';
import { eyeHeight, focal, horizonY, middleX } from './mountains.ts';
import { octaves } from './noise.ts';

const deep = srgb(0x0c2b33);
const shallow = srgb(0x2c5a50);

/** A canvas for the mirror image alone: the rows of `canvas` from scene height `fromY` down, filled from above `shoreline`. */
export function createMirror(canvas: Canvas, shoreline: Float32Array): Canvas {
  const firstRow = Math.max(0, Math.min(canvas.height, Math.floor((horizonY - canvas.top) * canvas.scale) - 1));
  const mirror: Canvas = {
    ...canvas,
    height: canvas.height - firstRow,
    top: canvas.top + firstRow / canvas.scale,
    light: new Float32Array((canvas.height - firstRow) * canvas.width * 3),
  };
  for (let row = 0; row < mirror.height; row += 1) {
    for (let column = 0; column < canvas.width; column += 1) {
      // Rows above the waterline hold the land itself: ripples near the shore reach up to them.
      const source = Math.min(2 * shoreline[column]! - (row + firstRow) - 1, Math.ceil(shoreline[column]!) - 2);
      const above = Math.floor(source);
      const share = source - above;
      const first = (Math.max(0, Math.min(canvas.height - 1, above)) * canvas.width + column) * 3;
      const second = (Math.max(0, Math.min(canvas.height - 1, above + 1)) * canvas.width + column) * 3;
      const at = (row * canvas.width + column) * 3;
      for (let channel = 0; channel < 3; channel += 1) {
        mirror.light[at + channel] = canvas.light[first + channel]! * (1 - share) + canvas.light[second + channel]! * share;
      }
    }
  }
  return mirror;
}

/** Draws the water below `shoreline` (rows, one a column) from the mirror image. */
export function drawLake(canvas: Canvas, mirror: Canvas, shoreline: Float32Array): void {
  const { width, height, light, scale } = canvas;
  const firstRow = height - mirror.height;
  for (let row = firstRow; row < height; row += 1) {
    const y = sceneY(canvas, row);
    const z = (focal * eyeHeight) / Math.max(0.002, y - horizonY);
    const metresX = (z * 1000) / focal;
    const metresZ = z * 1000;
    const pixelX = metresX / scale;
    // Seen from so low, a pixel is many metres deep: it is that depth which hides the finest ripples.
    const pixelZ = (z * z * 1000) / (focal * eyeHeight * scale);
    const blur = Math.sqrt(pixelX * pixelZ);
    const near = clamp01((y - 0.615) / 0.35);
    const sway = 0.004 + 0.03 * near;
    const graze = Math.min(1, eyeHeight / z);
    const baseReflection = 0.03 + 0.97 * (1 - graze) ** 5.5;
    for (let column = 0; column < width; column += 1) {
      const cover = clamp01(row + 1 - shoreline[column]!);
      if (cover === 0) continue;
      const x = sceneX(canvas, column) - middleX;
      const worldX = x * metresX;
      const calm = smoothstep(-0.25, 0.35, octaves(worldX / 120 + 3, metresZ / 55, 3, blur / 60));
      const wave = octaves(worldX / 5.5, metresZ / 6.5, 5, blur / 6) * (0.35 + 0.65 * calm);
      const side = octaves(worldX / 7 + 90, metresZ / 8, 3, blur / 7);
      const sampleX = column + side * sway * 0.35 * scale;
      const sampleY = row - firstRow + (wave - 0.1) * sway * scale;
      const left = Math.max(0, Math.min(width - 2, Math.floor(sampleX)));
      const above = Math.max(0, Math.min(mirror.height - 2, Math.floor(sampleY)));
      const shareX = clamp01(sampleX - left);
      const shareY = clamp01(sampleY - above);
      const first = (above * width + left) * 3;
      const second = first + (mirror.height > 1 ? width * 3 : 0);
      const next = width > 1 ? 3 : 0;
      const reflection = clamp01(baseReflection * (1 - 0.55 * wave));
      const bottom = smoothstep(0.75, 1, y) * 0.6;
      const at = (row * width + column) * 3;
      for (let channel = 0; channel < 3; channel += 1) {
        const upper = mirror.light[first + channel]! * (1 - shareX) + mirror.light[first + next + channel]! * shareX;
        const lower = mirror.light[second + channel]! * (1 - shareX) + mirror.light[second + next + channel]! * shareX;
        const image = upper + (lower - upper) * shareY;
        const water = deep[channel]! + (shallow[channel]! - deep[channel]!) * bottom;
        const value = image * 0.93 * reflection + water * (1 - reflection);
        light[at + channel]! += (value - light[at + channel]!) * cover;
      }
    }
  }
}
