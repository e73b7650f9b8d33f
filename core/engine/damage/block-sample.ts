/** A bounded sample of a photo in blocks of 8 × 8 pixels, spread over all of it. */
import { allocateRows, maxSample } from '../raster/raster.ts';
import type { RasterReader, Samples } from '../raster/raster.ts';
import { blockSide, blockSize, transformBlock } from './block-transform.ts';

/** At most this many windows along each axis, and this many blocks along each side of one. */
const windowsAcross = 8;
const windowBlocks = 6;
/** Pixels of a block that may be black or white in a channel: a tenth, which changes a deviation by little. */
const mostClipped = 6;

/** Column and row at which blocks begin: the grid of a JPEG, which need not begin at the corner of a turned photo. */
export interface Grid {
  readonly left: number;
  readonly top: number;
}

export interface SampledBlock {
  /** One array of 64 values a colour channel, in 8-bit codes. */
  readonly colours: readonly Float32Array[];
  /** 64 DCT coefficients of luma (BT.601). */
  readonly luma: Float32Array;
  /** All samples of each channel are equal. */
  readonly constant: boolean;
}

/**
 * At most 64 windows of 48 × 48 pixels, in blocks. Left out is what can tell nothing: blocks with transparent pixels, and
 * blocks that are black or white in part, where noise is cut off.
 */
export function sampleBlocks(input: RasterReader, grid: Grid = { left: 0, top: 0 }): SampledBlock[] {
  const { width, height, channels } = input.shape;
  const rows = windowRows(height - grid.top);
  const samples = allocateRows(input.shape, rows);
  const unit = 255 / maxSample(input.shape.bitDepth);
  const blocks: SampledBlock[] = [];
  for (const top of windowStarts(height, grid.top)) {
    input.readRows(top, rows, samples);
    for (const left of windowStarts(width, grid.left)) {
      const right = Math.min(left + windowBlocks * blockSide, width);
      for (let y = 0; y + blockSide <= rows; y += blockSide) {
        for (let x = left; x + blockSide <= right; x += blockSide) {
          const block = takeBlock(samples, (y * width + x) * channels, width, channels, unit);
          if (block !== null) blocks.push(block);
        }
      }
    }
  }
  return blocks;
}

function windowRows(extent: number): number {
  return Math.min(windowBlocks, Math.floor(Math.max(extent, 0) / blockSide)) * blockSide;
}

/** Spread evenly, on the grid; windows only overlap where the photo is no multiple of them. */
function windowStarts(extent: number, first: number): number[] {
  const blocks = Math.floor((extent - first) / blockSide);
  const count = Math.min(windowsAcross, Math.ceil(blocks / windowBlocks));
  if (count <= 1) return blocks <= 0 ? [] : [first];
  const last = blocks - windowBlocks;
  return Array.from({ length: count }, (_, index) => first + Math.round((index * last) / (count - 1)) * blockSide);
}

function takeBlock(samples: Samples, at: number, width: number, channels: number, unit: number): SampledBlock | null {
  if (channels % 2 === 0 && !isVisible(samples, at + channels - 1, width, channels)) return null;
  const colours: Float32Array[] = [];
  let constant = true;
  for (let channel = 0; channel < (channels < 3 ? 1 : 3); channel += 1) {
    const values = new Float32Array(blockSize);
    let clipped = 0;
    for (let index = 0; index < blockSize; index += 1) {
      const value = samples[at + channel + ((index >> 3) * width + (index & 7)) * channels]! * unit;
      values[index] = value;
      if (value <= 0 || value >= 255) clipped += 1;
      if (value !== values[0]) constant = false;
    }
    if (clipped > mostClipped) return null;
    colours.push(values);
  }
  const luma = new Float32Array(blockSize);
  transformBlock(lumaOf(colours), luma);
  return { colours, luma, constant };
}

const grey = new Float32Array(blockSize);

/** Valid until the next call. */
function lumaOf(colours: readonly Float32Array[]): Float32Array {
  const [red, green, blue] = colours;
  if (red === undefined || green === undefined || blue === undefined) return red ?? grey;
  for (let index = 0; index < blockSize; index += 1)
    grey[index] = 0.299 * red[index]! + 0.587 * green[index]! + 0.114 * blue[index]!;
  return grey;
}

function isVisible(samples: Samples, at: number, width: number, channels: number): boolean {
  for (let index = 0; index < blockSize; index += 1) {
    if (samples[at + ((index >> 3) * width + (index & 7)) * channels] === 0) return false;
  }
  return true;
}

/** The flattest share of `blocks`: those with the least energy in the luma coefficients `coarse`. At least `fewest`, if there are so many. */
export function flattest(
  blocks: readonly SampledBlock[],
  coarse: readonly number[],
  share: number,
  fewest: number,
): readonly SampledBlock[] {
  const energies = Float64Array.from(blocks, ({ luma }) => coarse.reduce((sum, index) => sum + luma[index]! ** 2, 0));
  return Array.from(blocks.keys())
    .sort((a, b) => energies[a]! - energies[b]!)
    .slice(0, Math.max(fewest, Math.ceil(blocks.length * share)))
    .map((index) => blocks[index]!);
}
