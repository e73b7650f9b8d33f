/**
 * Deterministic noise for drawing. Gradient noise after K. Perlin, "Improving Noise" (SIGGRAPH 2002), in two
 * dimensions; sums of octaves leave out what is finer than a pixel, so a texture never aliases and a larger
 * drawing shows detail that a smaller one could not.
 */

const tableSize = 256;
const tableMask = tableSize - 1;
const permutation = new Uint8Array(2 * tableSize);
const gradientX = new Float64Array(tableSize);
const gradientY = new Float64Array(tableSize);

/** Uniform numbers in [0, 1) from a seed: the same sequence everywhere (mulberry32, public domain). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function fillTables(): void {
  const random = randomNumbers(2);
  const order = Uint8Array.from({ length: tableSize }, (_, index) => index);
  for (let index = tableSize - 1; index > 0; index -= 1) {
    const other = Math.floor(random() * (index + 1));
    const held = order[index]!;
    order[index] = order[other]!;
    order[other] = held;
  }
  for (let index = 0; index < tableSize; index += 1) {
    permutation[index] = permutation[index + tableSize] = order[index]!;
    const angle = (2 * Math.PI * (index + 0.5)) / tableSize;
    gradientX[index] = Math.cos(angle);
    gradientY[index] = Math.sin(angle);
  }
}
fillTables();

/** Gradient noise of one octave, about -1..1, zero at whole coordinates; repeats every 256. */
export function noise(x: number, y: number): number {
  const cellX = Math.floor(x);
  const cellY = Math.floor(y);
  const fx = x - cellX;
  const fy = y - cellY;
  const left = cellX & tableMask;
  const right = (left + 1) & tableMask;
  const top = cellY & tableMask;
  const bottom = (top + 1) & tableMask;
  const a = permutation[permutation[left]! + top]!;
  const b = permutation[permutation[right]! + top]!;
  const c = permutation[permutation[left]! + bottom]!;
  const d = permutation[permutation[right]! + bottom]!;
  const u = fx * fx * fx * (fx * (fx * 6 - 15) + 10);
  const v = fy * fy * fy * (fy * (fy * 6 - 15) + 10);
  const upper = gradientX[a]! * fx + gradientY[a]! * fy;
  const upperRight = gradientX[b]! * (fx - 1) + gradientY[b]! * fy;
  const lower = gradientX[c]! * fx + gradientY[c]! * (fy - 1);
  const lowerRight = gradientX[d]! * (fx - 1) + gradientY[d]! * (fy - 1);
  const first = upper + u * (upperRight - upper);
  const second = lower + u * (lowerRight - lower);
  return 1.5 * (first + v * (second - first));
}

/* Octaves are turned against each other, so that their lattices do not line up. */
const turnCosine = 0.8 * 2.03;
const turnSine = 0.6 * 2.03;

/**
 * Sum of octaves, each twice as fine and half as strong, about -1..1. `pixel` is the size of a pixel in the
 * units of x and y: octaves finer than two pixels are left out, the last one fades in.
 */
export function octaves(x: number, y: number, count: number, pixel: number): number {
  let sum = 0;
  let strength = 0.5;
  let period = 1;
  for (let octave = 0; octave < count; octave += 1) {
    const visible = period / pixel - 1.5;
    if (visible <= 0) break;
    sum += (visible < 1 ? visible * strength : strength) * noise(x, y);
    const turned = turnCosine * x - turnSine * y + 37.1;
    y = turnSine * x + turnCosine * y + 17.7;
    x = turned;
    strength *= 0.5;
    period /= 2.03;
  }
  return sum * 1.25;
}

/** Like `octaves`, of sharp crests: 0..1, crests at 1 (F. K. Musgrave's ridged multifractal). */
export function ridges(x: number, y: number, count: number, pixel: number): number {
  let sum = 0;
  let total = 0;
  let strength = 0.5;
  let period = 1;
  let previous = 1;
  for (let octave = 0; octave < count; octave += 1) {
    const visible = period / pixel - 1.5;
    if (visible <= 0) break;
    const crest = 1 - Math.abs(noise(x, y));
    const weight = visible < 1 ? visible * strength : strength;
    const value = crest * crest;
    sum += weight * value * previous;
    total += strength;
    previous = Math.min(1, value * 1.4);
    const turned = turnCosine * x - turnSine * y + 11.3;
    y = turnSine * x + turnCosine * y + 29.9;
    x = turned;
    strength *= 0.5;
    period /= 2.03;
  }
  return total === 0 ? 0.5 : sum / total;
}
