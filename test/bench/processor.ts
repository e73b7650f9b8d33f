/** Section `processor`: how much of the chip a network uses, and whether its threads and tiles are well chosen. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { z } from 'zod';
import { sessionOptions } from '../../core/engine/network/session-options.ts';
import { loadCard } from '../../core/engine/network/model-file.ts';
import { scanModel } from '../../core/engine/network/onnx-scan.ts';
import type { ModelCard } from '../../core/photo/model-card.ts';
import { encodeModel } from '../../models/compress/onnx-encode.ts';
import { GraphBuilder } from '../../models/export/graph-builder.ts';
import { modelDirectory, type BenchPlace } from './bench-place.ts';
import { median, percent, type Row, type Section } from './table.ts';

/** Sides of the square matrices whose product stands for the chip's peak; the best of them counts. */
const matrixSides = [512, 1024, 1536] as const;
/** A layer is large when so much of the network's work is in it. */
const largeShare = 0.05;
const runsInside = 6;

/** What onnxruntime's profile says of one run of one operator. */
const profileSchema = z.array(
  z.object({
    cat: z.string(),
    name: z.string(),
    dur: z.number(),
    args: z.object({ op_name: z.string(), output_type_shape: z.array(z.record(z.string(), z.array(z.number()))) }).partial(),
  }),
);

export async function processorSection(place: BenchPlace): Promise<Section> {
  const card = await loadCard(modelDirectory);
  const bytes = await readFile(join(modelDirectory, 'int8.onnx'));
  const ratios: number[] = [];
  const whole: number[] = [];
  const tiles = new Map<number, number[]>();
  const threads = new Map<number, number[]>();
  for (let repeat = 0; repeat < place.repeats; repeat += 1) {
    place.say(`processor, round ${String(repeat)}`);
    const peak = await peakOperations(place);
    const layers = await layerSpeeds(place, bytes, card);
    ratios.push(layers.large / peak);
    whole.push(layers.convolutions / peak);
    for (const side of sides(card)) push(tiles, side, await pixelsPerMs(bytes, card, side, 0));
    for (let count = 1; count <= availableParallelism(); count *= 2)
      push(threads, count, await pixelsPerMs(bytes, card, card.tile.default, count));
  }
  const medians = (measured: ReadonlyMap<number, readonly number[]>): Map<number, number> =>
    new Map([...measured].map(([key, values]) => [key, median(values)]));
  const tileSpeeds = medians(tiles);
  const fastest = Math.max(...tileSpeeds.values());
  const rows: Row[] = [
    {
      figure: 'speed of the large 8-bit layers over a plain 8-bit matrix product',
      measured: percent(median(ratios)),
      target: '≥ 70 %',
    },
    { figure: '— of all 8-bit layers', measured: percent(median(whole)), target: '' },
    {
      figure: `tiles of ${String(card.tile.default)} pixels over the fastest side`,
      measured: percent((tileSpeeds.get(card.tile.default) ?? NaN) / fastest),
      target: '≥ 95 %',
    },
    ...[...tileSpeeds].map(([side, speed]) => ({
      figure: `— of ${String(side)} pixels`,
      measured: percent(speed / fastest),
      target: '',
    })),
    ...[...medians(threads)].map(([count, speed], _, all) => ({
      figure: `threads: ${String(count)} over 1`,
      measured: `×${(speed / (all[0]?.[1] ?? NaN)).toFixed(2)}`,
      target: '',
    })),
  ];
  return {
    title: `Processor: ${card.id} in 8 bits`,
    rows,
    notes: [
      `Medians of ${String(place.repeats)} rounds, all threads. Operations are two for each weight and output sample; times are those of onnxruntime's own profile. Matrix product: MatMulInteger of u8 and s8, sides ${matrixSides.join(', ')}, the fastest. Large: at least ${percent(largeShare)} of the network's operations.`,
    ],
  };
}

function push(map: Map<number, number[]>, key: number, value: number): void {
  map.set(key, [...(map.get(key) ?? []), value]);
}

/** The sides that a tile may have, by doubling from 64 on. */
function sides({ tile }: ModelCard): number[] {
  return [64, 128, 256, 512].filter((side) => side >= tile.min && side <= tile.max);
}

/** Operations a microsecond of the fastest matrix product. */
async function peakOperations(place: BenchPlace): Promise<number> {
  const speeds: number[] = [];
  for (const side of matrixSides) {
    const graph = new GraphBuilder();
    graph.input('x', 1);
    const steps = [graph.constant('scale', Float32Array.of(1 / 255)), graph.constant('zero', Uint8Array.of(0))];
    const codes = graph.node('QuantizeLinear', ['x', ...steps], 'codes');
    const weights = graph.constant(
      'weights',
      Int8Array.from({ length: side * side }, (_, at) => ((at * 31) % 121) - 60),
      [side, side],
    );
    graph.node('Cast', [graph.node('MatMulInteger', [codes, weights], 'sums')], 'y', { to: 1 });
    graph.output('y');
    const times = await profiled(place, encodeModel(graph.model()), [1, 1, side, side]);
    const { us = NaN } = times.find(({ operator }) => operator === 'MatMulInteger') ?? {};
    speeds.push((2 * side ** 3) / us);
  }
  return Math.max(...speeds);
}

/** Operations a microsecond in the large layers together, and in all 8-bit layers. */
async function layerSpeeds(
  place: BenchPlace,
  bytes: Uint8Array,
  card: ModelCard,
): Promise<{ large: number; convolutions: number }> {
  const weights = new Map(scanModel(bytes).graph?.initializer.map(({ name, dims }) => [name, dims]));
  const side = card.tile.default;
  const times = await profiled(place, bytes, [1, card.input.channels + card.input.extraPlanes.length, side, side]);
  const layers = times.flatMap(({ operator, name, outputs, us }) => {
    const layer = /^Conv:(.+)\.conv/.exec(name)?.[1];
    const dims = weights.get(`${layer ?? ''}.weight.q`);
    if (operator !== 'QLinearConv' || dims === undefined) return [];
    return [{ operations: 2 * outputs * dims.slice(1).reduce((product, dim) => product * dim, 1), us }];
  });
  const sum = (which: typeof layers): { operations: number; us: number } =>
    which.reduce((total, one) => ({ operations: total.operations + one.operations, us: total.us + one.us }), {
      operations: 0,
      us: 0,
    });
  const all = sum(layers);
  const large = sum(layers.filter(({ operations }) => operations >= largeShare * all.operations));
  return { large: large.operations / large.us, convolutions: all.operations / all.us };
}

interface OperatorTime {
  readonly operator: string;
  readonly name: string;
  /** Samples of its output. */
  readonly outputs: number;
  /** Median microseconds. */
  readonly us: number;
}

async function profiled(place: BenchPlace, bytes: Uint8Array, shape: readonly number[]): Promise<OperatorTime[]> {
  const folder = await mkdtemp(join(place.directory, 'profile-'));
  const session = await InferenceSession.create(bytes, {
    ...sessionOptions('cpu', 0),
    enableProfiling: true,
    profileFilePrefix: join(folder, 'run'),
  });
  try {
    await runTimes(session, shape, runsInside);
    session.endProfiling();
    const [file = ''] = await readdir(folder);
    const events = profileSchema.parse(JSON.parse(await readFile(join(folder, file), 'utf8')));
    const nodes = Map.groupBy(
      events.filter(({ cat, name }) => cat === 'Node' && name.endsWith('_kernel_time')),
      ({ name }) => name,
    );
    return [...nodes].map(([name, runs]) => {
      const args = runs[0]?.args ?? {};
      const [dims = []] = Object.values(args.output_type_shape?.[0] ?? {});
      return {
        operator: args.op_name ?? '',
        name,
        outputs: dims.reduce((product, dim) => product * dim, 1),
        // The first runs prepare what all others need.
        us: median(runs.slice(2).map(({ dur }) => dur)),
      };
    });
  } finally {
    await session.release();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Output pixels a millisecond, by the median of some runs. */
async function pixelsPerMs(bytes: Uint8Array, card: ModelCard, side: number, threads: number): Promise<number> {
  const session = await InferenceSession.create(bytes, sessionOptions('cpu', threads));
  try {
    const planes = card.input.channels + card.input.extraPlanes.length;
    const times = await runTimes(session, [1, planes, side, side], runsInside);
    return (side * card.scale) ** 2 / median(times.slice(2));
  } finally {
    await session.release();
  }
}

async function runTimes(session: InferenceSession, shape: readonly number[], runs: number): Promise<number[]> {
  const [name = ''] = session.inputNames;
  const values = Float32Array.from(
    { length: shape.reduce((product, dim) => product * dim, 1) },
    (_, at) => ((at * 7919) % 256) / 255,
  );
  const times: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const startedMs = performance.now();
    await session.run({ [name]: new Tensor('float32', values, shape) });
    times.push(performance.now() - startedMs);
  }
  return times;
}
