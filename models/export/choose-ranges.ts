/** Finds, value by value, the range that harms the picture least. */
import { encodeModel } from '../compress/onnx-encode.ts';
import { int8Model } from './int8-graph.ts';
import type { Int8Options, ValueRange } from './int8-graph.ts';
import type { PlainNetwork } from './plain-network.ts';
import { openFile, runFor } from './run-network.ts';
import type { Planes } from './run-network.ts';

/**
 * One pass over the values from head to tail: each gets the one of its candidates with which the 8-bit network's pictures of `inputs` are
 * most like `exact`, the others being as they are by then. A range that is best for the values themselves need not be: one bright letter
 * in one crop can stretch it for all photos.
 */
export async function chooseRanges(
  network: PlainNetwork,
  options: Int8Options,
  candidates: ReadonlyMap<string, readonly ValueRange[]>,
  inputs: readonly Planes[],
  exact: readonly Planes[],
): Promise<Map<string, ValueRange>> {
  const ranges = new Map(options.ranges);
  let least = await meanSquare(network, { ...options, ranges }, inputs, exact);
  for (const [name, choices] of candidates) {
    for (const choice of choices) {
      const before = ranges.get(name);
      if (before === undefined || (before[0] === choice[0] && before[1] === choice[1])) continue;
      ranges.set(name, choice);
      const error = await meanSquare(network, { ...options, ranges }, inputs, exact);
      if (error < least) least = error;
      else ranges.set(name, before);
    }
  }
  return ranges;
}

/** Of the difference from the float network's pictures, both within 0..1. */
async function meanSquare(
  network: PlainNetwork,
  options: Int8Options,
  inputs: readonly Planes[],
  exact: readonly Planes[],
): Promise<number> {
  const running = await openFile(encodeModel(int8Model(network, options)));
  try {
    const outputs: Planes[] = [];
    for (const input of inputs) outputs.push(await runFor(running, input, 'y'));
    return meanSquareOf(outputs, exact);
  } finally {
    await running.release();
  }
}

/** Mean square of the difference of pictures, each sample taken within 0..1. */
export function meanSquareOf(pictures: readonly Planes[], exact: readonly Planes[]): number {
  let squares = 0;
  let samples = 0;
  for (const [index, { values }] of pictures.entries()) {
    const others = exact[index]?.values ?? new Float32Array();
    for (const [at, value] of values.entries()) squares += (clamped(value) - clamped(others[at] ?? NaN)) ** 2;
    samples += values.length;
  }
  return squares / samples;
}

function clamped(value: number): number {
  return Math.min(1, Math.max(0, value));
}
