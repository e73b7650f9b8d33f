/** Parts of pictures that a preview asks for. Pure. */
import type { MediaRegion } from '../../../core/api/media.ts';
import type { Recipe } from '../../../core/photo/recipe.ts';
import type { NetworkForPhoto, Original } from './networks.ts';

/** Only makes smaller, so that no network runs: a preview of it is the photo itself, pixel by pixel. */
export const plainRecipe: Recipe = { version: 1, model: null, target: { kind: 'long-side', pixels: 1 }, denoise: 'auto' };

/**
 * A recipe for the same pixels out of the network, whatever a target size does to them afterwards: so that they are computed once, whatever number is
 * typed there.
 */
export function networkRecipe(recipe: Recipe, { model, factor }: NetworkForPhoto): Recipe {
  const scale = ([1, 2, 4] as const).find((one) => one === factor);
  if (model === null || scale === undefined) return recipe;
  return { ...recipe, model: model.id, target: { kind: 'scale', scale } };
}

/** Path of the media handler. */
export function previewPath(photoId: number, recipe: Recipe, { x, y, width, height }: MediaRegion): string {
  const query = new URLSearchParams({ recipe: JSON.stringify(recipe), region: [x, y, width, height].join() });
  return `preview/${photoId}?${query.toString()}`;
}

/** The same part of a photo and of what a network makes of it: each pixel of the one is `factor` × `factor` pixels of the other, whole ones. */
export interface PartOfBoth {
  readonly before: MediaRegion;
  readonly after: MediaRegion;
}

/** The middle of a photo as large as `room`, which is in pixels of what the network makes; all of it where it is smaller. */
export function middlePart(
  original: Original,
  factor: number,
  room: { readonly width: number; readonly height: number },
): PartOfBoth {
  const width = Math.min(original.width, Math.max(1, Math.ceil(room.width / factor)));
  const height = Math.min(original.height, Math.max(1, Math.ceil(room.height / factor)));
  const before = {
    x: Math.floor((original.width - width) / 2),
    y: Math.floor((original.height - height) / 2),
    width,
    height,
  };
  return { before, after: enlarged(before, factor) };
}

function enlarged({ x, y, width, height }: MediaRegion, factor: number): MediaRegion {
  return { x: x * factor, y: y * factor, width: width * factor, height: height * factor };
}
