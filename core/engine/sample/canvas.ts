/**
 * The picture while it is drawn: linear-light RGB, and where the scene lies on it. The scene is defined in
 * scene units (the whole is 4/3 wide and 1 high, origin at the top left) and covers a picture of any shape,
 * centred, as a photo fills a frame.
 */

export interface Canvas {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** Interleaved linear light, 1 = white; height × width × 3. */
  readonly light: Float32Array;
  /** Pixels a scene unit. */
  readonly scale: number;
  /** Scene coordinates of the top left corner. */
  readonly left: number;
  readonly top: number;
}

export const sceneWidth = 4 / 3;
export const sceneHeight = 1;

export function createCanvas(width: number, height: number): Canvas {
  const scale = Math.max(width / sceneWidth, height / sceneHeight);
  return {
    width,
    height,
    light: new Float32Array(width * height * 3),
    scale,
    left: (sceneWidth - width / scale) / 2,
    top: (sceneHeight - height / scale) / 2,
  };
}

/** Scene coordinate of the middle of a pixel column. */
export function sceneX(canvas: Canvas, column: number): number {
  return canvas.left + (column + 0.5) / canvas.scale;
}

/** Scene coordinate of the middle of a pixel row. */
export function sceneY(canvas: Canvas, row: number): number {
  return canvas.top + (row + 0.5) / canvas.scale;
}

/** Linear light, 1 = white. */
export type Colour = readonly [red: number, green: number, blue: number];

/** Linear light of a colour written as sRGB 0xRRGGBB (IEC 61966-2-1). */
export function srgb(code: number): Colour {
  const decode = (value: number): number => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  return [decode(((code >> 16) & 255) / 255), decode(((code >> 8) & 255) / 255), decode((code & 255) / 255)];
}

export function mix(first: Colour, second: Colour, share: number): Colour {
  return [
    first[0] + (second[0] - first[0]) * share,
    first[1] + (second[1] - first[1]) * share,
    first[2] + (second[2] - first[2]) * share,
  ];
}

export function clamp01(value: number): number {
  return value < 0 ? 0 : value > 1 ? 1 : value;
}

/** 0 below `from`, 1 above `to`, smooth between. */
export function smoothstep(from: number, to: number, value: number): number {
  const share = clamp01((value - from) / (to - from));
  return share * share * (3 - 2 * share);
}
