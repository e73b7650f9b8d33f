/** Pictures of the media handler: what one is called, and what it tells of itself. */
import { z } from 'zod';
import type { TileAddress } from './tile-geometry.ts';

/** An original by the number of its photo, or a result by its own. */
export interface PictureName {
  readonly kind: 'original' | 'result';
  readonly id: number;
}

export const pictureInfoSchema = z.object({
  /** Names the pixels: other pixels have another key. */
  key: z.string(),
  width: z.int().positive(),
  height: z.int().positive(),
  tileSide: z.int().positive(),
  levels: z.int().positive(),
});

export interface Picture extends z.infer<typeof pictureInfoSchema> {
  readonly name: PictureName;
}

/** Path of what the handler tells of a picture. */
export function infoPath({ kind, id }: PictureName): string {
  return `${kind}/${id}/info`;
}

/** Path of a tile, which can be kept for ever: it names the pixels. */
export function tilePath({ name, key }: Picture, { level, x, y }: TileAddress): string {
  return `${name.kind}/${name.id}/${level}/${x}_${y}?v=${key}`;
}
