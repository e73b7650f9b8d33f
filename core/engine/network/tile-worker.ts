/** Takes one tile at a time through the network: pack, run, unpack. Holds the buffers that its tiles share. */
import type { Span, TilePlan } from '../../photo/tiles.ts';
import { maxSample } from '../raster/raster.ts';
import type { RasterShape, Samples } from '../raster/raster.ts';
import { copyWindow, fillCore, meanPlane, packColour, packPlane, sampleRange, unpackColour, unpackPlane } from './planes.ts';
import type { Band, Placement, Window } from './planes.ts';
import type { Network } from './session.ts';
import { bleedColours, settleCore } from './transparency.ts';
import type { Region } from './transparency.ts';

export interface TileWorkerOptions {
  readonly network: Network;
  readonly shape: RasterShape;
  readonly plan: TilePlan;
  /** How far visible colours are carried under transparent pixels; 0 without alpha. */
  readonly reach: number;
  /** The picture is grey, in however many channels. */
  readonly neutral: boolean;
  readonly strength: number;
  readonly extraPlanes: readonly 'strength'[];
}

export class TileWorker {
  readonly #options: TileWorkerOptions;
  readonly #planes: Float32Array;
  readonly #planeSize: number;
  readonly #colourChannels: 1 | 3;
  readonly #regionBuffer: Float32Array;
  readonly #known: Uint8Array;

  constructor(options: TileWorkerOptions) {
    const { plan, network, shape, reach } = options;
    this.#options = options;
    this.#planeSize = plan.columns.size * plan.rows.size;
    this.#planes = new Float32Array(network.inputPlanes * this.#planeSize);
    this.#colourChannels = shape.channels >= 3 ? 3 : 1;
    const regionSize = reach === 0 ? 0 : (plan.columns.size + 2 * reach) * (plan.rows.size + 2 * reach);
    this.#regionBuffer = new Float32Array(regionSize * (this.#colourChannels + 1));
    this.#known = new Uint8Array(regionSize);
  }

  /** Enlarges the tile at `column` × `row` of the picture and leaves its core in `out`, a band that begins with the core's first row. */
  async enlarge(band: Band, column: Span, row: Span, out: Samples): Promise<void> {
    const { shape, plan, network } = this.#options;
    const { scale } = network;
    const tile: Window = { left: column.start, top: row.start, width: plan.columns.size, height: plan.rows.size };
    const place: Placement = {
      planeWidth: tile.width * scale,
      left: (column.coreStart - column.start) * scale,
      top: (row.coreStart - row.start) * scale,
      width: column.coreSize * scale,
      height: row.coreSize * scale,
      bandWidth: shape.width * scale,
      channels: shape.channels,
      column: column.coreStart * scale,
    };
    if (this.#options.reach === 0) {
      this.#packColour(band, tile);
      await this.#runColour(tile, place, out);
    } else {
      await this.#enlargeWithAlpha(
        band,
        tile,
        { left: column.coreStart, top: row.coreStart, width: column.coreSize, height: row.coreSize },
        place,
        out,
      );
    }
  }

  async #enlargeWithAlpha(band: Band, tile: Window, core: Window, place: Placement, out: Samples): Promise<void> {
    const { shape, reach } = this.#options;
    const alphaChannel = shape.channels - 1;
    const full = maxSample(shape.bitDepth);
    // What settleCore would make of every pixel anyway: nothing visible near the core, all transparent black.
    if (sampleRange(band, alphaChannel, grown(core, reach)).greatest === 0) {
      for (let channel = 0; channel <= alphaChannel; channel += 1) fillCore(place, out, channel, 0);
      return;
    }
    const alpha = sampleRange(band, alphaChannel, tile);
    if (alpha.least === full) {
      this.#packColour(band, tile);
      await this.#runColour(tile, place, out);
      fillCore(place, out, alphaChannel, full);
      return;
    }
    const window = clipped(grown(tile, reach), band, shape.height);
    const region = this.#packRegion(band, window);
    bleedColours(region, reach);
    for (let channel = 0; channel < 3; channel += 1) {
      const from = region.colours[channel % this.#colourChannels];
      if (from !== undefined) copyWindow(from, window, tile, this.#plane(channel));
    }
    await this.#runColour(tile, place, out);
    if (alpha.greatest === 0) {
      fillCore(place, out, alphaChannel, 0);
    } else {
      for (let channel = 0; channel < 3; channel += 1) packPlane(band, alphaChannel, tile, this.#plane(channel));
      unpackPlane(meanPlane(await this.#run(tile, 0)), place, out, alphaChannel);
    }
    const coreInRegion = { left: core.left - window.left, top: core.top - window.top, width: core.width, height: core.height };
    settleCore(region, coreInRegion, this.#options.network.scale, place, out, full);
  }

  #packColour(band: Band, tile: Window): void {
    if (this.#colourChannels === 3) {
      packColour(band, tile, this.#planes);
      return;
    }
    packPlane(band, 0, tile, this.#plane(0));
    for (let channel = 1; channel < 3; channel += 1) this.#plane(channel).set(this.#plane(0));
  }

  #packRegion(band: Band, window: Window): Region {
    const size = window.width * window.height;
    const planes = Array.from({ length: this.#colourChannels + 1 }, (_, index) =>
      this.#regionBuffer.subarray(index * size, (index + 1) * size),
    );
    planes.forEach((plane, channel) => {
      packPlane(band, channel, window, plane);
    });
    const alpha = planes.pop() ?? new Float32Array();
    return { width: window.width, height: window.height, colours: planes, alpha, known: this.#known.subarray(0, size) };
  }

  async #runColour(tile: Window, place: Placement, out: Samples): Promise<void> {
    const result = await this.#run(tile, this.#options.strength);
    if (!this.#options.neutral) {
      unpackColour(result, place, out);
      return;
    }
    const grey = meanPlane(result);
    for (let channel = 0; channel < this.#colourChannels; channel += 1) unpackPlane(grey, place, out, channel);
  }

  async #run(tile: Window, strength: number): Promise<Float32Array> {
    this.#options.extraPlanes.forEach((_, index) => this.#plane(3 + index).fill(strength));
    return await this.#options.network.run(this.#planes, tile.width, tile.height);
  }

  #plane(index: number): Float32Array {
    return this.#planes.subarray(index * this.#planeSize, (index + 1) * this.#planeSize);
  }
}

function grown(window: Window, by: number): Window {
  return { left: window.left - by, top: window.top - by, width: window.width + 2 * by, height: window.height + 2 * by };
}

/** The part of a window inside the picture; the band always holds all of it. */
function clipped(window: Window, band: Band, height: number): Window {
  const left = Math.max(window.left, 0);
  const top = Math.max(window.top, 0);
  return {
    left,
    top,
    width: Math.min(window.left + window.width, band.width) - left,
    height: Math.min(window.top + window.height, height) - top,
  };
}
