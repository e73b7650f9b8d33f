/** The bank at the viewer's feet: ground, stones at the water, grass and flowers. */
import { clamp01, mix, smoothstep, srgb, type Colour } from './canvas.ts';
import { noise, octaves, randomNumbers } from './noise.ts';
import { fillPolygon, stroke, type Pen, type Texture } from './pen.ts';

const soil = srgb(0x1e2412);
const moss = srgb(0x3d4a1e);
const stoneLit = srgb(0xcdbfae);
const stoneShade = srgb(0x3c4048);
const grassDark = srgb(0x1d2b14);
const grass = srgb(0x57702c);
const grassLit = srgb(0xc9bd62);
const straw = srgb(0xd9b56e);
const petals: readonly Colour[] = [srgb(0xf6f0e4), srgb(0xe8c33a), srgb(0x8a63b8), srgb(0xd9574a)];

/** Scene height of the bank's upper outline. */
export function bankCrest(x: number): number {
  const left = 0.1 * smoothstep(0.55, -0.1, x);
  const right = 0.135 * smoothstep(0.62, 1.4, x);
  return 0.978 - left - right + 0.008 * noise(x * 5, 0.5) + 0.003 * noise(x * 21, 9.5);
}

export function drawMeadow(pen: Pen): void {
  drawGround(pen);
  drawStones(pen);
  drawGrass(pen);
}

function drawGround(pen: Pen): void {
  const points: number[] = [];
  for (let step = 0; step <= 200; step += 1) {
    const x = -0.05 + (1.45 * step) / 200;
    points.push(x, bankCrest(x));
  }
  points.push(1.4, 1.05, -0.05, 1.05);
  const pixel = 1 / pen.canvas.scale;
  const ground: Texture = (x, y, out) => {
    const patch = clamp01(0.5 + octaves(x * 24, y * 60, 5, pixel * 60));
    for (let channel = 0; channel < 3; channel += 1) out[channel] = soil[channel]! + (moss[channel]! - soil[channel]!) * patch;
  };
  fillPolygon(pen, points, ground);
}

function drawStones(pen: Pen): void {
  const random = randomNumbers(404);
  const stones = Array.from({ length: 64 }, () => {
    const x = -0.05 + 1.45 * random();
    const size = 0.006 + 0.03 * random() ** 3;
    return { x, y: bankCrest(x) + 0.012 * (random() - 0.55) + size * 0.3, size, tone: random() };
  }).sort((first, second) => first.y - second.y);
  for (const stone of stones) drawStone(pen, stone.x, stone.y, stone.size, stone.tone);
}

function drawStone(pen: Pen, x: number, y: number, size: number, tone: number): void {
  const points: number[] = [];
  for (let corner = 0; corner < 28; corner += 1) {
    const angle = (2 * Math.PI * corner) / 28;
    const radius = size * (1 + 0.22 * noise(Math.cos(angle) * 1.3 + tone * 40, Math.sin(angle) * 1.3 + 3.7));
    points.push(x + radius * Math.cos(angle), y + radius * 0.62 * Math.sin(angle));
  }
  const pixel = 1 / pen.canvas.scale;
  const frequency = 1.6 / size;
  const surface: Texture = (px, py, out) => {
    const u = (px - x) / size;
    const v = (py - y) / (size * 0.62);
    const bump = octaves(px * frequency + tone * 9, py * frequency * 1.4, 7, pixel * frequency);
    const slope =
      octaves((px + size * 0.06) * frequency + tone * 9, (py - size * 0.05) * frequency * 1.4, 7, pixel * frequency) - bump;
    const light = clamp01(0.42 + 0.34 * u - 0.42 * v - 1.5 * slope + 0.15 * bump) * (0.7 + 0.5 * tone);
    for (let channel = 0; channel < 3; channel += 1)
      out[channel] = stoneShade[channel]! * 0.6 + (stoneLit[channel]! - stoneShade[channel]! * 0.6) * light * light;
  };
  fillPolygon(pen, points, surface);
}

/** Grass from the back of the bank to the front, blades and stalks bent by one light wind. */
function drawGrass(pen: Pen): void {
  const random = randomNumbers(9);
  const rows = 64;
  const points = new Float64Array(14);
  for (let row = 0; row < rows; row += 1) {
    const nearness = row / (rows - 1);
    const perRow = 170;
    for (let blade = 0; blade < perRow; blade += 1) {
      const x = -0.05 + (1.45 * (blade + random())) / perRow;
      const crest = bankCrest(x);
      const y = crest + 0.004 + (1.05 - crest) * nearness ** 1.3;
      const tuft = 0.5 + 0.5 * noise(x * 11 + row * 0.13, row * 0.21);
      const kind = random();
      if (tuft * 0.75 + 0.45 < kind) continue;
      const length = (0.016 + 0.05 * tuft * (0.5 + 0.5 * nearness)) * (0.5 + 0.9 * random());
      const bend = length * (0.15 + 0.75 * (random() - 0.35) + 0.35 * noise(x * 4, 5.5));
      const width = 0.0011 + 0.0016 * random() * (0.5 + nearness);
      const sunlit = clamp01(0.3 + 0.5 * noise(x * 7 + 3, row * 0.11) + 0.6 * (random() - 0.4));
      const colour =
        kind < 0.08 ? straw : sunlit < 0.5 ? mix(grassDark, grass, sunlit * 2) : mix(grass, grassLit, (sunlit - 0.5) * 1.6);
      for (let part = 0; part < 3; part += 1) {
        const along = part / 3;
        const px = x + bend * along * along;
        const py = y - length * along;
        const half = (width * (part === 0 ? 0.3 : 1 - along * 0.75)) / 2;
        points[2 * part] = px - half;
        points[2 * part + 1] = py;
        points[12 - 2 * part] = px + half;
        points[13 - 2 * part] = py;
      }
      points[6] = x + bend;
      points[7] = y - length * (1 - 0.25 * Math.abs(bend / length));
      fillPolygon(pen, points, colour);
      if (kind > 0.022 || nearness < 0.08) continue;
      drawFlower(pen, x + bend, y - length, 0.0028 + 0.003 * nearness, random);
    }
  }
}

function drawFlower(pen: Pen, x: number, y: number, size: number, random: () => number): void {
  const colour = petals[Math.floor(random() * petals.length)]!;
  const turn = random() * Math.PI;
  stroke(pen, x, y, x - size * 0.8, y + size * 5, size * 0.28, size * 0.3, grass);
  for (let petal = 0; petal < 7; petal += 1) {
    const angle = turn + (2 * Math.PI * petal) / 7;
    const reachX = Math.cos(angle) * size;
    const reachY = Math.sin(angle) * size * 0.7;
    fillPolygon(
      pen,
      [
        x,
        y,
        x + reachX * 0.7 - reachY * 0.35,
        y + reachY * 0.7 + reachX * 0.25,
        x + reachX,
        y + reachY,
        x + reachX * 0.7 + reachY * 0.35,
        y + reachY * 0.7 - reachX * 0.25,
      ],
      mix(colour, grassDark, reachY > 0 ? 0.25 : 0),
    );
  }
  fillPolygon(pen, [x - size * 0.28, y, x, y - size * 0.22, x + size * 0.28, y, x, y + size * 0.22], petals[1]!);
}
