/** A conifer, branch by branch and twig by twig, lit from the right. */
import { clamp01, mix, srgb, type Colour } from './canvas.ts';
import { randomNumbers } from './noise.ts';
import { fillPolygon, stroke, type Pen } from './pen.ts';

export interface Conifer {
  readonly x: number;
  /** Scene height of its foot. */
  readonly y: number;
  /** Scene units from foot to top. */
  readonly height: number;
  readonly seed: number;
  /** 0 near, 1 lost in the haze. */
  readonly haze: number;
}

const bark = srgb(0x3a2a1f);
const shadeNeedles = srgb(0x0d1c15);
const needles = srgb(0x27402a);
const litNeedles = srgb(0x8a8a41);
const hazeColour = srgb(0xa9b7c2);

const twigsPerBranch = 36;
const randomsPerTwig = 6;

const blade = new Float64Array(8);

export function drawConifer(pen: Pen, tree: Conifer): void {
  const random = randomNumbers(tree.seed);
  const { x, y, height } = tree;
  const heightPixels = height * pen.canvas.scale;
  const levels = Math.round(30 + 140 * height);
  // The tree is the same at every size: where twigs are much finer than a pixel, one stands for several.
  const stride = 2 ** Math.max(0, Math.round(Math.log2((twigsPerBranch * 14) / heightPixels)));
  const tint = (colour: Colour): Colour => mix(colour, hazeColour, tree.haze);
  const spread = height * (0.155 + 0.05 * random());
  const lean = (random() - 0.5) * 0.02 * height;
  stroke(pen, x, y + height * 0.01, x + lean, y - height, height * 0.022, height * 0.002, tint(bark));

  for (let level = levels; level >= 0; level -= 1) {
    const down = (level + random() * 0.7) / levels;
    const reach = spread * (0.06 + down ** 0.82) * (0.72 + 0.5 * random());
    const trunkX = x + lean * (1 - down);
    const trunkY = y - height * (1 - down * 0.9);
    const branches = 5 + Math.round(3 * random());
    for (let branch = 0; branch < branches; branch += 1) {
      // Direction around the trunk, seen from the side: -1 left, 1 right; those towards the viewer come last.
      const turn = -1 + (2 * (branch + random())) / branches;
      const side = Math.sin((turn * Math.PI) / 2);
      const front = (branch % 2 === 0 ? 1 : -1) * Math.sqrt(Math.max(0, 1 - side * side));
      const droop = reach * (0.28 + 0.2 * down + 0.25 * random() + 0.1 * front);
      const tipX = trunkX + side * reach;
      const tipY = Math.min(trunkY + droop, y - height * 0.015);
      const light = clamp01(0.34 + 0.5 * side + 0.22 * (random() - 0.5) - 0.12 * (1 - front) * 0.5);
      drawBranch(pen, { x: trunkX, y: trunkY, tipX, tipY, reach, light }, stride, random, tint);
    }
  }
}

interface Branch {
  readonly x: number;
  readonly y: number;
  readonly tipX: number;
  readonly tipY: number;
  /** Length it would have seen from its side, scene units. */
  readonly reach: number;
  /** 0 in deep shade, 1 in full sun. */
  readonly light: number;
}

function drawBranch(pen: Pen, branch: Branch, stride: number, random: () => number, tint: (colour: Colour) => Colour): void {
  const { x, y, tipX, tipY, reach, light } = branch;
  const direction = tipX < x ? -1 : 1;
  const breadth = 6 / (twigsPerBranch / stride + 3);
  for (let twig = 0; twig < twigsPerBranch; twig += 1) {
    if (twig % stride !== 0) {
      for (let skipped = 0; skipped < randomsPerTwig; skipped += 1) random();
      continue;
    }
    const along = (twig + stride * (0.4 + 0.6 * random())) / twigsPerBranch;
    // The branch hangs and lifts its tip.
    const baseX = x + (tipX - x) * along;
    const baseY = y + (tipY - y) * (along * 1.25 - along * along * 0.25) - reach * 0.05 * along * along;
    const length = reach * (0.13 + 0.2 * random()) * (1.15 - 0.5 * along);
    const outward = direction * (0.35 + 0.65 * along) * length * (0.5 + 0.6 * random());
    const fall = length * (0.3 + 0.75 * random());
    const width = reach * (0.045 + 0.05 * random()) * breadth;
    const bright = light * (0.25 + 0.75 * along) + 0.24 * (random() - 0.5);
    const colour =
      bright < 0.45
        ? mix(shadeNeedles, needles, clamp01(bright / 0.45))
        : mix(needles, litNeedles, clamp01((bright - 0.45) / 0.5));
    blade[0] = baseX - direction * length * 0.3;
    blade[1] = baseY - width;
    blade[2] = baseX + direction * length * 0.1;
    blade[3] = baseY - width * 0.8;
    blade[4] = baseX + outward;
    blade[5] = baseY + fall;
    blade[6] = baseX - direction * length * 0.2;
    blade[7] = baseY + fall * 0.3;
    fillPolygon(pen, blade, tint(colour));
  }
}
