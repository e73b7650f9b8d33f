/** From the values that a tensor took to the range that 256 steps should cover. */
import { affineOf } from './int8-graph.ts';
import type { ValueRange } from './int8-graph.ts';

/** How often values fell into equal bins between `min` and `max`. Exact zeros are counted apart: every range holds them exactly. */
export interface Histogram {
  readonly min: number;
  readonly max: number;
  readonly bins: Float64Array;
  zeros: number;
}

/**
 * `max`: everything that was seen. `99.9 %`, `99.99 %`: all but so much, half of the rest at either end of signed tensors. `mse`: the
 * least squared error of rounding and clipping together.
 */
export type RangeMethod = 'max' | '99.9 %' | '99.99 %' | 'mse';

const binCount = 8192;
/** Candidates for each end of the range, as parts of what was seen. */
const parts = Array.from({ length: 61 }, (_, step) => 1 - step * 0.015);

export function emptyHistogram([min, max]: ValueRange): Histogram {
  return { min: Math.min(min, 0), max: Math.max(max, 0), bins: new Float64Array(binCount), zeros: 0 };
}

/** Counts values; none may lie outside the histogram's range. */
export function countValues(histogram: Histogram, values: Float32Array): void {
  const { min, max, bins } = histogram;
  const perUnit = max > min ? binCount / (max - min) : 0;
  for (const value of values) {
    if (value === 0) histogram.zeros += 1;
    else {
      const bin = Math.min(binCount - 1, Math.floor((value - min) * perUnit));
      bins[bin] = (bins[bin] ?? 0) + 1;
    }
  }
}

/** The range by a method. It always holds 0; of unsigned tensors it begins there. */
export function findRange(histogram: Histogram, method: RangeMethod): ValueRange {
  switch (method) {
    case 'max':
      return [histogram.min, histogram.max];
    case '99.9 %':
      return quantiles(histogram, 0.001);
    case '99.99 %':
      return quantiles(histogram, 0.0001);
    case 'mse':
      return leastSquares(histogram);
  }
}

/** Mean squared error of the values after rounding to u8 over `range`; bins are taken at their centres. */
export function meanSquaredError(histogram: Histogram, range: ValueRange): number {
  return errorOf(occupiedBins(histogram), range);
}

function leastSquares(histogram: Histogram): ValueRange {
  const { min, max } = histogram;
  const occupied = occupiedBins(histogram);
  let best: ValueRange = [min, max];
  let least = errorOf(occupied, best);
  for (const low of min < 0 ? parts : [1]) {
    for (const high of max > 0 ? parts : [1]) {
      const error = errorOf(occupied, [min * low, max * high]);
      if (error < least) [best, least] = [[min * low, max * high], error];
    }
  }
  return best;
}

interface Occupied {
  readonly centres: Float64Array;
  readonly times: Float64Array;
  /** Of all values, zeros included. */
  readonly total: number;
}

function occupiedBins({ min, max, bins, zeros }: Histogram): Occupied {
  const width = (max - min) / binCount;
  const places = Array.from(bins.keys()).filter((bin) => bins[bin] !== 0);
  const times = Float64Array.from(places, (bin) => bins[bin] ?? 0);
  return {
    centres: Float64Array.from(places, (bin) => min + (bin + 0.5) * width),
    times,
    total: times.reduce((sum, count) => sum + count, zeros),
  };
}

function errorOf({ centres, times, total }: Occupied, range: ValueRange): number {
  const { scale, zeroPoint } = affineOf(range);
  let sum = 0;
  for (let index = 0; index < centres.length; index += 1) {
    const value = centres[index] ?? 0;
    const code = Math.min(255, Math.max(0, Math.round(value / scale) + zeroPoint));
    sum += (times[index] ?? 0) * (value - (code - zeroPoint) * scale) ** 2;
  }
  return total === 0 ? 0 : sum / total;
}

function quantiles({ min, max, bins, zeros }: Histogram, outside: number): ValueRange {
  const total = bins.reduce((sum, times) => sum + times, zeros);
  const width = (max - min) / binCount;
  const allowed = (total * outside) / (min < 0 && max > 0 ? 2 : 1);
  let low = 0;
  for (let cut = 0; low < binCount - 1 && cut + (bins[low] ?? 0) <= allowed; low += 1) cut += bins[low] ?? 0;
  let high = binCount;
  for (let cut = 0; high > 1 && cut + (bins[high - 1] ?? 0) <= allowed; high -= 1) cut += bins[high - 1] ?? 0;
  return [min < 0 ? Math.min(0, min + low * width) : 0, max > 0 ? Math.max(0, min + high * width) : 0];
}
