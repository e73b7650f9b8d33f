/**
 * Where the tiles of a picture lie on a canvas. Every picture on a stage fills the same rectangle, whatever its own size in pixels: that is what
 * makes two of them comparable pixel by pixel. Levels count as the media handler does: 0 is the whole picture, each next one half as large.
 * Canvas coordinates are device pixels and may have fractions. Pure.
 */
import type { Size } from './zoom.ts';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface TileAddress {
  readonly level: number;
  readonly x: number;
  readonly y: number;
}

/**
 * The rectangle that all pictures of a stage fill on the canvas, from the middle of the view and the scale. Its corner is moved to a whole pixel
 * where one pixel of the picture covers a whole number of the screen's, or the other way round: only then is each pixel shown as it is.
 */
export function placeStage(picture: Size, centre: { x: number; y: number }, scale: number, canvas: Size): Box {
  const whole = scale >= 1 ? Math.round(scale) : 1 / Math.round(1 / scale);
  const exact = Math.abs(scale / whole - 1) < 1e-6;
  const factor = exact ? whole : scale;
  const width = picture.width * factor;
  const height = picture.height * factor;
  const x = canvas.width / 2 - centre.x * width;
  const y = canvas.height / 2 - centre.y * height;
  return exact ? { x: Math.round(x), y: Math.round(y), width, height } : { x, y, width, height };
}

/** Size of a level in its own pixels, with the fraction of a pixel that rounding up added to the file. */
export function exactLevelSize({ width, height }: Size, level: number): Size {
  return { width: width / 2 ** level, height: height / 2 ** level };
}

/** Part of a level that a tile holds, in pixels of the level. */
export function tileInLevel(picture: Size, tileSide: number, { level, x, y }: TileAddress): Box {
  const { width, height } = exactLevelSize(picture, level);
  const left = x * tileSide;
  const top = y * tileSide;
  return { x: left, y: top, width: Math.min(tileSide, width - left), height: Math.min(tileSide, height - top) };
}

/** Part of the canvas that a part of a level covers when its picture fills `stage`. */
export function boxOnCanvas(picture: Size, level: number, part: Box, stage: Box): Box {
  const size = exactLevelSize(picture, level);
  const across = stage.width / size.width;
  const down = stage.height / size.height;
  return { x: stage.x + part.x * across, y: stage.y + part.y * down, width: part.width * across, height: part.height * down };
}

/** Common part of two boxes; without area where they only touch or do not meet. */
export function intersection(a: Box, b: Box): Box {
  const x = Math.max(a.x, b.x);
  const y = Math.max(a.y, b.y);
  const width = Math.max(0, Math.min(a.x + a.width, b.x + b.width) - x);
  const height = Math.max(0, Math.min(a.y + a.height, b.y + b.height) - y);
  return { x, y, width, height };
}

/** Whether tiles of one level, which never overlap, cover all of the picture that is to be seen in `clip`. A hundredth of a pixel may be missing. */
export function coversClip(tiles: readonly Box[], stage: Box, clip: Box): boolean {
  const seen = intersection(stage, clip);
  const area = seen.width * seen.height;
  const covered = tiles.reduce((sum, tile) => {
    const part = intersection(tile, seen);
    return sum + part.width * part.height;
  }, 0);
  return covered >= area - 0.01 * Math.max(1, seen.width + seen.height);
}

/** Level whose pixels are shrunk the least, but never enlarged while there is a larger one: what a screen needs at this scale of the picture. */
export function levelFor(scale: number, levels: number): number {
  const level = Math.floor(Math.log2(1 / scale) + 1e-9);
  return Math.min(levels - 1, Math.max(0, level));
}

/** Tiles of a level that are to be seen on a canvas, the nearest to its middle first. */
export function tilesInView(picture: Size, tileSide: number, level: number, stage: Box, canvas: Size): TileAddress[] {
  const size = exactLevelSize(picture, level);
  const seen = intersection(stage, { x: 0, y: 0, ...canvas });
  if (seen.width === 0 || seen.height === 0) return [];
  const side = { x: (stage.width / size.width) * tileSide, y: (stage.height / size.height) * tileSide };
  const last = { x: Math.ceil(size.width / tileSide) - 1, y: Math.ceil(size.height / tileSide) - 1 };
  const from = { x: Math.floor((seen.x - stage.x) / side.x), y: Math.floor((seen.y - stage.y) / side.y) };
  const to = {
    x: Math.min(last.x, Math.ceil((seen.x + seen.width - stage.x) / side.x) - 1),
    y: Math.min(last.y, Math.ceil((seen.y + seen.height - stage.y) / side.y) - 1),
  };
  const tiles: TileAddress[] = [];
  for (let y = from.y; y <= to.y; y++) for (let x = from.x; x <= to.x; x++) tiles.push({ level, x, y });
  const distance = ({ x, y }: TileAddress): number =>
    Math.hypot(stage.x + (x + 0.5) * side.x - canvas.width / 2, stage.y + (y + 0.5) * side.y - canvas.height / 2);
  return tiles.sort((a, b) => distance(a) - distance(b));
}
