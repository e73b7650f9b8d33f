/** A log cabin with a shingled roof, a chimney and a lit window. */
import { mix, srgb, type Colour } from './canvas.ts';
import { octaves, randomNumbers } from './noise.ts';
import { fillPolygon, stroke, type Pen, type Texture } from './pen.ts';

const log = srgb(0x8a5a34);
const logLit = srgb(0xc88f56);
const logShade = srgb(0x38241a);
const shingle = srgb(0x6d4136);
const shingleLit = srgb(0xb5735a);
const trim = srgb(0xe9dcc4);
const stone = srgb(0x7a6a5c);
const lamp: Colour = [2.1, 1.05, 0.26];
const dark = srgb(0x1a1512);

/** Draws the cabin with the left end of its long wall at (`x`, `y`) on the ground, `size` scene units wide. */
export function drawCabin(pen: Pen, x: number, y: number, size: number): void {
  const at = (u: number, v: number): [number, number] => [x + u * size, y - v * size];
  const polygon = (corners: readonly (readonly [number, number])[], paint: Colour | Texture): void => {
    fillPolygon(
      pen,
      corners.flatMap(([u, v]) => at(u, v)),
      paint,
    );
  };
  const line = (u0: number, v0: number, u1: number, v1: number, width: number, paint: Colour): void => {
    stroke(pen, ...at(u0, v0), ...at(u1, v1), width * size, width * size, paint);
  };
  const wood = (lit: number): Texture => {
    const pixel = 60 / (size * pen.canvas.scale);
    return (px, py, out) => {
      const u = (px - x) / size;
      const v = (y - py) / size;
      const grain = octaves(u * 14, v * 60, 4, pixel);
      const round = v * 13 - Math.floor(v * 13);
      const bulge = 0.35 + 0.65 * Math.sin(Math.PI * round);
      const colour = mix(logShade, mix(log, logLit, lit), Math.max(0.1, bulge + grain * 0.4));
      out[0] = colour[0];
      out[1] = colour[1];
      out[2] = colour[2];
    };
  };

  polygon(
    [
      [-0.03, -0.02],
      [1.03, -0.02],
      [1.03, 0.03],
      [-0.03, 0.03],
    ],
    stone,
  );
  // The long wall lies in shade, the gable on the right faces the sun.
  polygon(
    [
      [0, 0],
      [0.66, 0],
      [0.66, 0.34],
      [0, 0.34],
    ],
    wood(0),
  );
  polygon(
    [
      [0.66, 0],
      [1, 0],
      [1, 0.32],
      [0.83, 0.62],
      [0.66, 0.34],
    ],
    wood(0.95),
  );
  for (const end of [0, 0.66, 1]) line(end, 0, end, 0.33, 0.022, mix(logShade, log, 0.6));

  // Chimney behind the ridge.
  polygon(
    [
      [0.22, 0.5],
      [0.31, 0.5],
      [0.31, 0.74],
      [0.22, 0.74],
    ],
    mix(stone, dark, 0.35),
  );
  polygon(
    [
      [0.29, 0.5],
      [0.325, 0.5],
      [0.325, 0.74],
      [0.29, 0.74],
    ],
    stone,
  );
  polygon(
    [
      [0.205, 0.73],
      [0.34, 0.73],
      [0.34, 0.76],
      [0.205, 0.76],
    ],
    mix(stone, dark, 0.2),
  );

  drawRoof(pen, at, size);
  // Barge boards of the gable.
  line(0.62, 0.27, 0.832, 0.645, 0.026, trim);
  line(0.832, 0.645, 1.05, 0.25, 0.026, mix(trim, logLit, 0.25));

  drawWindow(polygon, line, 0.13, 0.13);
  drawWindow(polygon, line, 0.4, 0.13);
  polygon(
    [
      [0.765, 0.02],
      [0.88, 0.02],
      [0.88, 0.27],
      [0.765, 0.27],
    ],
    mix(dark, log, 0.35),
  );
  for (let plank = 0; plank <= 4; plank += 1)
    line(0.765 + plank * 0.02875, 0.02, 0.765 + plank * 0.02875, 0.27, 0.006, plank % 4 === 0 ? trim : dark);
  line(0.76, 0.275, 0.885, 0.275, 0.014, trim);
  polygon(
    [
      [0.79, 0.4],
      [0.87, 0.4],
      [0.87, 0.47],
      [0.79, 0.47],
    ],
    lamp,
  );
  line(0.83, 0.4, 0.83, 0.47, 0.008, trim);
}

/** Shingles, row over row from the eaves to the ridge, each its own piece of wood. */
function drawRoof(pen: Pen, at: (u: number, v: number) => [number, number], size: number): void {
  const random = randomNumbers(5);
  const place = (along: number, up: number): [number, number] =>
    at(-0.06 + 0.1 * up + along * (0.7 + 0.1 * up - 0.02 * (1 - up)), 0.28 + 0.365 * up);
  fillPolygon(pen, [...place(0, 0), ...place(1, 0), ...place(1, 1), ...place(0, 1)], mix(shingle, dark, 0.6));
  const courses = 15;
  const perCourse = 34;
  for (let course = 0; course < courses; course += 1) {
    const low = course / courses - 0.012;
    const high = (course + 1.25) / courses;
    for (let piece = -1; piece < perCourse; piece += 1) {
      const from = (piece + (course % 2) * 0.5 + 0.06 + 0.05 * random()) / perCourse;
      const to = from + 0.86 / perCourse;
      if (to <= 0 || from >= 1) continue;
      const weather = random();
      const colour = mix(mix(shingle, dark, 0.35 * random()), shingleLit, weather * weather * 0.8);
      const start = Math.max(0, from);
      const end = Math.min(1, to);
      const ragged = low + 0.012 * random();
      fillPolygon(
        pen,
        [...place(start, ragged), ...place(end, ragged), ...place(end, Math.min(1, high)), ...place(start, Math.min(1, high))],
        colour,
      );
    }
  }
  const [ridgeX, ridgeY] = place(0, 1);
  const [endX, endY] = place(1, 1);
  stroke(pen, ridgeX, ridgeY, endX, endY, 0.025 * size, 0.025 * size, mix(shingleLit, trim, 0.3));
}

function drawWindow(
  polygon: (corners: readonly (readonly [number, number])[], paint: Colour) => void,
  line: (u0: number, v0: number, u1: number, v1: number, width: number, paint: Colour) => void,
  u: number,
  v: number,
): void {
  polygon(
    [
      [u, v],
      [u + 0.13, v],
      [u + 0.13, v + 0.12],
      [u, v + 0.12],
    ],
    lamp,
  );
  for (const [u0, v0, u1, v1] of [
    [0, 0, 0.13, 0],
    [0, 0.12, 0.13, 0.12],
    [0, 0, 0, 0.12],
    [0.13, 0, 0.13, 0.12],
  ] as const) {
    line(u + u0, v + v0, u + u1, v + v1, 0.012, trim);
  }
  line(u + 0.065, v, u + 0.065, v + 0.12, 0.007, trim);
  line(u, v + 0.06, u + 0.13, v + 0.06, 0.007, trim);
}
