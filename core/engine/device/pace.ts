/** How fast a network is while others may work beside it: tiles for a while, as in a photo. */
import { EnlargerError } from '../../photo/failure.ts';
import type { LoadedModel } from '../network/loaded-model.ts';
import { probeTiles } from './probe-tiles.ts';

export interface PaceOptions {
  /** In input pixels. */
  readonly tileSide: number;
  /** The tile that is under way then is finished, and counts. */
  readonly forMs: number;
}

/** Output megapixels a second. Throws `cancelled` when the signal aborts, `device-failed` when a tile was wrong, and what the network throws. */
export async function pace(
  model: LoadedModel,
  { tileSide, forMs }: PaceOptions,
  signal: AbortSignal,
): Promise<{ megapixelsPerSecond: number }> {
  const { card, network } = model;
  const planes = probeTiles(card, tileSide)[0]?.planes ?? new Float32Array();
  const startedMs = performance.now();
  let tiles = 0;
  let elapsedMs: number;
  do {
    if (signal.aborted) throw new EnlargerError('cancelled', 'Stopped as asked.');
    await network.run(planes, tileSide, tileSide);
    tiles += 1;
    elapsedMs = performance.now() - startedMs;
  } while (elapsedMs < forMs);
  const [bad] = model.takeBadTiles();
  if (bad !== undefined) throw new EnlargerError('device-failed', bad);
  return { megapixelsPerSecond: (tiles * (tileSide * network.scale) ** 2) / 1e3 / elapsedMs };
}
