/** Which levels of a result are stored. */
import { levelSize, type LevelSize } from '../../photo/zoom-levels.ts';

const largestTileSide = 512;
/** TIFF wants tiles whose sides are multiples of this. */
const tileStep = 16;

/** Side of the tiles of a picture in pixels: a small one is a single tile, and libvips refuses those much larger than the picture. */
export function tileSideFor({ width, height }: LevelSize): number {
  return Math.min(largestTileSide, Math.ceil(Math.max(width, height) / tileStep) * tileStep);
}

/**
 * Stored are level 0, and from 2 on all down to the first that is a single tile. A tile of any other level is made from at most four stored ones,
 * and a picture takes a twelfth more room.
 */
export function storedLevels(size: LevelSize, side: number): number[] {
  const levels = [0];
  for (let level = 2; isLarger(levelSize(size, level - 1), side); level += 1) levels.push(level);
  return levels;
}

function isLarger({ width, height }: LevelSize, side: number): boolean {
  return Math.max(width, height) > side;
}
