/** Turns drawn light into the bytes of a photo, as a camera's developer does: tone curve, vignette, sRGB. */
import { clamp01, sceneHeight, sceneWidth, sceneX, sceneY, type Canvas } from './canvas.ts';

const tableSteps = 8192;

/** sRGB bytes ×256 over the square root of light, which spends the table's steps where the eye sees them. */
function toneTable(): Uint16Array {
  return Uint16Array.from({ length: tableSteps + 1 }, (_, index) => {
    const light = (index / tableSteps) ** 2 * 4;
    // A shoulder for the highlights and a little toe: the curve of film, white at 4 times middle white.
    const toned = (light * (1 + light / 9)) / (1 + light);
    const bright = clamp01(toned * 1.62);
    const coded = bright <= 0.0031308 ? bright * 12.92 : 1.055 * bright ** (1 / 2.4) - 0.055;
    const contrast = coded + 0.11 * coded * (1 - coded) * (2 * coded - 0.9);
    return Math.round(clamp01(contrast) * 255 * 256);
  });
}

/** Interleaved 8-bit sRGB. `grain` is the strength of sensor-like noise in 8-bit steps, 0 for none. */
export function develop(canvas: Canvas, grain: number): Uint8Array {
  const table = toneTable();
  const { width, height, light } = canvas;
  const bytes = new Uint8Array(width * height * 3);
  let state = 0x2545f491;
  let at = 0;
  for (let row = 0; row < height; row += 1) {
    const dy = sceneY(canvas, row) / sceneHeight - 0.5;
    for (let column = 0; column < width; column += 1) {
      const dx = sceneX(canvas, column) / sceneWidth - 0.5;
      const vignette = 1 - 0.45 * (dx * dx + dy * dy);
      // Two draws make a triangular dither: no bands in the sky.
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      const first = state >>> 16;
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      const dither = (first - (state >>> 16)) / 65536;
      for (let channel = 0; channel < 3; channel += 1, at += 1) {
        const value = light[at]! * vignette;
        const index = value <= 0 ? 0 : value >= 4 ? tableSteps : Math.sqrt(value / 4) * tableSteps;
        const coded = table[index | 0]! / 256 + dither * (0.5 + grain);
        bytes[at] = coded <= 0 ? 0 : coded >= 255 ? 255 : coded + 0.5;
      }
    }
  }
  return bytes;
}
