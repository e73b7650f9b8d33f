/** What values the float network takes inside, over the calibration crops. */
import { encodeModel } from '../compress/onnx-encode.ts';
import { floatModel } from './float-graph.ts';
import type { ValueRange } from './int8-graph.ts';
import type { PlainNetwork } from './plain-network.ts';
import { countValues, emptyHistogram } from './range-search.ts';
import type { Histogram } from './range-search.ts';
import { openFile } from './run-network.ts';
import type { Planes } from './run-network.ts';

/** Histograms by value, `<layer>` and `<layer>.conv`. Runs the network twice: for the extremes, then for what lies between. */
export async function calibrate(network: PlainNetwork, inputs: readonly Planes[]): Promise<Map<string, Histogram>> {
  const running = await openFile(encodeModel(floatModel(network, 'fp32', true)));
  try {
    const extremes = new Map<string, ValueRange>();
    for (const input of inputs)
      for (const [name, { values }] of await running.run(input)) extremes.set(name, widened(extremes.get(name), values));
    const histograms = new Map([...extremes].map(([name, range]) => [name, emptyHistogram(range)]));
    for (const input of inputs) {
      for (const [name, { values }] of await running.run(input)) {
        const histogram = histograms.get(name);
        if (histogram !== undefined) countValues(histogram, values);
      }
    }
    return histograms;
  } finally {
    await running.release();
  }
}

function widened(range: ValueRange | undefined, values: Float32Array): ValueRange {
  let [min, max] = range ?? [0, 0];
  for (const value of values) {
    if (value < min) min = value;
    else if (value > max) max = value;
  }
  return [min, max];
}
