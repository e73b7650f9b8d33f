/** Pictures drawn to show harm: flat fields, edges, and how to read them. */
import type { Picture } from './super-resolution-sets.ts';

export type Colour = readonly [number, number, number];

/** Greys from black to white and colours, pure and muted. */
export const flatColours: readonly Colour[] = [
  ...[0, 1, 8, 32, 64, 96, 128, 160, 192, 224, 247, 254, 255].map((grey): Colour => [grey, grey, grey]),
  [255, 0, 0],
  [0, 255, 0],
  [0, 0, 255],
  [255, 255, 0],
  [224, 172, 140],
  [92, 60, 44],
  [104, 152, 208],
  [40, 84, 36],
  [16, 20, 48],
];

/** A picture whose pixel at (x, y) has the colour that `colour` gives. */
export function drawn(width: number, height: number, colour: (x: number, y: number) => Colour): Picture {
  const rgb = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y += 1) for (let x = 0; x < width; x += 1) rgb.set(colour(x, y), (y * width + x) * 3);
  return { rgb, width, height };
}

/** Largest distance, in codes, of any sample from the flat colour. `border`: pixels left out on every side. */
export function largestDeviation({ rgb, width, height }: Picture, [r, g, b]: Colour, border: number): number {
  let largest = 0;
  for (let y = border; y < height - border; y += 1) {
    for (let x = border; x < width - border; x += 1) {
      const at = (y * width + x) * 3;
      largest = Math.max(largest, Math.abs(rgb[at]! - r), Math.abs(rgb[at + 1]! - g), Math.abs(rgb[at + 2]! - b));
    }
  }
  return largest;
}

export interface Step {
  readonly dark: Colour;
  readonly light: Colour;
}

/** Step edges, dark and light side. Both sides leave room for ringing, which 0 and 255 would cut off. */
export const steps: readonly Step[] = [
  { dark: [64, 64, 64], light: [192, 192, 192] },
  { dark: [40, 40, 40], light: [215, 215, 215] },
  { dark: [100, 100, 100], light: [140, 140, 140] },
  { dark: [60, 70, 120], light: [200, 180, 130] },
];

/** A hard vertical edge in the middle; turned on its side when `across`. */
export function stepEdge({ dark, light }: Step, across: boolean, side: number): Picture {
  return drawn(side, side, (x, y) => ((across ? y : x) < Math.floor(side / 2) ? dark : light));
}

/** How far samples of any channel go beyond the two sides of an edge, in codes. `border`: pixels left out on every side. */
export function ringing({ rgb, width, height }: Picture, { dark, light }: Step, border: number): number {
  let beyond = 0;
  for (let y = border; y < height - border; y += 1) {
    for (let index = (y * width + border) * 3; index < (y * width + width - border) * 3; index += 1) {
      const [a, b] = [dark[index % 3]!, light[index % 3]!];
      beyond = Math.max(beyond, Math.min(a, b) - rgb[index]!, rgb[index]! - Math.max(a, b));
    }
  }
  return beyond;
}

/** Largest difference between the channels of a pixel; 0 for grey. */
export function largestTint(rgb: Uint8Array): number {
  let largest = 0;
  for (let at = 0; at < rgb.length; at += 3) {
    const [r, g, b] = [rgb[at]!, rgb[at + 1]!, rgb[at + 2]!];
    largest = Math.max(largest, Math.max(r, g, b) - Math.min(r, g, b));
  }
  return largest;
}
