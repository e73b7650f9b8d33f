/** Is a device right, and how fast: files of a model on probe tiles, against the 32-bit network on the processor. */
import type { DeviceReport } from '../../photo/device.ts';
import type { EngineParams } from '../../photo/engine-protocol.ts';
import { EnlargerError, toFailure } from '../../photo/failure.ts';
import type { ModelCard } from '../../photo/model-card.ts';
import { openFile } from '../network/loaded-model.ts';
import { loadCard } from '../network/model-file.ts';
import type { Network } from '../network/session.ts';
import { probeTiles, type ProbeTile } from './probe-tiles.ts';

/** Of the tiles that are compared, in input pixels: small, because the reference runs beside them. */
const comparedSide = 64;
/** Largest tile side that is tried; beyond it memory grows and speed does not. */
const mostSide = 1024;
/** A larger tile must be faster by so much to be worth its memory. */
const worthwhile = 1.05;

type CheckParams = EngineParams<'checkDevice'>;

/** One report a file, in their order. Throws what loading the reference throws; what a device does wrong is in its report. */
export async function checkDevice(params: CheckParams, signal: AbortSignal): Promise<{ reports: DeviceReport[] }> {
  const card = await loadCard(params.directory);
  const tiles = probeTiles(card, comparedSide);
  const expected = await answers(await openFile(params.directory, card, params.reference, 'cpu'), tiles);
  const reports: DeviceReport[] = [];
  for (const { file, precision } of params.files) {
    signal.throwIfAborted();
    const nothing = { file, precision, maxDifference: null, meanDifference: null, tileSide: null, megapixelsPerSecond: null };
    try {
      const network = await openFile(params.directory, card, file, params.device);
      try {
        const slow = await tooSlow(network, tiles, params.worthMegapixelsPerSecond);
        if (slow !== null) {
          reports.push({ ...nothing, tileSide: comparedSide, megapixelsPerSecond: slow, failure: null });
          continue;
        }
        const differences = compare(expected, await run(network, tiles));
        reports.push({
          ...nothing,
          ...differences,
          ...(await fastestSide(network, card, params.patienceMs, signal)),
          failure: null,
        });
      } finally {
        await network.release();
      }
    } catch (error) {
      if (signal.aborted) throw error;
      reports.push({ ...nothing, failure: toFailure(error) });
    }
  }
  return { reports };
}

async function answers(network: Network, tiles: readonly ProbeTile[]): Promise<Float32Array[]> {
  try {
    return await run(network, tiles);
  } finally {
    await network.release();
  }
}

async function run(network: Network, tiles: readonly ProbeTile[]): Promise<Float32Array[]> {
  const outputs: Float32Array[] = [];
  // The buffer of an answer is only good until the next one.
  for (const { planes } of tiles) outputs.push((await network.run(planes, comparedSide, comparedSide)).slice());
  return outputs;
}

/** A first tile also prepares what all others need: only what is slower than this is slow for certain. */
const slowAtFirst = 8;

/** Megapixels a second of a device that is not worth it, by its second tile where the first leaves a doubt; null when it may be. */
async function tooSlow(network: Network, [tile]: readonly ProbeTile[], worth: number | null): Promise<number | null> {
  if (worth === null || tile === undefined) return null;
  const speed = async (): Promise<number> => {
    const startedMs = performance.now();
    await network.run(tile.planes, comparedSide, comparedSide);
    return (comparedSide * network.scale) ** 2 / 1e3 / (performance.now() - startedMs);
  };
  const first = await speed();
  if (first >= worth / slowAtFirst) return null;
  const second = await speed();
  // The compared tiles are small, which slows a fast device, too.
  return second < worth / slowAtFirst ? second : null;
}

function compare(
  expected: readonly Float32Array[],
  actual: readonly Float32Array[],
): Pick<DeviceReport, 'maxDifference' | 'meanDifference'> {
  let most = 0;
  let sum = 0;
  let count = 0;
  for (const [index, tile] of expected.entries()) {
    const other = actual[index] ?? new Float32Array();
    for (let at = 0; at < tile.length; at += 1) {
      const difference = Math.abs((other[at] ?? NaN) - tile[at]!);
      // What is no number is as wrong as can be, and must not vanish in a maximum.
      if (!Number.isFinite(difference)) return { maxDifference: Number.MAX_VALUE, meanDifference: Number.MAX_VALUE };
      most = Math.max(most, difference);
      sum += difference;
    }
    count += tile.length;
  }
  return { maxDifference: most, meanDifference: sum / count };
}

/** Doubles the side until speed stops rising, memory ends or patience does. Throws when not even the smallest tile can be computed. */
async function fastestSide(
  network: Network,
  { tile, input }: ModelCard,
  patienceMs: number,
  signal: AbortSignal,
): Promise<{ tileSide: number; megapixelsPerSecond: number }> {
  let best: { tileSide: number; megapixelsPerSecond: number } | null = null;
  for (let side = roundUp(Math.max(tile.min, comparedSide), tile.multiple); side <= Math.min(tile.max, mostSide); side *= 2) {
    signal.throwIfAborted();
    const planes = probeTiles({ input }, side)[0]?.planes ?? new Float32Array();
    try {
      const ms = await timed(network, planes, side);
      const megapixelsPerSecond = (side * network.scale) ** 2 / 1e3 / ms;
      if (best !== null && megapixelsPerSecond < best.megapixelsPerSecond * worthwhile) return best;
      best = { tileSide: side, megapixelsPerSecond };
      if (ms > patienceMs) return best;
    } catch (error) {
      if (best === null || !(error instanceof EnlargerError)) throw error;
      return best;
    }
  }
  if (best === null) throw new RangeError('the card allows no tile');
  return best;
}

/** The faster of two runs; the first of a size prepares what it needs and does not count, unless it took so long that more would be unbearable. */
async function timed(network: Network, planes: Float32Array, side: number): Promise<number> {
  const once = async (): Promise<number> => {
    const startedMs = performance.now();
    await network.run(planes, side, side);
    return performance.now() - startedMs;
  };
  const firstMs = await once();
  return firstMs > 5000 ? firstMs : Math.min(await once(), await once());
}

function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}
