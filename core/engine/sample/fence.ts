/** A split-rail fence that runs out of the picture on the right. */
import { clamp01, mix, smoothstep, srgb } from './canvas.ts';
import { bankCrest } from './meadow.ts';
import { octaves, randomNumbers } from './noise.ts';
import { fillPolygon, stroke, type Pen, type Texture } from './pen.ts';

const wood = srgb(0x6f6458);
const woodLit = srgb(0xd8c0a0);
const woodShade = srgb(0x2a2522);
const wire = srgb(0x3a3a3c);

/** Wood whose grain runs from (x0, y0) to (x1, y1), lit from above on the right. */
function timber(pen: Pen, x0: number, y0: number, x1: number, y1: number, width: number, seed: number): Texture {
  const length = Math.hypot(x1 - x0, y1 - y0);
  const alongX = (x1 - x0) / length;
  const alongY = (y1 - y0) / length;
  const pixel = 3 / (width * pen.canvas.scale);
  return (x, y, out) => {
    const along = ((x - x0) * alongX + (y - y0) * alongY) / width;
    const across = ((x - x0) * -alongY + (y - y0) * alongX) / width;
    const grain = octaves(along * 0.5 + seed, across * 7 + seed * 3, 5, pixel);
    const towardsSun = alongX > Math.abs(alongY) ? 0.5 - across : 0.5 - across * Math.sign(alongY);
    const light = clamp01(smoothstep(-0.1, 1.1, towardsSun) + grain * 0.55);
    const crack = smoothstep(0.3, 0.5, octaves(along * 0.16 + 50 + seed, across * 3.4, 3, pixel * 0.5));
    for (let channel = 0; channel < 3; channel += 1) {
      const base =
        light < 0.5
          ? woodShade[channel]! + (wood[channel]! - woodShade[channel]!) * light * 2
          : wood[channel]! + (woodLit[channel]! - wood[channel]!) * (light - 0.5) * 2;
      out[channel] = base * (1 - 0.7 * crack);
    }
  };
}

export function drawFence(pen: Pen): void {
  const random = randomNumbers(21);
  const posts = Array.from({ length: 6 }, (_, index) => {
    const distance = index / 5;
    const x = 1.375 - 0.5 * (1 - (1 - distance) ** 1.7);
    const size = 0.175 - 0.115 * distance ** 0.8;
    return { x, y: bankCrest(x) + 0.028 * (1 - distance) + 0.006, size, lean: (random() - 0.5) * 0.05 };
  }).reverse();
  for (const [index, post] of posts.entries()) {
    const next = posts[index + 1];
    if (next !== undefined) {
      for (const [level, seed] of [
        [0.36, 1],
        [0.74, 2],
      ] as const) {
        const sag = (random() - 0.5) * 0.04;
        const y0 = post.y - post.size * (level + sag);
        const y1 = next.y - next.size * (level - sag);
        const width = 0.085 * next.size;
        const surface = timber(pen, post.x, y0, next.x, y1, width, seed + index * 5);
        stroke(pen, post.x - post.size * 0.08, y0, next.x + next.size * 0.08, y1, 0.085 * post.size, width, surface);
      }
      stroke(
        pen,
        post.x,
        post.y - post.size * 0.93,
        next.x,
        next.y - next.size * 0.93,
        post.size * 0.008,
        next.size * 0.008,
        wire,
      );
    }
  }
  for (const [index, post] of posts.entries()) {
    const topX = post.x + post.lean * post.size;
    const topY = post.y - post.size;
    const width = 0.13 * post.size;
    const surface = timber(pen, post.x, post.y, topX, topY, width, index * 11 + 3);
    stroke(pen, post.x, post.y + 0.1 * post.size, topX, topY, width * 1.05, width * 0.95, surface);
    fillPolygon(
      pen,
      [
        topX - width / 2,
        topY,
        topX - width * 0.1,
        topY - width * 0.22,
        topX + width / 2,
        topY - width * 0.06,
        topX + width * 0.45,
        topY + width * 0.02,
      ],
      mix(woodLit, wood, 0.3),
    );
  }
}
