/** Rounds a network's weights layer by layer, each layer knowing what the rounded ones before it make of the calibration crops. */
import { compensatedRounding } from '../compress/compensated-rounding.ts';
import { correctedWeights } from '../compress/corrected-weights.ts';
import { encodeModel } from '../compress/onnx-encode.ts';
import type { QuantizedChannel } from '../compress/quantize-channel.ts';
import { reducedRange } from '../compress/quantize-channel.ts';
import { convolve } from './float-graph.ts';
import { GraphBuilder } from './graph-builder.ts';
import { affineOf } from './int8-graph.ts';
import type { Affine, ValueRange } from './int8-graph.ts';
import { addPatches, emptyGram, meanErrors, meanGram } from './patch-gram.ts';
import { channelsOf, layersOf } from './plain-network.ts';
import type { Layer, PlainNetwork } from './plain-network.ts';
import { openFile, runFor } from './run-network.ts';
import type { Planes } from './run-network.ts';

/** A value over all crops: as the float network has it, and as the 8-bit one. */
interface Value {
  readonly exact: readonly Planes[];
  readonly rough: readonly Planes[];
}

/**
 * Integers per output channel, by layer. `ranges`: by value, as `int8Model` takes them. The weights of a layer are first corrected for the errors
 * of its inputs, then rounded so that later ones make up for earlier ones.
 */
export async function roundLayers(
  network: PlainNetwork,
  inputs: readonly Planes[],
  ranges: ReadonlyMap<string, ValueRange>,
): Promise<Map<string, QuantizedChannel[]>> {
  const rounded = new Map<string, QuantizedChannel[]>();
  const layers = layersOf(network);
  const values = new Map<string, Value>([['x', { exact: inputs, rough: inputs }]]);
  for (const [index, layer] of layers.entries()) {
    const source = values.get(layer.source) ?? { exact: inputs, rough: inputs };
    const gram = emptyGram(layer);
    for (const [crop, rough] of source.rough.entries()) addPatches(gram, layer, rough, source.exact[crop] ?? rough);
    const correct = correctedWeights(meanGram(gram), meanErrors(gram), gram.size);
    const round = compensatedRounding(meanGram(gram), gram.size, reducedRange);
    const channels = channelsOf(layer.convolution).map((weights) => round(correct(weights)));
    rounded.set(layer.name, channels);
    if (!layer.relu) continue;
    const added = layer.adds === null ? null : (values.get(layer.adds) ?? null);
    values.set(layer.name, {
      exact: await outputs(layer, layer.convolution.weight, source.exact, added?.exact ?? null, null),
      rough: await outputs(layer, weightsOf(channels), source.rough, added?.rough ?? null, ranges),
    });
    const needed = new Set(layers.slice(index + 1).flatMap((later) => [later.source, later.adds]));
    for (const name of values.keys()) if (!needed.has(name)) values.delete(name);
  }
  return rounded;
}

function weightsOf(channels: readonly QuantizedChannel[]): Float32Array {
  return Float32Array.from(channels.flatMap(({ scale, integers }) => Array.from(integers, (integer) => integer * scale)));
}

/** What the layer makes of each crop, in steps of 8 bits where there are ranges. */
async function outputs(
  layer: Layer,
  weight: Float32Array,
  inputs: readonly Planes[],
  added: readonly Planes[] | null,
  ranges: ReadonlyMap<string, ValueRange> | null,
): Promise<Planes[]> {
  const { shape, bias } = layer.convolution;
  const graph = new GraphBuilder();
  graph.input('x', shape[1]);
  const biases = graph.constant('bias', bias ?? new Float32Array(shape[0]), [shape[0]]);
  convolve(graph, layer, ['x', graph.constant('weight', weight, shape), biases], 'y');
  graph.output('y');
  const running = await openFile(encodeModel(graph.model()));
  const steps = (name: string): Affine | null => {
    const range = ranges?.get(name);
    return range === undefined ? null : affineOf(range);
  };
  const [between, after] = [added === null ? null : steps(`${layer.name}.conv`), steps(layer.name)];
  try {
    const made: Planes[] = [];
    for (const [crop, input] of inputs.entries()) {
      const output = await runFor(running, input, 'y');
      const summand = added?.[crop]?.values;
      const finish = (value: number, index: number): number =>
        stepped(Math.max(0, stepped(value, between) + (summand?.[index] ?? 0)), after);
      made.push({ ...output, values: output.values.map(finish) });
    }
    return made;
  } finally {
    await running.release();
  }
}

/** The nearest value that 8 bits have. */
function stepped(value: number, steps: Affine | null): number {
  if (steps === null) return value;
  const code = Math.min(255, Math.max(0, Math.round(value / steps.scale) + steps.zeroPoint));
  return (code - steps.zeroPoint) * steps.scale;
}
