/** Reads the tiles that a picture will need when it is shown, before it is. */
import type { MediaReader } from './media-reader.ts';
import type { Picture } from './picture.ts';
import { exactLevelSize, levelFor, placeStage, tilesInView, type TileAddress } from './tile-geometry.ts';
import type { Size, Spot } from './zoom.ts';

/** How a stage looks at whatever it shows. */
export interface StageView {
  /** Size that 100 % means. */
  readonly size: Size;
  readonly centre: Spot;
  readonly scale: number;
  /** Of the canvas, in device pixels. */
  readonly room: Size;
}

/** All tiles that such a stage asks for: of the level that it shows, and of the coarser ones that it shows until then. Coarse ones come first. */
export function tilesForView(picture: Picture, { size, centre, scale, room }: StageView): TileAddress[] {
  const stage = placeStage(size, centre, scale, room);
  const finest = levelFor(stage.width / picture.width, picture.levels);
  const tiles: TileAddress[] = [];
  for (let level = finest; level < picture.levels; level++) {
    tiles.unshift(...tilesInView(picture, picture.tileSide, level, stage, room));
    const { width, height } = exactLevelSize(picture, level);
    if (Math.max(width, height) <= picture.tileSide) break;
  }
  return tiles;
}

/** One after the other, so that whatever is wanted now finds the way free. Failures are told when the picture is shown. */
export async function readAhead(media: MediaReader, picture: Picture, view: StageView, signal: AbortSignal): Promise<void> {
  try {
    for (const tile of tilesForView(picture, view)) await media.readAhead(picture, tile, signal);
  } catch {
    // Nobody has asked for it yet.
  }
}
