/** Networks that learnt to be integers (`integers` in a recipe of `models/train`). */
import { reducedRange, type QuantizedChannel } from '../compress/quantize-channel.ts';
import { wholeSteps } from '../compress/whole-steps.ts';
import { channelsOf, layersOf, type PlainNetwork } from './plain-network.ts';

/**
 * Integers by layer of a network that was trained with rounded kernels, null of any other. Nothing is to be made up for then, and scaling its
 * channels would spoil them.
 */
export function trainedIntegers(network: PlainNetwork): Map<string, QuantizedChannel[]> | null {
  const layers = layersOf(network).map(({ name, convolution }) => {
    const channels = channelsOf(convolution).map((weights) => wholeSteps(weights, reducedRange));
    return [name, channels.filter((channel) => channel !== null), channels.length] as const;
  });
  if (layers.some(([, channels, count]) => channels.length < count)) return null;
  return new Map(layers.map(([name, channels]) => [name, channels]));
}
