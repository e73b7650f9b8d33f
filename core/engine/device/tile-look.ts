/**
 * A cheap look at what came out of a network, against what went in: broken drivers give black, tinted, scrambled or shifted tiles and no error. Both
 * are averaged over blocks; whatever a network does to details, it keeps the mean of a block nearly.
 */

/** Input pixels along a side of a block. */
const blockSide = 8;

export interface LookedTile {
  /** Colour planes first, each `width` × `height`, samples 0..1. */
  readonly input: Float32Array;
  readonly width: number;
  readonly height: number;
  readonly scale: number;
  /** Three planes, `scale` times as large. */
  readonly output: Float32Array;
}

/**
 * How far block means may move, of a range 0..1: of one block, of a channel in the mean over all its blocks, and of the blocks without their sign.
 * About twice what the shipped networks do at worst (0.057, 0.030, 0.030, all on extreme noise that is cleaned at full strength), over tiles of real
 * photos, as they are, compressed at quality 20 and under noise, and over drawn noise and patterns.
 */
const looked = { block: 0.12, tint: 0.05, spread: 0.05 } as const;

/** Why the tile cannot be right, or null when nothing speaks against it. */
export function suspicion({ input, width, height, scale, output }: LookedTile): string | null {
  const columns = Math.max(1, Math.floor(width / blockSide));
  const rows = Math.max(1, Math.floor(height / blockSide));
  for (let channel = 0; channel < 3; channel += 1) {
    const before = blockMeans(input, channel, { width, height, block: [width / columns, height / rows], columns, rows });
    const after = blockMeans(output, channel, {
      width: width * scale,
      height: height * scale,
      block: [(width / columns) * scale, (height / rows) * scale],
      columns,
      rows,
    });
    let sum = 0;
    let spread = 0;
    for (let index = 0; index < before.length; index += 1) {
      const difference = (after[index] ?? NaN) - (before[index] ?? 0);
      if (!Number.isFinite(difference)) return 'values that are no numbers';
      if (Math.abs(difference) > looked.block) return 'parts that have another brightness than the photo';
      sum += difference;
      spread += Math.abs(difference);
    }
    if (Math.abs(sum) / before.length > looked.tint) return 'a tint that the photo does not have';
    if (spread / before.length > looked.spread) return 'a picture that is not the one of the photo';
  }
  return null;
}

interface Blocks {
  readonly width: number;
  readonly height: number;
  /** Width and height of a block; they need not be whole. */
  readonly block: readonly [number, number];
  readonly columns: number;
  readonly rows: number;
}

function blockMeans(planes: Float32Array, channel: number, { width, height, block, columns, rows }: Blocks): Float64Array {
  const sums = new Float64Array(columns * rows);
  const counts = new Float64Array(columns * rows);
  const plane = channel * width * height;
  for (let y = 0; y < height; y += 1) {
    const row = Math.min(rows - 1, Math.floor(y / block[1])) * columns;
    const line = plane + y * width;
    for (let column = 0; column < columns; column += 1) {
      const end = column === columns - 1 ? width : Math.ceil((column + 1) * block[0]);
      const start = Math.ceil(column * block[0]);
      sums[row + column]! += sumOf(planes, line + start, line + end);
      counts[row + column]! += end - start;
    }
  }
  return sums.map((sum, index) => sum / counts[index]!);
}

/** Sum of a part of a plane. Four sums side by side: one alone waits for each addition before the next. */
function sumOf(planes: Float32Array, start: number, end: number): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  let at = start;
  for (; at + 3 < end; at += 4) {
    a += planes[at]!;
    b += planes[at + 1]!;
    c += planes[at + 2]!;
    d += planes[at + 3]!;
  }
  for (; at < end; at += 1) a += planes[at]!;
  return a + b + c + d;
}
