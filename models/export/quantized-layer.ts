/** The integers of one convolution. */
import type { QuantizedChannel } from '../compress/quantize-channel.ts';
import { quantizeChannel, reducedRange } from '../compress/quantize-channel.ts';
import { channelsOf } from './plain-network.ts';
import type { Convolution } from './plain-network.ts';

export interface QuantizedLayer {
  /** −63..63, OIHW. */
  readonly integers: Int8Array;
  /** Value of one step, per output channel. */
  readonly scales: Float32Array;
  /** In steps of the accumulator. */
  readonly biases: Int32Array;
  /** Input scale · weight scale, per output channel. */
  readonly biasScales: Float32Array;
}

/** Largest bias in accumulator steps; leaves as much room again for the sum of products. */
const maxBias = 2 ** 30;

/** The integers that are given, or the nearest ones, per channel, and biases in the accumulator's unit. `inputScale`: value of one step of the layer's input. */
export function quantizedLayer(
  convolution: Convolution,
  bias: Float32Array,
  inputScale: number,
  rounded?: readonly QuantizedChannel[],
): QuantizedLayer {
  const { weight, shape } = convolution;
  const channels = shape[0];
  const size = weight.length / channels;
  const layer = {
    integers: new Int8Array(weight.length),
    scales: new Float32Array(channels),
    biases: new Int32Array(channels),
    biasScales: new Float32Array(channels),
  };
  for (const [channel, floats] of channelsOf(convolution).entries()) {
    const value = bias[channel] ?? 0;
    const least = Math.abs(value) / (inputScale * maxBias);
    const fitted = rounded?.[channel] ?? quantizeChannel(floats, reducedRange);
    // A channel whose weights are nothing beside its bias: coarser steps, so that the bias fits into 32 bits.
    const coarse = Math.fround(least * 1.001);
    const chosen =
      fitted.scale > least ? fitted : { scale: coarse, integers: Int8Array.from(floats, (float) => Math.round(float / coarse)) };
    layer.integers.set(chosen.integers, channel * size);
    layer.scales[channel] = chosen.scale;
    // float32 product, as onnxruntime forms it: the bias must be in exactly the accumulator's unit.
    const unit = Math.fround(inputScale * chosen.scale);
    layer.biasScales[channel] = unit;
    layer.biases[channel] = Math.round(value / unit);
  }
  return layer;
}
