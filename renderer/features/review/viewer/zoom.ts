/** Zoom as numbers. A scale of 1 is 100 %: one pixel of the picture on one pixel of the screen, whatever the screen's density. Pure. */

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Part of a picture: 0..1 across and down. */
export interface Spot {
  readonly x: number;
  readonly y: number;
}

/** What is asked for by name: the whole picture, or 100 %, 200 % and so on as factors. */
export type ZoomWish = 'fit' | number;

export const maxScale = 16;

/** Where plus and minus stop. */
const stops = [1 / 16, 1 / 12, 1 / 8, 1 / 6, 1 / 4, 1 / 3, 1 / 2, 2 / 3, 1, 1.5, 2, 3, 4, 6, 8, 12, maxScale];

/** Scale at which the whole picture just fits into `room`, which is in device pixels. 1 where either has no size yet. */
export function fitScale(picture: Size, room: Size): number {
  const scale = Math.min(room.width / picture.width, room.height / picture.height);
  return Number.isFinite(scale) && scale > 0 ? scale : 1;
}

/** The next stop above (`direction` 1) or below (-1) a scale. What fits is a stop, too. Never leaves the range of the stops and the fit. */
export function nextStop(scale: number, direction: 1 | -1, fit: number): number {
  const all = [...stops, fit].sort((a, b) => a - b);
  // A scale that an animation left a hair beside a stop is at that stop.
  const near = 1e-6;
  if (direction === 1) return all.find((stop) => stop > scale * (1 + near)) ?? Math.max(maxScale, fit);
  return all.findLast((stop) => stop < scale * (1 - near)) ?? Math.min(1 / 16, fit);
}

/** Whether a picture at this scale is drawn as squares: so large, every pixel is to be seen as it is. */
export function showsPixels(scale: number): boolean {
  return scale > 3;
}

/** What has to be in the middle of the view so that `spot` stays where it is while the scale changes. */
export function centreKeeping(spot: Spot, centre: Spot, from: number, to: number): Spot {
  return { x: spot.x + ((centre.x - spot.x) * from) / to, y: spot.y + ((centre.y - spot.y) * from) / to };
}

/** How a view looks at a picture. */
export interface Aim {
  /** Of the picture, in its pixels. */
  readonly size: Size;
  /** Middle of the view. */
  readonly centre: Spot;
  readonly scale: number;
}

/** Part of the picture at so many CSS pixels from the middle of the view. May lie outside the picture. `density`: device pixels in a CSS pixel. */
export function spotUnder(offset: Spot, { size, centre, scale }: Aim, density: number): Spot {
  return {
    x: centre.x + (offset.x * density) / (scale * size.width),
    y: centre.y + (offset.y * density) / (scale * size.height),
  };
}

/** CSS pixels from the middle of the view to a part of the picture: what `spotUnder` takes back. */
export function offsetOf(spot: Spot, { size, centre, scale }: Aim, density: number): Spot {
  return {
    x: ((spot.x - centre.x) * scale * size.width) / density,
    y: ((spot.y - centre.y) * scale * size.height) / density,
  };
}
