/** Whether painting again would paint the same. */
import type { PaintedPicture, Scene } from './painter.ts';

/** Looks and bitmaps are compared by identity: whoever changes one makes another. */
export function isSameScene(one: Scene, other: Scene): boolean {
  return (
    one.look === other.look &&
    one.smooth === other.smooth &&
    one.standIn === other.standIn &&
    one.stage.x === other.stage.x &&
    one.stage.y === other.stage.y &&
    one.stage.width === other.stage.width &&
    one.stage.height === other.stage.height &&
    isSamePicture(one.a, other.a) &&
    isSamePicture(one.b, other.b)
  );
}

function isSamePicture(one: PaintedPicture | null, other: PaintedPicture | null): boolean {
  if (one === null || other === null) return one === other;
  const isSameSize = one.width === other.width && one.height === other.height && one.tiles.length === other.tiles.length;
  return isSameSize && one.tiles.every(({ bitmap }, index) => bitmap === other.tiles[index]?.bitmap);
}
