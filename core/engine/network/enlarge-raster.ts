/** One pass of a network over a raster, tile by tile, with memory bounded by a band of rows. */
import { setImmediate } from 'node:timers/promises';
import { EnlargerError } from '../../photo/failure.ts';
import type { ModelCard } from '../../photo/model-card.ts';
import type { Span } from '../../photo/tiles.ts';
import { allocateRows } from '../raster/raster.ts';
import type { RasterReader, RasterWriter, Samples } from '../raster/raster.ts';
import { isNeutral } from './neutral.ts';
import type { Band } from './planes.ts';
import type { Network } from './session.ts';
import { coreLength, pasteCore } from './tile-cores.ts';
import { bandRows, tallestCore, tileWork } from './tile-work.ts';

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
  /** The picture is grey, in however many channels; looked at when it is not said. */
  readonly neutral?: boolean;
  /** Tiles that need not be run. */
  readonly known?: KnownTiles | null;
  readonly signal?: AbortSignal;
  /** After every tile; `inferMs` is the time inside the network so far. */
  readonly onTile?: (info: TileInfo) => void | Promise<void>;
}

/** Cores of tiles that were made before: by the same network, from the same picture, with the same tile side and strength. */
export interface KnownTiles {
  /** The `length` samples of the core of the tile at column `x` and row `y`, or null when it is not known. */
  take(x: number, y: number, length: number): Samples | null;
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
 * read (plus 2·(radius+2) rows with alpha), W·T·s²·c·b for what is written, both twice where the network takes several tiles at a time, and
 * per tile under way 4·T²·(planes + 3·s²) for the network's ends; the network's own intermediates come on top.
 *
 * T is at most the tile side, and for pictures smaller than it their side plus the halos.
 *
 * Throws EnlargerError `cancelled` when `signal` is aborted, and what the network and the rasters throw. Tiles that are under way then end by
 * themselves, and nobody sees them.
 */
export async function enlargeRaster(options: EnlargeOptions): Promise<{ inferMs: number; tiles: number; reusedTiles: number }> {
  const { input, output, network } = options;
  const { shape } = input;
  checkShapes(options);
  throwIfAborted(options.signal);
  const { plan, reach, newWorker } = tileWork({ ...options, shape, neutral: options.neutral ?? isNeutral(input) });
  const workers = Array.from({ length: network.atOnce ?? 1 }, newWorker);
  const beforeMs = network.inferMs();
  const rowBuffers = Array.from({ length: Math.min(workers.length, 2) }, () => ({
    read: allocateRows(shape, Math.min(plan.rows.size + 2 * reach, shape.height)),
    made: allocateRows(output.shape, tallestCore(plan) * network.scale),
  }));
  const underWay: { readonly made: Promise<void>; readonly y: number; readonly isLastOfRow: boolean }[] = [];
  let begun = 0;
  let done = 0;
  let reusedTiles = 0;

  const finishOne = async (): Promise<void> => {
    throwIfAborted(options.signal);
    const [first] = underWay;
    if (first === undefined) return;
    await first.made;
    underWay.splice(0, 1);
    done += 1;
    await options.onTile?.({ done, total: plan.count, inferMs: network.inferMs() - beforeMs });
    if (first.isLastOfRow) {
      const row = plan.rows.span(first.y);
      const { made } = rowBuffers[first.y % rowBuffers.length]!;
      output.writeRows(row.coreStart * network.scale, row.coreSize * network.scale, made);
    }
    await setImmediate();
  };

  for (let y = 0; y < plan.rows.count; y += 1) {
    const row = plan.rows.span(y);
    const buffers = rowBuffers[y % rowBuffers.length]!;
    while (underWay.some((tile) => tile.y === y - rowBuffers.length)) await finishOne();
    let band: Band | null = null;
    for (let x = 0; x < plan.columns.count; x += 1) {
      while (underWay.length >= workers.length) await finishOne();
      const column = plan.columns.span(x);
      const place = { column, row, scale: network.scale, output: output.shape };
      const core = options.known?.take(x, y, coreLength(place)) ?? null;
      let made: Promise<void> = Promise.resolve();
      if (core === null) {
        band ??= readBand(input, row, reach, buffers.read);
        made = workers[begun % workers.length]!.enlarge(band, column, row, buffers.made);
        made.catch(() => undefined); // told when its turn comes
        begun += 1;
      } else {
        pasteCore(place, core, buffers.made);
        reusedTiles += 1;
      }
      underWay.push({ made, y, isLastOfRow: x === plan.columns.count - 1 });
    }
  }
  while (underWay.length > 0) await finishOne();
  return { inferMs: network.inferMs() - beforeMs, tiles: plan.count - reusedTiles, reusedTiles };
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

function readBand(input: RasterReader, row: Span, reach: number, samples: Samples): Band {
  const { width, height, channels } = input.shape;
  const { top, rows } = bandRows(row, reach, height);
  input.readRows(top, rows, samples);
  return { samples, width, channels, top, rows };
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true)
    throw new EnlargerError('cancelled', 'Stopped before the photo was finished; nothing was written.');
}
