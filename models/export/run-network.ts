/** Runs network files on onnxruntime's processor provider, as the program does. */
import { availableParallelism } from 'node:os';
import { InferenceSession, Tensor } from 'onnxruntime-node';

/** Planes of one picture, row-major, colours 0..1. */
export interface Planes {
  readonly values: Float32Array;
  readonly count: number;
  readonly height: number;
  readonly width: number;
}

export interface RunningNetwork {
  /** Every output of the file by its name; shape [1, count, height, width]. */
  run(x: Planes): Promise<ReadonlyMap<string, Planes>>;
  release(): Promise<void>;
}

/** Loads a file whose input is `x`. `optimisedFile`: where onnxruntime writes the graph it made of it. Throws what onnxruntime throws. */
export async function openFile(bytes: Uint8Array, optimisedFile?: string): Promise<RunningNetwork> {
  const session = await InferenceSession.create(bytes, {
    executionProviders: ['cpu'],
    graphOptimizationLevel: 'all',
    intraOpNumThreads: availableParallelism(),
    interOpNumThreads: 1,
    enableCpuMemArena: false,
    logSeverityLevel: 3,
    extra: { session: { intra_op: { allow_spinning: '0' } } },
    ...(optimisedFile !== undefined && { optimizedModelFilePath: optimisedFile }),
  });
  return {
    run: async ({ values, count, height, width }) => {
      const outputs = await session.run({ x: new Tensor('float32', values, [1, count, height, width]) });
      return new Map(
        Object.entries(outputs).map(([name, { data, dims }]) => {
          const [, planes = 0, rows = 0, columns = 0] = dims;
          return [name, { values: data as Float32Array, count: planes, height: rows, width: columns }];
        }),
      );
    },
    release: () => session.release(),
  };
}

/** One output of a running network. Throws Error when the file has no such output. */
export async function runFor(network: RunningNetwork, x: Planes, output: string): Promise<Planes> {
  const found = (await network.run(x)).get(output);
  if (found === undefined) throw new Error(`The network has no output ${output}`);
  return found;
}
