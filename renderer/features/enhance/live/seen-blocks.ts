/** Which blocks of a preview are in view. Pure. */
import { intersection, placeStage, tilesInView, type TileAddress } from '../../review/viewer/tile-geometry.ts';
import type { Size, Spot } from '../../review/viewer/zoom.ts';
import { blockSide } from './preview-blocks.svelte.ts';

/** Of what the network makes: more than a large screen shows at 100 %, and some seconds of a slow processor. Farther away there is little to see. */
const mostPixels = 4e6;

export interface View {
  /** Of all that the network makes, in its pixels. */
  readonly size: Size;
  readonly centre: Spot;
  /** 1 is 100 % of that. */
  readonly scale: number;
  /** Of the canvas, in device pixels. */
  readonly room: Size;
}

/**
 * The middle of a picture, or rather the place next to it from where the view at 100 % shows the fewest blocks: whoever opens a preview waits for all of
 * them, and half a block aside is as good a middle.
 */
export function firstCentre(size: Size, room: Size): Spot {
  return { x: firstAlong(size.width, room.width), y: firstAlong(size.height, room.height) };
}

function firstAlong(whole: number, seen: number): number {
  const from = (whole - seen) / 2;
  if (from <= 0) return 0.5;
  const spare = Math.ceil(seen / blockSide) * blockSide - seen;
  const intoBlock = from % blockSide;
  if (intoBlock <= spare) return 0.5;
  // Back to where the last block just is not needed, or on to where the next one begins: whichever is nearer.
  const [back, on] = [intoBlock - spare, blockSide - intoBlock];
  return 0.5 + (back < on ? -back : on) / whole;
}

/** Those nearest to the middle first; null where the view shows more than is worth computing. */
export function blocksInView({ size, centre, scale, room }: View): TileAddress[] | null {
  const stage = placeStage(size, centre, scale, room);
  const seen = intersection(stage, { x: 0, y: 0, ...room });
  if ((seen.width * seen.height) / scale ** 2 > mostPixels) return null;
  return tilesInView(size, blockSide, 0, stage, room);
}
