/**
 * How a preview is cut into blocks: each is what one tile of the network makes, so that every tile is computed for one block, and none for what is not
 * seen. Pure.
 */
import type { TileGrid } from '../../../../core/api/host-views.ts';
import type { MediaRegion } from '../../../../core/api/media.ts';
import { planAxis } from '../../../../core/photo/tiles.ts';
import { intersection, placeStage, type Box, type TileAddress } from '../../review/viewer/tile-geometry.ts';
import type { Size, Spot } from '../../review/viewer/zoom.ts';
import type { Original } from '../networks.ts';

/** Where blocks begin along each axis, and at last where the final ones end, in pixels of what the network makes. */
export interface BlockGrid {
  readonly columns: readonly number[];
  readonly rows: readonly number[];
}

/** Of what the network makes: more than a large screen shows at 100 %, and some seconds of a slow processor. Farther away there is little to see. */
const mostPixels = 4e6;

/** Blocks of a photo that a network of this scale makes `factor` times as long along each side, maybe in several runs: those are tiles of the last one. */
export function blockGrid(
  original: Original,
  network: { readonly scale: number; readonly tiles: TileGrid },
  factor: number,
): BlockGrid {
  const { scale, tiles } = network;
  const edges = (length: number): number[] => {
    const extent = (length * factor) / scale;
    const axis = planAxis(extent, tiles);
    return [...Array.from({ length: axis.count }, (_, index) => axis.span(index).coreStart * scale), extent * scale];
  };
  return { columns: edges(original.width), rows: edges(original.height) };
}

/** Of all that the network makes, in its pixels. */
export function gridSize({ columns, rows }: BlockGrid): Size {
  return { width: columns.at(-1) ?? 0, height: rows.at(-1) ?? 0 };
}

/** What a block holds. */
export function blockRegion({ columns, rows }: BlockGrid, { x, y }: TileAddress): MediaRegion {
  const [left = 0, right = 0] = columns.slice(x, x + 2);
  const [top = 0, bottom = 0] = rows.slice(y, y + 2);
  return { x: left, y: top, width: right - left, height: bottom - top };
}

export interface View {
  readonly centre: Spot;
  /** 1 is 100 % of what the network makes. */
  readonly scale: number;
  /** Of the canvas, in device pixels. */
  readonly room: Size;
}

/** Those in view, nearest to its middle first; null where it shows more than is worth computing. */
export function blocksInView(grid: BlockGrid, { centre, scale, room }: View): TileAddress[] | null {
  const stage = placeStage(gridSize(grid), centre, scale, room);
  const seen = intersection(stage, { x: 0, y: 0, ...room });
  if ((seen.width * seen.height) / scale ** 2 > mostPixels) return null;
  const across = seenAlong(grid.columns, (seen.x - stage.x) / scale, seen.width / scale);
  const down = seenAlong(grid.rows, (seen.y - stage.y) / scale, seen.height / scale);
  const middle = { x: (room.width / 2 - stage.x) / scale, y: (room.height / 2 - stage.y) / scale };
  return down
    .flatMap((y) => across.map((x) => ({ level: 0, x, y })))
    .map((block) => ({ block, distance: distance(blockRegion(grid, block), middle) }))
    .sort((a, b) => a.distance - b.distance)
    .map(({ block }) => block);
}

/**
 * The middle of a picture, or rather the place next to it from where the view at 100 % shows the fewest blocks: whoever opens a preview waits for all of
 * them, and half a block aside is as good a middle.
 */
export function firstCentre({ columns, rows }: BlockGrid, room: Size): Spot {
  return { x: firstAlong(columns, room.width), y: firstAlong(rows, room.height) };
}

function firstAlong(edges: readonly number[], seen: number): number {
  const whole = edges.at(-1) ?? 0;
  const middle = (whole - seen) / 2;
  if (middle <= 0) return 0.5;
  const aside = (start: number): number => Math.abs(start - middle);
  const farthest = Math.max(...edges.slice(1).map((edge, index) => edge - (edges[index] ?? 0))) / 2;
  // From the edge of a block, or up to one: between those the number of blocks only changes for the worse.
  const starts = edges
    .flatMap((edge) => [edge, edge - seen])
    .filter((start) => start >= 0 && start + seen <= whole && aside(start) <= farthest);
  const blocks = (start: number): number => seenAlong(edges, start, seen).length;
  const [best = middle] = [middle, ...starts].sort((a, b) => blocks(a) - blocks(b) || aside(a) - aside(b));
  return (best + seen / 2) / whole;
}

/** Blocks along one axis that have a part in these `length` pixels. */
function seenAlong(edges: readonly number[], from: number, length: number): number[] {
  const to = from + length;
  return edges.slice(0, -1).flatMap((start, index) => (start < to && (edges[index + 1] ?? 0) > from ? [index] : []));
}

function distance({ x, y, width, height }: Box, to: Spot): number {
  return Math.hypot(x + width / 2 - to.x, y + height / 2 - to.y);
}
