/** Small random networks of every form, and pictures for them. */
import { randomNumbers } from '../../../core/engine/sample/noise.ts';
import { randomNetwork } from '../../../models/export/random-network.ts';
import type { RandomShape } from '../../../models/export/random-network.ts';
import { openFile, runFor, type Planes } from '../../../models/export/run-network.ts';

export interface SmallNetwork extends RandomShape {
  readonly name: string;
}

export const smallNetworks: readonly [SmallNetwork, ...SmallNetwork[]] = [
  { name: 'scale 2', scale: 2, stride: 1, channels: 12, depth: 2 },
  { name: 'scale 2 with residual steps', scale: 2, stride: 1, channels: 8, depth: 4, residual: 2 },
  { name: 'scale 4', scale: 4, stride: 1, channels: 16, depth: 2 },
  { name: 'scale 1', scale: 1, stride: 1, channels: 8, depth: 2 },
  { name: 'scale 1 at half size', scale: 1, stride: 2, channels: 12, depth: 2 },
  { name: 'scale 2 with two chains', scale: 2, stride: 1, channels: 12, depth: 2, ensemble: 2 },
  { name: 'scale 4 with two chains and residual steps', scale: 4, stride: 1, channels: 8, depth: 2, residual: 2, ensemble: 2 },
  { name: 'scale 1 at half size with two chains', scale: 1, stride: 2, channels: 12, depth: 1, ensemble: 2 },
  { name: 'scale 1 at half size with residual steps', scale: 1, stride: 2, channels: 8, depth: 2, residual: 2 },
];

export function build(shape: SmallNetwork, seed = 3): ReturnType<typeof randomNetwork> {
  return randomNetwork(shape, seed);
}

/** An 8-bit picture of four planes, smooth with noise; the fourth is a constant strength. */
export function picture(height: number, width: number, seed = 7): Planes {
  const random = randomNumbers(seed);
  const size = height * width;
  const values = Float32Array.from({ length: 4 * size }, (_, index) => {
    const [x, y] = [index % width, Math.floor(index / width) % height];
    return Math.round(255 * (0.2 + 0.5 * ((x + y) / (width + height)) + 0.3 * random())) / 255;
  });
  values.fill(0.5, 3 * size);
  return { values, count: 4, height, width };
}

/** What a network file makes of a picture. */
export async function pictureOf(bytes: Uint8Array, x: Planes): Promise<Planes> {
  const running = await openFile(bytes);
  try {
    return await runFor(running, x, 'y');
  } finally {
    await running.release();
  }
}
