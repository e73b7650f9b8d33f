/** The wooded headland on the left: its bank and its trees, the far ones first. */
import { clamp01, smoothstep, srgb } from './canvas.ts';
import { drawConifer, type Conifer } from './conifer.ts';
import { noise, octaves, randomNumbers } from './noise.ts';
import { fillPolygon, type Pen, type Texture } from './pen.ts';

const tip = 0.56;
/** Scene height of the waterline along the headland. */
export const headlandWater = 0.7;

const grass = srgb(0x565c2c);
const grassLit = srgb(0xa59a4c);
const soil = srgb(0x3b3026);
const gravel = srgb(0x8d8172);

/** Scene height where land meets water. */
function headlandEdge(x: number): number {
  return headlandWater + 0.022 * smoothstep(0.3, -0.3, x) + 0.003 * noise(x * 17, 3.5) + 0.0012 * noise(x * 90, 7.5);
}

/** Scene height of the ground's upper outline. */
function headlandCrest(x: number): number {
  const rise = 0.052 * smoothstep(tip, 0.12, x) + 0.006 * smoothstep(tip, tip - 0.05, x);
  return headlandEdge(x) - rise * (1 + 0.15 * noise(x * 9, 1.5));
}

export function drawHeadland(pen: Pen): void {
  const steps = 160;
  const points: number[] = [];
  for (let step = 0; step <= steps; step += 1) {
    const x = -0.2 + ((tip + 0.2) * step) / steps;
    points.push(x, headlandCrest(x));
  }
  for (let step = steps; step >= 0; step -= 1) {
    const x = -0.2 + ((tip + 0.2) * step) / steps;
    points.push(x, headlandEdge(x));
  }
  const pixel = 1 / pen.canvas.scale;
  const ground: Texture = (x, y, out) => {
    const crest = headlandCrest(x);
    const edge = headlandEdge(x);
    const down = clamp01((y - crest) / Math.max(0.002, edge - crest));
    const patch = octaves(x * 26, y * 80, 6, pixel * 80);
    const lit = clamp01(0.4 + patch * 0.9 - down * 0.35);
    const bare = smoothstep(0.62, 0.9, down + patch * 0.35);
    const stones = clamp01(0.55 + octaves(x * 160 + 9, y * 420, 3, pixel * 420));
    for (let channel = 0; channel < 3; channel += 1) {
      const green = grass[channel]! + (grassLit[channel]! - grass[channel]!) * lit;
      const bank = soil[channel]! + (gravel[channel]! - soil[channel]!) * stones;
      out[channel] = green + (bank - green) * bare;
    }
  };
  fillPolygon(pen, points, ground);
}

/** Trees of the headland, sorted from far to near. */
export function headlandTrees(): Conifer[] {
  const random = randomNumbers(77);
  const trees: Conifer[] = [];
  for (let index = 0; index < 46; index += 1) {
    const x = -0.08 + 0.5 * random() ** 1.25;
    const gap = x > 0.27 && x < 0.47;
    if (gap && random() < 0.8) continue;
    const near = random();
    const crest = headlandCrest(x);
    const y = crest + (headlandEdge(x) - crest) * 0.55 * near;
    const height = (0.11 + 0.2 * smoothstep(0.42, -0.05, x)) * (0.62 + 0.6 * random());
    trees.push({ x, y, height, seed: 1000 + index, haze: 0.13 * (1 - near) });
  }
  trees.push(
    { x: 0.245, y: 0.688, height: 0.3, seed: 31, haze: 0.02 },
    { x: 0.475, y: 0.69, height: 0.12, seed: 32, haze: 0.04 },
  );
  return trees.sort((first, second) => first.y - second.y);
}

export function drawTrees(pen: Pen, trees: readonly Conifer[]): void {
  for (const tree of trees) drawConifer(pen, tree);
}
