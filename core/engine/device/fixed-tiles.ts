/** Every tile gets one size: a GPU's driver prepares each shape anew, and its buffers can be kept from tile to tile. */
import type { Network } from '../network/session.ts';

/** `network`, for squares of `side` input pixels only. Throws RangeError for others. */
export function fixedTiles(network: Network, side: number): Network {
  return {
    scale: network.scale,
    inputPlanes: network.inputPlanes,
    tileSide: side,
    atOnce: network.atOnce,
    async run(planes, width, height) {
      if (width !== side || height !== side)
        throw new RangeError(`A tile of ${String(width)} × ${String(height)} is not ${String(side)} × ${String(side)}`);
      return await network.run(planes, width, height);
    },
    inferMs: () => network.inferMs(),
    release: () => network.release(),
  };
}
