/**
 * How long networks of different widths and depths take: int8, one 256 × 256 tile, random weights (they do not matter), beside a reference
 * file. All networks take turns, so that a busy machine is equally busy for all; medians.
 *
 *     node models/export/measure-widths.ts reference.onnx [rounds]
 */
import { readFileSync } from 'node:fs';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { decodeModel } from '../../core/engine/network/onnx-proto.ts';
import { encodeModel } from '../compress/onnx-encode.ts';
import { alignedTail } from './aligned-tail.ts';
import { int8Model, rangedValues } from './int8-graph.ts';
import type { PlainNetwork } from './plain-network.ts';
import { parameterCount } from './plain-network.ts';
import { randomNetwork } from './random-network.ts';

const side = 256;

interface Candidate {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly planes: number;
  readonly scale: number;
  readonly parameters: number;
}

/** The sizes whose quality `models/train/study.py --sizes` compares, and those that ship. */
const families: {
  name: string;
  scale: PlainNetwork['scale'];
  stride: PlainNetwork['stride'];
  ensemble?: PlainNetwork['ensemble'];
  sizes: [depth: number, channels: number][];
}[] = [
  // prettier-ignore
  { name: '×2', scale: 2, stride: 1, sizes: [[5, 48], [8, 48], [9, 48], [10, 48], [12, 48], [14, 32], [5, 64], [8, 64], [10, 64], [12, 64], [20, 64]] },
  { name: '×2 of two views', scale: 2, stride: 1, ensemble: 2, sizes: [[20, 64]] },
  // prettier-ignore
  { name: '×4', scale: 4, stride: 1, sizes: [[12, 48], [12, 64], [14, 64]] },
  // prettier-ignore
  { name: '×1 at half size', scale: 1, stride: 2, sizes: [[10, 48], [8, 64]] },
];

function candidates(reference: string): Candidate[] {
  const bytes = readFileSync(reference);
  const planes = decodeModel(bytes).graph?.input[0]?.type?.tensorType?.shape?.dim[1]?.dimValue ?? 3;
  const found: Candidate[] = [{ name: 'reference', bytes, planes, scale: 0, parameters: 0 }];
  for (const { name, scale, stride, sizes, ensemble = 1 } of families) {
    for (const [depth, channels] of sizes) {
      for (const tail of name === '×2' && channels === 48 && depth === 9
        ? (['integer', 'float'] as const)
        : (['integer'] as const)) {
        const network = randomNetwork({ scale, stride, channels, depth, ensemble });
        const ranges = new Map(
          [...rangedValues(network, tail)].map(([value, { signed }]) => [value, signed ? ([-1, 1] as const) : ([0, 3] as const)]),
        );
        found.push({
          name: `${name} ${depth}x${channels}${tail === 'float' ? ' float tail' : ''}`,
          bytes: encodeModel(alignedTail(int8Model(network, { ranges, tail }))),
          planes: 4,
          scale,
          parameters: parameterCount(network),
        });
      }
    }
  }
  return found;
}

interface Timing {
  readonly median: number;
  /** What is left when nothing else had the processor. */
  readonly best: number;
}

/** Milliseconds per tile, by candidate. */
async function measure(all: readonly Candidate[], threads: number, rounds: number): Promise<Timing[]> {
  const sessions: InferenceSession[] = [];
  for (const { bytes } of all) {
    sessions.push(
      await InferenceSession.create(bytes, {
        executionProviders: ['cpu'],
        graphOptimizationLevel: 'all',
        intraOpNumThreads: threads,
        interOpNumThreads: 1,
        enableCpuMemArena: false,
        logSeverityLevel: 3,
        extra: { session: { intra_op: { allow_spinning: '0' } } },
      }),
    );
  }
  const times = all.map((): number[] => []);
  for (let round = -1; round < rounds; round += 1) {
    for (const [index, session] of sessions.entries()) {
      const planes = all[index]?.planes ?? 4;
      const x = new Tensor(
        'float32',
        Float32Array.from({ length: planes * side * side }, (_, at) => (at % 251) / 255),
        [1, planes, side, side],
      );
      const started = performance.now();
      await session.run({ x });
      // The first round warms up.
      if (round >= 0) times[index]?.push(performance.now() - started);
    }
  }
  for (const session of sessions) await session.release();
  return times.map((list) => {
    list.sort((a, b) => a - b);
    return { median: list[Math.floor(list.length / 2)] ?? NaN, best: list[0] ?? NaN };
  });
}

const [reference, rounds = '9'] = process.argv.slice(2);
if (reference === undefined) throw new Error('Usage: node models/export/measure-widths.ts reference.onnx [rounds]');
const all = candidates(reference);
const row = (name: string, ...cells: string[]): void => {
  console.log(name.padEnd(28), ...cells.map((cell) => cell.padStart(11)));
};
console.log(`int8, ${side} × ${side} input pixels, ${rounds} alternating rounds; MP: output megapixel; ×: beside the reference`);
for (const threads of [2, 1]) {
  const timings = await measure(all, threads, Number(rounds));
  const [base = { median: NaN, best: NaN }] = timings;
  console.log();
  row(`${threads} thread${threads === 1 ? '' : 's'}`, 'parameters', 'median ms', '×', 'ms/MP', 'best ms', '×', 'ms/MP');
  for (const [index, { name, scale, parameters }] of all.entries()) {
    const { median, best } = timings[index] ?? base;
    const megapixels = (side * (scale === 0 ? 2 : scale)) ** 2 / 1e6;
    const cells = [
      [median, base.median],
      [best, base.best],
    ].flatMap(([ms = NaN, reference = NaN]) => [ms.toFixed(1), (ms / reference).toFixed(2), (ms / megapixels).toFixed(0)]);
    row(name, parameters === 0 ? '' : String(parameters), ...cells);
  }
}
