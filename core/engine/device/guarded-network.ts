/** A network on a device that may be wrong without a word: each tile is looked at, and computed again on the processor when it cannot be right. */
import { EnlargerError } from '../../photo/failure.ts';
import type { Network } from '../network/session.ts';
import { suspicion } from './tile-look.ts';

export interface Guard {
  readonly network: Network;
  /** Opens the same network on the processor; called for the first bad tile. */
  readonly openRescue: () => Promise<Network>;
  /** Told of each bad tile, with what was wrong. */
  readonly onBadTile: (reason: string) => void;
}

/** One may be a cosmic ray; two are a broken driver. */
const toleratedTiles = 1;

/**
 * Its tiles are right, or it throws EnlargerError `device-failed` without `retry`: with the second bad tile, after which nothing of what the device
 * computed for this photo may be used.
 */
export function guardedNetwork({ network, openRescue, onBadTile }: Guard): Network {
  let badTiles = 0;
  let rescue: Network | null = null;
  return {
    scale: network.scale,
    inputPlanes: network.inputPlanes,
    tileSide: network.tileSide,
    atOnce: network.atOnce,
    async run(planes, width, height) {
      const output = await network.run(planes, width, height);
      const wrong = suspicion({ input: planes, width, height, scale: network.scale, output });
      if (wrong === null) return output;
      onBadTile(wrong);
      badTiles += 1;
      if (badTiles > toleratedTiles) throw distrusted(wrong);
      rescue ??= await openRescue();
      return await rescue.run(planes, width, height);
    },
    inferMs: () => network.inferMs() + (rescue?.inferMs() ?? 0),
    async release() {
      await network.release();
      await rescue?.release();
    },
  };
}

function distrusted(wrong: string): EnlargerError {
  return new EnlargerError('device-failed', `The graphics processor computed ${wrong}. It is not used any more for now.`);
}
