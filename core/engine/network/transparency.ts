/**
 * Colours under transparent pixels are arbitrary (often black or white) and would bleed into the visible
 * edge as a fringe. They are replaced by the colours of visible neighbours, layer by layer outward.
 */
import type { Samples } from '../raster/raster.ts';
import type { Placement } from './planes.ts';

/** Planes of a rectangle of the picture. */
export interface Region {
  readonly width: number;
  readonly height: number;
  /** One plane a colour channel, changed in place. */
  readonly colours: readonly Float32Array[];
  readonly alpha: Float32Array;
  /** Per pixel, set by the bleed: 0 nothing visible within reach, 1 visible or filled. */
  readonly known: Uint8Array;
}

/**
 * Gives every transparent pixel within `radius` (Chebyshev distance) of a visible one a colour, and zero to the
 * rest. A layer's colour is the mean of its known neighbours, weighted by alpha next to visible pixels.
 * Each value depends on no pixel farther than `radius`, and layers are finished before the next begins, so the
 * result is the same whatever rectangle of the picture it is computed in, except within `radius` of a cut.
 */
export function bleedColours(region: Region, radius: number): void {
  const { alpha, known, colours } = region;
  const size = region.width * region.height;
  for (let index = 0; index < size; index += 1) {
    const visible = alpha[index]! > 0;
    known[index] = visible ? 1 : 0;
    if (!visible) for (const plane of colours) plane[index] = 0;
  }
  let layer = firstLayer(region);
  for (let distance = 1; distance <= radius && layer.length > 0; distance += 1) {
    for (const index of layer) fillFromNeighbours(region, index);
    // Only now: within a layer nobody may look at a neighbour of the same layer.
    for (const index of layer) known[index] = 1;
    layer = distance < radius ? nextLayer(region, layer) : [];
  }
}

/** Unknown pixels beside a known one. */
function firstLayer({ width, height, known }: Region): number[] {
  const layer: number[] = [];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const index = y * width + x;
      if (known[index] === 0 && hasKnownNeighbour(width, height, known, x, y)) layer.push(index);
    }
  }
  return layer;
}

function hasKnownNeighbour(width: number, height: number, known: Uint8Array, x: number, y: number): boolean {
  const right = Math.min(x + 1, width - 1);
  const bottom = Math.min(y + 1, height - 1);
  for (let row = Math.max(y - 1, 0); row <= bottom; row += 1) {
    for (let column = Math.max(x - 1, 0); column <= right; column += 1) if (known[row * width + column] !== 0) return true;
  }
  return false;
}

function nextLayer({ width, height, known }: Region, layer: readonly number[]): number[] {
  const next = new Set<number>();
  for (const index of layer) {
    const x = index % width;
    const y = (index - x) / width;
    const right = Math.min(x + 1, width - 1);
    const bottom = Math.min(y + 1, height - 1);
    for (let row = Math.max(y - 1, 0); row <= bottom; row += 1) {
      for (let column = Math.max(x - 1, 0); column <= right; column += 1) {
        if (known[row * width + column] === 0) next.add(row * width + column);
      }
    }
  }
  return [...next];
}

function fillFromNeighbours({ width, height, known, alpha, colours }: Region, index: number): void {
  const x = index % width;
  const y = (index - x) / width;
  const right = Math.min(x + 1, width - 1);
  const bottom = Math.min(y + 1, height - 1);
  for (const plane of colours) {
    let sum = 0;
    let weights = 0;
    for (let row = Math.max(y - 1, 0); row <= bottom; row += 1) {
      for (let column = Math.max(x - 1, 0); column <= right; column += 1) {
        const neighbour = row * width + column;
        if (known[neighbour] === 0) continue;
        // Filled pixels have no alpha of their own; among themselves they count alike.
        const weight = alpha[neighbour]! > 0 ? alpha[neighbour]! : 1;
        sum += plane[neighbour]! * weight;
        weights += weight;
      }
    }
    plane[index] = sum / weights;
  }
}

/** The core of a tile inside a region, in input pixels. */
export interface CoreInRegion {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Corrects a core that was just unpacked, pixel of the original by pixel: alpha is exactly 0 or full where the original's 3 × 3
 * neighbourhood is constantly so (a network only comes close), and colour is zero where nothing visible is near.
 */
export function settleCore(
  region: Region,
  core: CoreInRegion,
  scale: number,
  place: Placement,
  samples: Samples,
  fullSample: number,
): void {
  const alphaChannel = place.channels - 1;
  for (let y = 0; y < core.height; y += 1) {
    for (let x = 0; x < core.width; x += 1) {
      const index = (core.top + y) * region.width + core.left + x;
      const own = region.alpha[index]!;
      const constant = (own === 0 || own === 1) && constantAround(region, core.left + x, core.top + y, own);
      if (!constant && region.known[index] !== 0) continue;
      for (let row = y * scale; row < (y + 1) * scale; row += 1) {
        for (let column = x * scale; column < (x + 1) * scale; column += 1) {
          const to = (row * place.bandWidth + place.column + column) * place.channels;
          if (constant) samples[to + alphaChannel] = own * fullSample;
          if (region.known[index] === 0) samples.fill(0, to, to + alphaChannel);
        }
      }
    }
  }
}

function constantAround({ width, height, alpha }: Region, x: number, y: number, value: number): boolean {
  const right = Math.min(x + 1, width - 1);
  const bottom = Math.min(y + 1, height - 1);
  for (let row = Math.max(y - 1, 0); row <= bottom; row += 1) {
    for (let column = Math.max(x - 1, 0); column <= right; column += 1) if (alpha[row * width + column] !== value) return false;
  }
  return true;
}
