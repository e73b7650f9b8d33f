/** What values the float network takes inside, over the calibration crops. */
import { compensatedRounding } from '../compress/compensated-rounding.ts';
import type { QuantizedChannel } from '../compress/quantize-channel.ts';
import { encodeModel } from '../compress/onnx-encode.ts';
import { reducedRange } from '../compress/quantize-channel.ts';
import { floatModel } from './float-graph.ts';
import type { ValueRange } from './int8-graph.ts';
import { addPatches, emptyGram, meanGram } from './patch-gram.ts';
import { channelsOf, layersOf } from './plain-network.ts';
import type { PlainNetwork } from './plain-network.ts';
import { countValues, emptyHistogram } from './range-search.ts';
import type { Histogram } from './range-search.ts';
import { openFile } from './run-network.ts';
import type { Planes } from './run-network.ts';

export interface Calibration {
  /** By value, `<layer>` and `<layer>.conv`. */
  readonly histograms: ReadonlyMap<string, Histogram>;
  /** Weights rounded so that later ones make up for earlier ones, per output channel, by layer. */
  readonly rounded: ReadonlyMap<string, readonly QuantizedChannel[]>;
}

/** Runs the float network twice over the inputs: for the extremes and patches, then for the histograms between the extremes. */
export async function calibrate(network: PlainNetwork, inputs: readonly Planes[]): Promise<Calibration> {
  const running = await openFile(encodeModel(floatModel(network, 'fp32', true)));
  try {
    const extremes = new Map<string, ValueRange>();
    const grams = layersOf(network).map((layer) => ({ layer, gram: emptyGram(layer) }));
    for (const input of inputs) {
      const values = await running.run(input);
      for (const [name, planes] of values) extremes.set(name, widened(extremes.get(name), planes.values));
      // The picture itself is no value of the network.
      for (const { layer, gram } of grams) addPatches(gram, layer, values.get(layer.source) ?? input);
    }
    const histograms = new Map([...extremes].map(([name, range]) => [name, emptyHistogram(range)]));
    for (const input of inputs) {
      for (const [name, { values }] of await running.run(input)) {
        const histogram = histograms.get(name);
        if (histogram !== undefined) countValues(histogram, values);
      }
    }
    const rounded = grams.map(({ layer: { name, convolution }, gram }): [string, QuantizedChannel[]] => [
      name,
      channelsOf(convolution).map(compensatedRounding(meanGram(gram), gram.size, reducedRange)),
    ]);
    return { histograms, rounded: new Map(rounded) };
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
