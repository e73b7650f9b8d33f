/** The sky of an early evening: gradient, glow of a low sun on the right, soft clouds lit from there. */
import { clamp01, mix, sceneX, sceneY, smoothstep, srgb, type Canvas } from './canvas.ts';
import { octaves } from './noise.ts';

/** Where the sun stands, in scene units, just under the skyline. */
export const sun = { x: 1.12, y: 0.44 };

const zenith = srgb(0x2c5a94);
const middle = srgb(0x7fa9cf);
const horizon = srgb(0xf3cfa6);
const glow = srgb(0xffc27a);
const cloudShade = srgb(0x8b95ad);
const cloudLight = srgb(0xffe3c4);

/** Adds the sky above `skyline` (rows with their fraction, one a column) to what the land left of each pixel. */
export function drawSky(canvas: Canvas, skyline: Float32Array): void {
  const { width, height, light, scale } = canvas;
  const pixel = 1 / scale;
  const rows = Math.min(height, Math.ceil(skyline.reduce((lowest, row) => Math.max(lowest, row), 0)));
  for (let row = 0; row < rows; row += 1) {
    const y = sceneY(canvas, row);
    const high = clamp01(y / 0.5);
    const base = high < 0.55 ? mix(zenith, middle, smoothstep(0, 0.55, high)) : mix(middle, horizon, smoothstep(0.55, 1, high));
    for (let column = 0; column < width; column += 1) {
      const share = Math.min(1, skyline[column]! - row);
      if (share <= 0) continue;
      const x = sceneX(canvas, column);
      const distance = Math.hypot(x - sun.x, (y - sun.y) * 1.3);
      const near = Math.exp(-distance * 4.2);
      let red = base[0] + glow[0] * near * 0.9;
      let green = base[1] + glow[1] * near * 0.8;
      let blue = base[2] + glow[2] * near * 0.65;
      // Clouds lie in a plane overhead, so they flatten towards the horizon.
      const depth = 0.2 / (0.62 - Math.min(y, 0.5));
      const cloudX = (x - 0.7) * depth * 4.4;
      const cloudY = depth * 9;
      const detail = pixel * depth * 5;
      const warp = octaves(cloudX * 0.6 + 5, cloudY * 0.6, 3, detail);
      const density = octaves(cloudX * 0.62 + warp * 0.8 + 8.3, cloudY * 0.75 + 2.7 + warp * 0.5, 7, detail) + 0.02;
      const cover = smoothstep(-0.04, 0.42, density);
      if (cover > 0) {
        const thick = smoothstep(0.1, 0.62, density);
        const lit = clamp01(1 - 0.8 * thick + near * 0.7);
        const opacity = cover * 0.9;
        red += (cloudShade[0] + (cloudLight[0] * (1.15 + near) - cloudShade[0]) * lit - red) * opacity;
        green += (cloudShade[1] + (cloudLight[1] * (1.15 + 0.7 * near) - cloudShade[1]) * lit - green) * opacity;
        blue += (cloudShade[2] + (cloudLight[2] * (1.15 + 0.3 * near) - cloudShade[2]) * lit - blue) * opacity;
      }
      const at = (row * width + column) * 3;
      light[at]! += red * share;
      light[at + 1]! += green * share;
      light[at + 2]! += blue * share;
    }
  }
}
