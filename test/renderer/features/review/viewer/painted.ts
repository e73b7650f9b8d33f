/** Pictures made of formulas, cut into tiles, and what a painter makes of them. */
import { levelSize } from '../../../../../core/photo/zoom-levels.ts';
import {
  contextOf,
  Painter,
  type LoadedTile,
  type PaintedPicture,
  type Scene,
} from '../../../../../renderer/features/review/viewer/painter.ts';
import { tileInLevel } from '../../../../../renderer/features/review/viewer/tile-geometry.ts';
import type { Size } from '../../../../../renderer/features/review/viewer/zoom.ts';

export type Colour = readonly [red: number, green: number, blue: number];
/** Colour at a place, 0..1 across and down. */
export type Formula = (x: number, y: number) => Colour;

/** All tiles of the levels of a picture. Small tiles show more seams. */
export async function picture(size: Size, formula: Formula, { tileSide = 64, levels = [0] } = {}): Promise<PaintedPicture> {
  const tiles: LoadedTile[] = [];
  for (const level of levels) {
    const file = levelSize(size, level);
    const exact = { width: size.width / 2 ** level, height: size.height / 2 ** level };
    for (let y = 0; y * tileSide < file.height; y++)
      for (let x = 0; x * tileSide < file.width; x++) {
        const image = new ImageData(
          Math.min(tileSide, file.width - x * tileSide),
          Math.min(tileSide, file.height - y * tileSide),
        );
        for (let row = 0, at = 0; row < image.height; row++)
          for (let column = 0; column < image.width; column++, at += 4) {
            const colour = formula((x * tileSide + column + 0.5) / exact.width, (y * tileSide + row + 0.5) / exact.height);
            image.data.set([...colour, 255], at);
          }
        tiles.push({ level, box: tileInLevel(size, tileSide, { level, x, y }), bitmap: await createImageBitmap(image) });
      }
  }
  return { ...size, tiles };
}

export interface Painted extends Size {
  at(x: number, y: number): [red: number, green: number, blue: number, alpha: number];
}

/** Paints on a new canvas. */
export function paint(room: Size, scene: Scene): Painted {
  const canvas = document.createElement('canvas');
  canvas.width = room.width;
  canvas.height = room.height;
  const context = contextOf(canvas);
  new Painter(context).paint(scene);
  const { data } = context.getImageData(0, 0, room.width, room.height);
  return {
    ...room,
    at(x, y) {
      const at = (y * room.width + x) * 4;
      return [data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0, data[at + 3] ?? 0];
    },
  };
}

/** The first pixel that is not as expected, in words; null where all are. One assertion for all of them: there are too many for one each. */
export function wrongPixel(painted: Painted, expected: (x: number, y: number) => readonly number[]): string | null {
  for (let y = 0; y < painted.height; y++)
    for (let x = 0; x < painted.width; x++) {
      const found = painted.at(x, y);
      const wanted = expected(x, y);
      if (wanted.some((value, channel) => value !== found[channel]))
        return `${x}, ${y}: ${found.join()} instead of ${wanted.join()}`;
    }
  return null;
}
