/**
 * Tiles that a device is checked with. Each asks for something that broken drivers get wrong: smooth ramps, noise, saturated colours, hard edges as
 * of a cut-out, and fine patterns at the limit of what pixels hold.
 */
import type { ModelCard } from '../../photo/model-card.ts';

export interface ProbeTile {
  readonly name: string;
  /** Planes × side × side, colours 0..1, then the card's extra planes. */
  readonly planes: Float32Array;
}

type Painter = (x: number, y: number, channel: number, side: number) => number;

const painters: Readonly<Record<string, Painter>> = {
  gradients: (x, y, channel, side) => [x / side, y / side, (x + y) / (2 * side)][channel] ?? 0,
  noise: (x, y, channel) => hash(x, y, channel),
  colours: (x, y, channel) => {
    // Blocks of 8: black, the primaries, their mixtures, white, and one grey.
    const colour = (Math.floor(x / 8) + 3 * Math.floor(y / 8)) % 9;
    return colour === 8 ? 0.5 : (colour >> channel) & 1;
  },
  edges: (x, y, channel, side) => {
    const inside = (x - side / 2) ** 2 + (y - side / 2) ** 2 < (side / 3) ** 2;
    return inside ? ([0.9, 0.6, 0.2][channel] ?? 0) : 0;
  },
  patterns: (x, y, channel) => ((x + (y >> channel)) % 2 === 0 ? 0.85 : 0.15),
};

/** The five tiles, of `side` × `side` pixels; strength 0.5 where the network has one, so that it, too, matters. */
export function probeTiles({ input }: Pick<ModelCard, 'input'>, side: number): ProbeTile[] {
  return Object.entries(painters).map(([name, paint]) => {
    const planes = new Float32Array((input.channels + input.extraPlanes.length) * side * side);
    for (let channel = 0; channel < input.channels; channel += 1)
      for (let y = 0; y < side; y += 1)
        for (let x = 0; x < side; x += 1) planes[(channel * side + y) * side + x] = paint(x, y, channel, side);
    planes.fill(0.5, input.channels * side * side);
    return { name, planes };
  });
}

/** A number 0..1 that looks random and is the same everywhere (integer hash of Wang, 2007, in 32 bits). */
function hash(x: number, y: number, channel: number): number {
  let value = (x * 374761393 + y * 668265263 + channel * 2246822519) >>> 0;
  value = Math.imul(value ^ 61 ^ (value >>> 16), 9);
  value ^= value >>> 4;
  value = Math.imul(value, 0x27d4eb2d);
  return ((value ^ (value >>> 15)) >>> 0) / 2 ** 32;
}
