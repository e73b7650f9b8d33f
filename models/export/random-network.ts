/** Networks with random weights: for measuring speed, which does not depend on the weights, and for tests. */
import { randomNumbers } from '../../core/engine/sample/noise.ts';
import type { Convolution, PlainNetwork } from './plain-network.ts';

export type RandomShape = Pick<PlainNetwork, 'scale' | 'stride' | 'channels' | 'depth'> &
  Partial<Pick<PlainNetwork, 'residual' | 'ensemble'>>;

/** Weights uniform around zero with the variance 2 / inputs (He), so that values keep their size from layer to layer. The same seed gives the same network. */
export function randomNetwork(shape: RandomShape, seed = 1): PlainNetwork {
  const random = randomNumbers(seed);
  const { scale, stride, channels, depth, residual = 0, ensemble = 1 } = shape;
  const side = stride === 1 ? 3 : 4;
  const convolution = (dims: Convolution['shape'], gain: number, biased = true): Convolution => {
    const [outputs, inputs, height, width] = dims;
    const bound = gain * Math.sqrt(6 / (inputs * height * width));
    return {
      weight: Float32Array.from({ length: outputs * inputs * height * width }, () => bound * (2 * random() - 1)),
      shape: dims,
      bias: biased ? Float32Array.from({ length: outputs }, () => 0.1 * (2 * random() - 1)) : null,
    };
  };
  return {
    kind: 'plain',
    scale,
    stride,
    channels,
    depth,
    residual,
    ensemble,
    planes: ['r', 'g', 'b', 'strength'],
    head: convolution([channels, 4, side, side], 1),
    body: Array.from({ length: depth }, () => convolution([channels, channels, 3, 3], residual > 0 ? 0.5 : 1)),
    tail: convolution([3 * (scale * stride) ** 2, channels, 3, 3], 0.1),
    skip: scale === 1 ? null : convolution([3 * scale ** 2, 4, 5, 5], 0.5, false),
  };
}
