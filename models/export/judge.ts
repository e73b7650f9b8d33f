/** How good a network file is: against the calibration targets, and on pictures of one colour. */
import type { Crop } from './calibration-crops.ts';
import { openFile, runFor } from './run-network.ts';
import type { Planes } from './run-network.ts';

export interface Judgement {
  /** RGB against the targets, of the picture rounded to 8 bits, over all crops together, without the outermost `margin` input pixels. */
  readonly psnrDb: number;
  /** Largest |mean of the output as shown − input| of a colour channel over pictures of one colour, in 8-bit codes. */
  readonly flatError: number;
  /** Codes by which the worst pixel of such a picture is off: phases of a network that works at half size need not shift alike. */
  readonly flatCodes: number;
  /** `y` of every crop, not clamped. */
  readonly outputs: readonly Planes[];
}

const levels = [16, 128, 240];
/** Next to black and white clipped noise has taught a network to move colours, and ranges that leave out the extremes meet them there. */
const endGreys = [0, 1, 2, 4, 251, 253, 254, 255];
const flatColours = [
  ...levels.flatMap((r) => levels.flatMap((g) => levels.map((b) => [r, g, b]))),
  ...endGreys.map((grey) => [grey, grey, grey]),
];
const flatStrengths = [0, 0.5, 1];

/** Runs a file over all crops and flat pictures. `radius`: how far an output pixel sees, in input pixels. */
export async function judge(bytes: Uint8Array, crops: readonly Crop[], radius: number): Promise<Judgement> {
  const running = await openFile(bytes);
  try {
    const outputs: Planes[] = [];
    let squares = 0;
    let samples = 0;
    for (const { input, target } of crops) {
      const output = await runFor(running, input, 'y');
      outputs.push(output);
      // The border is cut from tiles in use; small crops keep their middle half.
      const margin = Math.min(radius, Math.floor(Math.min(input.width, input.height) / 4)) * (target.width / input.width);
      for (const index of interior(target, margin)) {
        squares += (code(output.values[index] ?? NaN) - code(target.values[index] ?? NaN)) ** 2;
        samples += 1;
      }
    }
    let [flatError, flatCodes] = [0, 0];
    const planes = crops[0]?.input.count ?? 3;
    for (const strength of planes > 3 ? flatStrengths : [0]) {
      for (const colour of flatColours) {
        const x = flatPicture(colour, strength, planes, 2 * radius + 16);
        const { shift, worst } = flatness(await runFor(running, x, 'y'), colour, radius, x.width);
        flatError = Math.max(flatError, shift);
        flatCodes = Math.max(flatCodes, worst);
      }
    }
    return { psnrDb: 10 * Math.log10(255 ** 2 / (squares / samples)), flatError, flatCodes, outputs };
  } finally {
    await running.release();
  }
}

/** Index of every value at least `margin` pixels from the border. */
function* interior({ count, height, width }: Planes, margin: number): Generator<number> {
  for (let plane = 0; plane < count; plane += 1)
    for (let y = margin; y < height - margin; y += 1)
      for (let x = margin; x < width - margin; x += 1) yield (plane * height + y) * width + x;
}

/** A sample cut to 0..1, all that a picture can show. */
export function shown(value: number): number {
  return Math.min(1, Math.max(0, value));
}

function code(value: number): number {
  return Math.round(shown(value) * 255);
}

function flatPicture(colour: readonly number[], strength: number, count: number, side: number): Planes {
  const values = new Float32Array(count * side * side).fill(strength);
  for (const [plane, level] of colour.entries()) values.fill(level / 255, plane * side * side, (plane + 1) * side * side);
  return { values, count, height: side, width: side };
}

/** What became of a picture of one colour, away from its border, in codes as shown: the shift of the mean, and the pixel that is furthest off. */
function flatness(output: Planes, colour: readonly number[], radius: number, side: number): { shift: number; worst: number } {
  const sums = [0, 0, 0];
  const size = output.width * output.height;
  let [samples, worst] = [0, 0];
  for (const index of interior(output, radius * (output.width / side))) {
    const plane = Math.floor(index / size);
    const value = output.values[index] ?? NaN;
    sums[plane] = (sums[plane] ?? 0) + shown(value);
    worst = Math.max(worst, Math.abs(code(value) - (colour[plane] ?? NaN)));
    samples += 1;
  }
  const shifts = colour.map((level, plane) => Math.abs((255 * (sums[plane] ?? NaN)) / (samples / 3) - level));
  return { shift: Math.max(...shifts), worst };
}
