/** A session of onnxruntime in the thread that calls this: its runs stop the thread's event loop. */
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Device } from '../../photo/device.ts';
import { sessionOptions } from './session-options.ts';

export interface SessionFile {
  /** A whole .onnx file. */
  readonly bytes: Uint8Array;
  readonly device: Device;
  /** Threads of the processor inside one operator; 0 means as many as there are cores. */
  readonly threads: number;
  /** Names of the tensors. */
  readonly input: string;
  readonly output: string;
}

export interface SessionAnswer {
  /** Float32; in a buffer that a later run uses again. */
  readonly values: Float32Array;
  readonly dims: readonly number[];
  /** Milliseconds inside onnxruntime. */
  readonly ms: number;
}

/** Shapes are [n, channels, height, width]. Rejects with whatever onnxruntime says. */
export interface Session {
  /** `expected` is the shape that the answer must have; the caller checks it where the answer's own is told. */
  run(values: Float32Array, dims: readonly number[], expected: readonly number[]): Promise<SessionAnswer>;
  release(): Promise<void>;
}

export interface SessionHere extends Session {
  /** The same, with the answer written into `into`, which must have the answer's size. */
  run(values: Float32Array, dims: readonly number[], expected: readonly number[], into?: Float32Array): Promise<SessionAnswer>;
}

export async function openSessionHere({ bytes, device, threads, input, output }: SessionFile): Promise<SessionHere> {
  const session = await InferenceSession.create(bytes, sessionOptions(device, threads));
  return {
    async run(values, dims, expected, into) {
      const feeds = { [input]: new Tensor('float32', values, dims) };
      const startedMs = performance.now();
      const results = await (into === undefined
        ? session.run(feeds)
        : session.run(feeds, { [output]: new Tensor('float32', into, expected) }));
      const ms = performance.now() - startedMs;
      const answer = results[output];
      if (answer?.type !== 'float32') throw new Error(`the answer is of type ${String(answer?.type)}`);
      return { values: into ?? (answer.data as Float32Array), dims: answer.dims, ms };
    },
    release: () => session.release(),
  };
}
