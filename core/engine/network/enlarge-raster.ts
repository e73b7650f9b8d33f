/** One pass of a network over a raster, tile by tile, with memory bounded by a band of rows. */
import { setImmediate } from 'node:timers/promises';
import { EnlargerError } from '../../photo/failure.ts';
import type { ModelCard } from '../../photo/model-card.ts';
import { networkHalo, planTiles } from '../../photo/tiles.ts';
import type { Span, TilePlan } from '../../photo/tiles.ts';
import { allocateRows } from '../raster/raster.ts';
import type { RasterReader, RasterWriter, Samples } from '../raster/raster.ts';
import { isNeutral } from './neutral.ts';
import type { Band } from './planes.ts';
import { TileWorker } from './tile-worker.ts';
import type { Network } from './session.ts';

export interface EnlargeOptions {
  readonly input: RasterReader;
  /** `scale` times as large as the input, same channels and depth. */
  readonly output: RasterWriter;
  readonly network: Network;
  readonly card: ModelCard;
  /** Largest tile side in input pixels, within the card's limits. */
  readonly tileSide: number;
  /** 0..1, for networks with a strength plane; ignored by others. */
  readonly strength: number;
  readonly signal?: AbortSignal;
  /** After every tile; `inferMs` is the time inside the network so far. */
  readonly onTile?: (info: TileInfo) => void | Promise<void>;
}

export interface TileInfo {
  readonly done: number;
  readonly total: number;
  readonly inferMs: number;
}

/**
 * Enlarges `input` into `output`. The result does not depend on `tileSide`: tiles overlap by the receptive-field
 * radius, also beyond the picture, where its edge is repeated; so the network's own padding is never seen, and the
 * result is what the picture would become as part of a larger one that goes on like its edge. Under transparency the
 * colours are filled before that, from within the picture. Grey stays grey, also grey in three channels. Hands the event loop a turn after every tile.
 *
 * Memory, with T the tile side, s the scale, W the width, c channels and b bytes a sample: W·T·c·b for what is
 * read (plus 2·(radius+2) rows with alpha), W·T·s²·c·b for what is written, and per tile 4·T²·(planes + 3·s²) for the network's
 * ends; the network's own intermediates come on top.
 *
 * T is at most the tile side, and for pictures smaller than it their side plus the halos.
 *
 * Throws EnlargerError `cancelled` when `signal` is aborted, and what the network and the rasters throw.
 */
export async function enlargeRaster(options: EnlargeOptions): Promise<{ inferMs: number; tiles: number }> {
  const { input, output, network, card } = options;
  const { shape } = input;
  checkShapes(options);
  const hasAlpha = shape.channels === 2 || shape.channels === 4;
  const reach = hasAlpha ? card.receptiveFieldRadius + 2 : 0;
  const plan = planTiles({
    width: shape.width,
    height: shape.height,
    tileSide: options.tileSide,
    halo: networkHalo(card.receptiveFieldRadius),
    multiple: card.tile.multiple,
  });
  throwIfAborted(options.signal);
  const neutral = shape.channels < 3 || isNeutral(input);
  const worker = new TileWorker({
    network,
    shape,
    plan,
    reach,
    neutral,
    strength: options.strength,
    extraPlanes: card.input.extraPlanes,
  });
  const bandIn = allocateRows(shape, Math.min(plan.rows.size + 2 * reach, shape.height));
  const bandOut = allocateRows(output.shape, tallestCore(plan) * network.scale);
  let done = 0;
  for (let y = 0; y < plan.rows.count; y += 1) {
    const row = plan.rows.span(y);
    const band = readBand(input, row, reach, bandIn);
    for (let x = 0; x < plan.columns.count; x += 1) {
      throwIfAborted(options.signal);
      await worker.enlarge(band, plan.columns.span(x), row, bandOut);
      done += 1;
      await options.onTile?.({ done, total: plan.count, inferMs: worker.inferMs });
      await setImmediate();
    }
    output.writeRows(row.coreStart * network.scale, row.coreSize * network.scale, bandOut);
  }
  return { inferMs: worker.inferMs, tiles: plan.count };
}

function checkShapes({ input, output, network, card, tileSide }: EnlargeOptions): void {
  const { shape } = input;
  const fits = output.shape.width === shape.width * network.scale && output.shape.height === shape.height * network.scale;
  if (!fits || output.shape.channels !== shape.channels || output.shape.bitDepth !== shape.bitDepth) {
    throw new RangeError('The output raster does not have the shape of the enlarged input');
  }
  if (tileSide < card.tile.min || tileSide > card.tile.max) {
    throw new RangeError(
      `Tile side ${String(tileSide)} is outside the card's ${String(card.tile.min)}..${String(card.tile.max)}`,
    );
  }
}

function tallestCore(plan: TilePlan): number {
  let tallest = 0;
  for (let y = 0; y < plan.rows.count; y += 1) tallest = Math.max(tallest, plan.rows.span(y).coreSize);
  return tallest;
}

function readBand(input: RasterReader, row: Span, reach: number, samples: Samples): Band {
  const { width, height, channels } = input.shape;
  const top = Math.max(row.start - reach, 0);
  const rows = Math.min(row.start + row.size + reach, height) - top;
  input.readRows(top, rows, samples);
  return { samples, width, channels, top, rows };
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true)
    throw new EnlargerError('cancelled', 'Stopped before the photo was finished; nothing was written.');
}
