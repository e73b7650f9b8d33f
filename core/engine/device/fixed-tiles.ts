/** Every tile gets one size: a GPU's driver prepares each shape anew, and its buffers can be kept from tile to tile. */
import type { Network } from '../network/session.ts';

/** `network`, run on squares of `side` input pixels only; smaller tiles are continued by repeating their last row and column, and cut off again. */
export function fixedTiles(network: Network, side: number): Network {
  const { scale, inputPlanes } = network;
  const padded = new Float32Array(inputPlanes * side * side);
  return {
    scale,
    inputPlanes,
    async run(planes, width, height) {
      if (width === side && height === side) return await network.run(planes, width, height);
      if (width > side || height > side) throw new RangeError(`A tile of ${width} × ${height} does not fit ${side} × ${side}`);
      pad(planes, width, height, padded, side);
      return cut(await network.run(padded, side, side), side * scale, width * scale, height * scale);
    },
    release: () => network.release(),
  };
}

function pad(planes: Float32Array, width: number, height: number, padded: Float32Array, side: number): void {
  const count = padded.length / (side * side);
  for (let plane = 0; plane < count; plane += 1) {
    for (let y = 0; y < side; y += 1) {
      const from = (plane * height + Math.min(y, height - 1)) * width;
      const to = (plane * side + y) * side;
      padded.set(planes.subarray(from, from + width), to);
      padded.fill(planes[from + width - 1]!, to + width, to + side);
    }
  }
}

function cut(output: Float32Array, side: number, width: number, height: number): Float32Array {
  const part = new Float32Array(3 * width * height);
  for (let channel = 0; channel < 3; channel += 1) {
    for (let y = 0; y < height; y += 1) {
      const from = (channel * side + y) * side;
      part.set(output.subarray(from, from + width), (channel * height + y) * width);
    }
  }
  return part;
}
