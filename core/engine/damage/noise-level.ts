/**
 * How noisy a photo is, from its pixels alone: the noise is read where the picture is flattest, and from detail so
 * fine that a flat place has none of its own. After N. Ponomarenko, V. Lukin, M. Zriakhov, A. Kaarna, J. Astola,
 * "An automatic approach to lossy compression of AVIRIS images", IGARSS 2007: blocks are sorted by the energy of
 * their low-frequency DCT coefficients, and the high-frequency ones of the flattest give the noise.
 */
import { band, blockSize, transformBlock } from './block-transform.ts';
import { flattest, type SampledBlock } from './block-sample.ts';

const coarse = band(1, 4);
const fine = band(9, 14);
const flattestShare = 0.1;
/** Fewer tell nothing. */
const fewestBlocks = 12;
/** Median of a squared standard normal value (chi-squared with one degree of freedom). */
const medianOfSquare = 0.454_936;

/** Deviation of the noise in 8-bit codes, the root mean square over the colour channels; 0 for a picture too small to tell. */
export function noiseDeviation(sampled: readonly SampledBlock[]): number {
  // A drawn border or letterbox is flat because nothing was photographed there.
  const blocks = flattest(
    sampled.filter((block) => !block.constant),
    coarse,
    flattestShare,
    fewestBlocks,
  );
  const channels = blocks[0]?.colours.length ?? 0;
  if (blocks.length < fewestBlocks) return 0;
  const coefficients = new Float32Array(blockSize);
  let sum = 0;
  for (let channel = 0; channel < channels; channel += 1) {
    const squares = fine.map(() => new Float64Array(blocks.length));
    for (const [index, block] of blocks.entries()) {
      transformBlock(block.colours[channel]!, coefficients);
      for (const [place, coefficient] of fine.entries()) squares[place]![index] = coefficients[coefficient]! ** 2;
    }
    sum += median(Float64Array.from(squares, (values) => median(values) / medianOfSquare));
  }
  return Math.sqrt(sum / channels);
}

/** Sorts `values`. */
function median(values: Float64Array): number {
  values.sort();
  const middle = values.length >> 1;
  return values.length % 2 === 1 ? values[middle]! : (values[middle - 1]! + values[middle]!) / 2;
}
