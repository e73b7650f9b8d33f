/** What values the float network takes inside, over the calibration crops. */
import { encodeModel } from '../compress/onnx-encode.ts';
import { floatModel } from './float-graph.ts';
import type { ValueRange } from './int8-graph.ts';
import type { PlainNetwork } from './plain-network.ts';
import { countValues, emptyHistogram } from './range-search.ts';
import type { Histogram } from './range-search.ts';
import { openFile } from './run-network.ts';
import type { Planes } from './run-network.ts';

export interface Calibration {
  /** By value, `<layer>` and `<layer>.conv`. */
  readonly histograms: ReadonlyMap<string, Histogram>;
  /** Mean of every channel, by value. */
  readonly means: ReadonlyMap<string, Float64Array>;
}

/** Runs the float network twice over the inputs: for the extremes and means, then for the histograms between the extremes. */
export async function calibrate(network: PlainNetwork, inputs: readonly Planes[]): Promise<Calibration> {
  const running = await openFile(encodeModel(floatModel(network, 'fp32', true)));
  try {
    const extremes = new Map<string, ValueRange>();
    const means = new Map<string, Float64Array>();
    for (const input of inputs) {
      for (const [name, planes] of await running.run(input)) {
        extremes.set(name, widened(extremes.get(name), planes.values));
        addMeans(means, name, planes, 1 / inputs.length);
      }
    }
    const histograms = new Map([...extremes].map(([name, range]) => [name, emptyHistogram(range)]));
    for (const input of inputs) {
      for (const [name, { values }] of await running.run(input)) {
        const histogram = histograms.get(name);
        if (histogram !== undefined) countValues(histogram, values);
      }
    }
    return { histograms, means };
  } finally {
    await running.release();
  }
}

/** Adds `share` times the mean of every channel to `means`. */
export function addMeans(means: Map<string, Float64Array>, name: string, { values, count }: Planes, share: number): void {
  const sums = means.get(name) ?? new Float64Array(count);
  const size = values.length / count;
  for (let channel = 0; channel < count; channel += 1) {
    let sum = 0;
    for (let index = channel * size; index < (channel + 1) * size; index += 1) sum += values[index] ?? 0;
    sums[channel] = (sums[channel] ?? 0) + (share * sum) / size;
  }
  means.set(name, sums);
}

function widened(range: ValueRange | undefined, values: Float32Array): ValueRange {
  let [min, max] = range ?? [0, 0];
  for (const value of values) {
    if (value < min) min = value;
    else if (value > max) max = value;
  }
  return [min, max];
}
