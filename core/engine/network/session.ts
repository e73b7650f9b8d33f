/** A network that is ready to run, on one of onnxruntime's providers. */
import type { Device } from '../../photo/device.ts';
import { EnlargerError } from '../../photo/failure.ts';
import type { ModelCard } from '../../photo/model-card.ts';
import { awaited } from '../pulse.ts';
import { invalidModel, scanModel } from './onnx-scan.ts';
import { networkTraits } from './onnx-traits.ts';
import type { NetworkTraits } from './onnx-traits.ts';
import { openSessionElsewhere, runsAtOnce, ThreadLost } from './session-elsewhere.ts';
import { openSessionHere, type Session, type SessionAnswer, type SessionFile } from './session-here.ts';
import { OnnxError } from './protobuf-wire.ts';

export interface Network {
  readonly scale: number;
  /** Planes `run` takes: the colour channels, then the card's extra planes. */
  readonly inputPlanes: number;
  /** Width and height in input pixels of the only tiles that it takes. Default: any. */
  readonly tileSide?: number | undefined;
  /** Runs that may be under way at a time: what else there is to do gets done meanwhile. Default: 1. */
  readonly atOnce?: number | undefined;
  /**
   * One tile. `planes`: `inputPlanes` × height × width values, colour 0..1. Resolves to 3 × (scale·height) × (scale·width) values,
   * not clamped, in a buffer that is used again: what is needed of it must be taken before anything else is awaited. Throws EnlargerError
   * `out-of-memory` or `device-failed`.
   */
  run(planes: Float32Array, width: number, height: number): Promise<Float32Array>;
  /** Milliseconds that all runs took so far, without the time that they waited for each other. */
  inferMs(): number;
  release(): Promise<void>;
}

export interface NetworkOptions {
  /** A whole .onnx file, already compared with its card's hash. */
  readonly bytes: Uint8Array;
  readonly card: ModelCard;
  /** Default: the processor. */
  readonly device?: Device;
  /** Threads of the processor inside one operator; 0 means as many as there are cores. */
  readonly threads: number;
  /** The network computes in a thread of its own, so that this one works on meanwhile. */
  readonly elsewhere?: boolean;
}

/**
 * Scans the file, compares what its graph does with what the card says, loads it and runs a small probe.
 * Throws EnlargerError `model-invalid` when anything disagrees.
 */
export async function openNetwork(options: NetworkOptions): Promise<Network> {
  const { bytes, card, device = 'cpu', threads, elsewhere = false } = options;
  checkTraits(traitsOf(bytes), card);
  const file = { bytes, device, threads, input: card.input.name, output: card.output.name };
  const { session, atOnce } = await openSession(file, elsewhere);
  const inputPlanes = card.input.channels + card.input.extraPlanes.length;
  let inferMs = 0;
  const network: Network = {
    scale: card.scale,
    inputPlanes,
    atOnce,
    async run(planes, width, height) {
      const answer = await awaited(runSession(session, { card, device }, planes, [1, inputPlanes, height, width]));
      inferMs += answer.ms;
      return answer.values;
    },
    inferMs: () => inferMs,
    release: () => session.release(),
  };
  try {
    await probe(network, card);
  } catch (error) {
    await network.release();
    throw error;
  }
  return network;
}

function traitsOf(bytes: Uint8Array): NetworkTraits {
  try {
    return networkTraits(scanModel(bytes));
  } catch (error) {
    if (error instanceof OnnxError) throw invalidModel(error.message, error);
    throw error;
  }
}

function checkTraits(traits: NetworkTraits, card: ModelCard): void {
  const pairs: [string, string | number, string | number][] = [
    ['input name', traits.inputName, card.input.name],
    ['output name', traits.outputName, card.output.name],
    ['number of input planes', traits.inputChannels, card.input.channels + card.input.extraPlanes.length],
    ['number of output planes', traits.outputChannels, 3],
    ['scale', traits.scale, card.scale],
  ];
  for (const [what, actual, expected] of pairs) {
    if (actual !== expected) throw invalidModel(`its ${what} is ${String(actual)}, but its card says ${String(expected)}`);
  }
  if (traits.receptiveFieldRadius > card.receptiveFieldRadius) {
    throw invalidModel(
      `it looks ${String(traits.receptiveFieldRadius)} pixels around, but its card says ${String(card.receptiveFieldRadius)}: tiles would show seams`,
    );
  }
  if (card.tile.multiple % traits.tileMultiple !== 0) {
    throw invalidModel(
      `its tiles must be multiples of ${String(traits.tileMultiple)} pixels, but its card says ${String(card.tile.multiple)}: tiles would show seams`,
    );
  }
}

async function openSession(file: SessionFile, elsewhere: boolean): Promise<{ session: Session; atOnce: number }> {
  try {
    if (elsewhere) {
      try {
        return { session: await openSessionElsewhere(file), atOnce: runsAtOnce };
      } catch (error) {
        if (!(error instanceof ThreadLost)) throw error;
        process.emitWarning(`${error.message}: networks compute beside everything else, which is slower and as right`);
      }
    }
    return { session: await openSessionHere(file), atOnce: 1 };
  } catch (error) {
    if (isOutOfMemory(error)) throw memoryFailure(error);
    if (file.device === 'webgpu') throw noGpu(error);
    throw invalidModel('onnxruntime cannot load it', error);
  }
}

async function runSession(
  session: Session,
  { card, device }: { readonly card: ModelCard; readonly device: Device },
  planes: Float32Array,
  dims: readonly number[],
): Promise<SessionAnswer> {
  const [, , height = 0, width = 0] = dims;
  const expected = [1, 3, height * card.scale, width * card.scale];
  let answer: SessionAnswer;
  try {
    answer = await session.run(planes, dims, expected);
  } catch (error) {
    if (isOutOfMemory(error)) throw memoryFailure(error);
    throw runFailure(device, error);
  }
  if (answer.dims.join() !== expected.join()) {
    throw invalidModel(`it answers with shape [${String(answer.dims)}] where its card promises [${String(expected)}]`);
  }
  return answer;
}

/** Runs a small gradient: shape is checked by run, here that the result is a picture and not noise or nothing. */
async function probe(network: Network, card: ModelCard): Promise<void> {
  const side = Math.ceil(16 / card.tile.multiple) * card.tile.multiple;
  const planes = new Float32Array(network.inputPlanes * side * side);
  for (let index = 0; index < planes.length; index += 1) planes[index] = (index % side) / side;
  planes.fill(0, card.input.channels * side * side);
  const output = await network.run(planes, side, side);
  const ratio = network.scale;
  let squares = 0;
  for (let index = 0; index < output.length; index += 1) {
    const column = Math.floor((index % (side * ratio)) / ratio);
    squares += ((output[index] ?? 0) - column / side) ** 2;
  }
  // Written so that NaN fails too. A working network stays below 0.05 on a ramp; 0.25 is wrong range or wrong layout.
  if (!(Math.sqrt(squares / output.length) < 0.25))
    throw invalidModel('its answer to a test picture is not that picture enlarged');
}

/** onnxruntime gives text only; these are its allocator's words, the standard library's, and those of a GPU that was asked for too much. */
function isOutOfMemory(error: unknown): boolean {
  const words =
    /bad_alloc|bad allocation|failed to allocate|out of memory|cannot allocate|exceeds the max buffer size|due to a previous error/i;
  return error instanceof Error && words.test(error.message);
}

function runFailure(device: Device, cause: unknown): EnlargerError {
  const message =
    device === 'webgpu'
      ? 'The graphics processor failed while it computed. Try again, or choose the processor.'
      : 'The network failed while running on the processor. Try again; if it fails again, choose another model.';
  return new EnlargerError('device-failed', message, { retry: true, cause });
}

function noGpu(cause: unknown): EnlargerError {
  const text = cause instanceof Error ? cause.message : String(cause);
  const message = /no supported adapters|failed to get a webgpu adapter|no available backend/i.test(text)
    ? 'This computer has no graphics processor that could be used.'
    : 'The graphics processor cannot compute this network.';
  // A driver that was reset serves a fresh process again.
  return new EnlargerError('device-failed', message, { retry: true, cause });
}

function memoryFailure(cause: unknown): EnlargerError {
  return new EnlargerError(
    'out-of-memory',
    'There is not enough memory for the network. Close other programs and try again, or choose a smaller size.',
    { retry: true, cause },
  );
}
