/** The grid of a picture for a network, and what takes its tiles through it: the same wherever tiles are made. */
import type { ModelCard } from '../../photo/model-card.ts';
import { networkHalo, planTiles, type Span, type TilePlan } from '../../photo/tiles.ts';
import type { RasterShape } from '../raster/raster.ts';
import type { Network } from './session.ts';
import { TileWorker } from './tile-worker.ts';

export interface TileWorkOptions {
  readonly network: Network;
  readonly card: ModelCard;
  /** Of the picture that is enlarged. */
  readonly shape: RasterShape;
  /** Largest tile side in input pixels. */
  readonly tileSide: number;
  readonly strength: number;
  /** The picture is grey, in however many channels. */
  readonly neutral: boolean;
}

export interface TileWork {
  readonly plan: TilePlan;
  /** Rows and columns that are looked at around a tile, beyond its halo: under transparency colours come from there. */
  readonly reach: number;
  /** One is needed for each tile that is under way at a time. */
  readonly newWorker: () => TileWorker;
}

export function tileWork({ network, card, shape, tileSide, strength, neutral }: TileWorkOptions): TileWork {
  const plan = tileGrid(card, shape, tileSide, network.tileSide !== undefined);
  const reach = shape.channels % 2 === 0 ? card.receptiveFieldRadius + 2 : 0;
  const { extraPlanes } = card.input;
  return { plan, reach, newWorker: () => new TileWorker({ network, shape, plan, reach, neutral, strength, extraPlanes }) };
}

/** The tiles of a picture for this network. */
function tileGrid(
  card: ModelCard,
  { width, height }: { width: number; height: number },
  tileSide: number,
  fixedSide: boolean,
): TilePlan {
  return planTiles({
    width,
    height,
    tileSide,
    halo: networkHalo(card.receptiveFieldRadius),
    multiple: card.tile.multiple,
    fixedSide,
  });
}

/** Rows of a picture of `height` rows that the tiles of one row look at. */
export function bandRows(row: Span, reach: number, height: number): { top: number; rows: number } {
  const top = Math.max(row.start - reach, 0);
  return { top, rows: Math.min(row.start + row.size + reach, height) - top };
}

/** Rows of the tallest core, before it is enlarged. */
export function tallestCore({ rows }: TilePlan): number {
  let tallest = 0;
  for (let y = 0; y < rows.count; y += 1) tallest = Math.max(tallest, rows.span(y).coreSize);
  return tallest;
}
