/** Paints pictures that lie exactly over each other: no tile is stretched to hide a seam, and none leaves one. */
import type { Look, Side } from './look.ts';
import { boxOnCanvas, coversClip, exactLevelSize, intersection, type Box } from './tile-geometry.ts';
import type { Size } from './zoom.ts';

export interface LoadedTile {
  readonly level: number;
  /** What it holds of its level, in pixels of that. */
  readonly box: Box;
  readonly bitmap: CanvasImageSource;
}

/** A picture with those of its tiles that are there and wanted now. */
export interface PaintedPicture extends Size {
  readonly tiles: readonly LoadedTile[];
}

export interface Scene {
  readonly a: PaintedPicture | null;
  readonly b: PaintedPicture | null;
  /** A small picture of what A shows, seen until A is complete; and until B is, where A is not. */
  readonly standIn: CanvasImageSource | null;
  readonly look: Look;
  /** Rectangle that each picture fills, in device pixels. */
  readonly stage: Box;
  /** Whether enlarged pixels run into each other. */
  readonly smooth: boolean;
}

export class Painter {
  readonly #target: CanvasRenderingContext2D;
  /** A level's tiles at their own size, side by side. */
  readonly #sheet = newContext();
  /** A whole picture before it is laid over another one. */
  readonly #flat = newContext();

  constructor(target: CanvasRenderingContext2D) {
    this.#target = target;
  }

  paint(scene: Scene): void {
    const { canvas } = this.#target;
    const whole: Box = { x: 0, y: 0, width: canvas.width, height: canvas.height };
    const { look } = scene;
    this.#target.clearRect(0, 0, whole.width, whole.height);
    if (look.kind === 'one') this.#paintSide(this.#target, scene, look.side, whole);
    else if (look.kind === 'split') {
      const [before, behind] = splitBox(whole, look.at, look.direction);
      this.#paintSide(this.#target, scene, 'a', before);
      this.#paintSide(this.#target, scene, 'b', behind);
    } else this.#paintDifference(scene, whole, look.gain);
  }

  /** One picture in a part of the canvas. Where it is not complete, the other one is seen, or what stands in: never nothing. */
  #paintSide(target: CanvasRenderingContext2D, scene: Scene, side: Side, clip: Box): void {
    const { stage, smooth, standIn } = scene;
    const wanted = scene[side];
    const other = scene[side === 'a' ? 'b' : 'a'];
    target.save();
    target.beginPath();
    target.rect(clip.x, clip.y, clip.width, clip.height);
    target.clip();
    if (wanted === null || !isComplete(wanted, stage, clip)) {
      // What stands in is like A: as long as there is such a thing, B must not be taken for it.
      const canServe = other !== null && isComplete(other, stage, clip) && (side === 'b' || standIn === null);
      if (canServe) this.#paintPicture(target, other, stage, clip, smooth);
      else if (standIn !== null) {
        target.imageSmoothingEnabled = true;
        target.drawImage(standIn, stage.x, stage.y, stage.width, stage.height);
      }
    }
    if (wanted !== null) this.#paintPicture(target, wanted, stage, clip, smooth);
    target.restore();
  }

  #paintDifference(scene: Scene, whole: Box, gain: number): void {
    const { a, b, stage } = scene;
    const seen = outward(intersection(stage, whole));
    const target = this.#target;
    target.fillStyle = 'black';
    target.fillRect(seen.x, seen.y, seen.width, seen.height);
    // Half a difference looks like an enormous one.
    if (a === null || b === null || !isComplete(a, stage, whole) || !isComplete(b, stage, whole)) return;
    this.#paintPicture(target, a, stage, whole, scene.smooth);
    const flat = this.#flat;
    resize(flat, whole);
    this.#paintPicture(flat, b, stage, whole, scene.smooth);
    target.globalCompositeOperation = 'difference';
    target.drawImage(flat.canvas, 0, 0);
    // Adding a picture to itself doubles it, exactly.
    target.globalCompositeOperation = 'lighter';
    for (let brightened = 1; brightened < gain; brightened *= 2) target.drawImage(target.canvas, 0, 0);
    target.globalCompositeOperation = 'source-over';
  }

  /** The coarse levels first, so that the fine ones cover them. */
  #paintPicture(target: CanvasRenderingContext2D, picture: PaintedPicture, stage: Box, clip: Box, smooth: boolean): void {
    for (const [level, tiles] of byLevel(picture.tiles)) {
      const enlarges = stage.width / exactLevelSize(picture, level).width > 1 + 1e-6;
      if (enlarges) this.#paintEnlarged(target, picture, level, tiles, stage, clip, smooth);
      else paintShrunk(target, picture, tiles, stage);
    }
  }

  /** As one sheet, which is then enlarged as a whole: across the edges of tiles, pixels run into each other as they do everywhere else. */
  #paintEnlarged(
    target: CanvasRenderingContext2D,
    picture: PaintedPicture,
    level: number,
    tiles: readonly LoadedTile[],
    stage: Box,
    clip: Box,
    smooth: boolean,
  ): void {
    const size = exactLevelSize(picture, level);
    const across = stage.width / size.width;
    const down = stage.height / size.height;
    const left = Math.max(0, Math.floor((clip.x - stage.x) / across) - 1);
    const top = Math.max(0, Math.floor((clip.y - stage.y) / down) - 1);
    const width = Math.min(size.width, Math.ceil((clip.x + clip.width - stage.x) / across) + 1) - left;
    const height = Math.min(size.height, Math.ceil((clip.y + clip.height - stage.y) / down) + 1) - top;
    if (width <= 0 || height <= 0) return;
    const sheet = this.#sheet;
    resize(sheet, { width, height });
    for (const { bitmap, box } of tiles) sheet.drawImage(bitmap, box.x - left, box.y - top);
    target.imageSmoothingEnabled = smooth;
    const x = stage.x + left * across;
    const y = stage.y + top * down;
    target.drawImage(sheet.canvas, 0, 0, width, height, x, y, width * across, height * down);
  }
}

/**
 * Each tile where it belongs, to the fraction of a pixel. Where two of them meet inside a pixel, both are see-through there, so that pixel gets
 * a ground of the first one's edge before: it would let through what is behind the picture.
 */
function paintShrunk(target: CanvasRenderingContext2D, picture: PaintedPicture, tiles: readonly LoadedTile[], stage: Box): void {
  target.imageSmoothingEnabled = true;
  const right = stage.x + stage.width - 0.01;
  const bottom = stage.y + stage.height - 0.01;
  const placed = tiles.map(({ bitmap, level, box: { width, height }, box }) => {
    return { bitmap, width, height, box: boxOnCanvas(picture, level, box, stage) };
  });
  for (const { bitmap, width, height, box } of placed) {
    const end = { x: box.x + box.width, y: box.y + box.height };
    const ground = outward(box);
    if (end.x < right && !Number.isInteger(end.x))
      target.drawImage(bitmap, width - 1, 0, 1, height, Math.floor(end.x), ground.y, 1, ground.height);
    if (end.y < bottom && !Number.isInteger(end.y))
      target.drawImage(bitmap, 0, height - 1, width, 1, ground.x, Math.floor(end.y), ground.width, 1);
  }
  for (const { bitmap, width, height, box } of placed)
    target.drawImage(bitmap, 0, 0, width, height, box.x, box.y, box.width, box.height);
}

/** Whether some level of what is there leaves no hole in the part that is seen. */
function isComplete(picture: PaintedPicture, stage: Box, clip: Box): boolean {
  return byLevel(picture.tiles).some(([level, tiles]) => {
    const boxes = tiles.map(({ box }) => boxOnCanvas(picture, level, box, stage));
    return coversClip(boxes, stage, clip);
  });
}

function byLevel(tiles: readonly LoadedTile[]): [number, LoadedTile[]][] {
  return [...Map.groupBy(tiles, ({ level }) => level)].sort(([a], [b]) => b - a);
}

/** Both sides of a line, which lies between two pixels. */
function splitBox(box: Box, at: number, direction: 'across' | 'down'): [Box, Box] {
  if (direction === 'across') {
    const width = Math.round(box.width * at);
    return [
      { ...box, width },
      { ...box, x: box.x + width, width: box.width - width },
    ];
  }
  const height = Math.round(box.height * at);
  return [
    { ...box, height },
    { ...box, y: box.y + height, height: box.height - height },
  ];
}

/** The smallest box of whole pixels around another one. */
function outward({ x, y, width, height }: Box): Box {
  const left = Math.floor(x);
  const top = Math.floor(y);
  return { x: left, y: top, width: Math.ceil(x + width) - left, height: Math.ceil(y + height) - top };
}

function newContext(): CanvasRenderingContext2D {
  return contextOf(document.createElement('canvas'));
}

/** Throws where the browser has no memory left for a canvas. */
export function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('The browser gives no canvas to draw on.');
  return context;
}

/** Clears it, too. */
function resize({ canvas }: CanvasRenderingContext2D, { width, height }: Size): void {
  canvas.width = Math.ceil(width);
  canvas.height = Math.ceil(height);
}
