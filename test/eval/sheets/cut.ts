/** Parts of pictures, and making them larger to look at. */
import { bicubicResize } from '../matlab-bicubic.ts';
import type { Picture } from '../super-resolution-sets.ts';

export interface Part {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The part of a picture, moved and cut to lie within it. */
export function fitted({ left, top, width, height }: Part, within: { width: number; height: number }): Part {
  const [w, h] = [Math.min(width, within.width), Math.min(height, within.height)];
  return { left: Math.min(left, within.width - w), top: Math.min(top, within.height - h), width: w, height: h };
}

/** Copies a part that lies within the picture. */
export function cut(picture: Picture, { left, top, width, height }: Part): Picture {
  const rgb = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y += 1) {
    const from = ((top + y) * picture.width + left) * 3;
    rgb.set(picture.rgb.subarray(from, from + width * 3), y * width * 3);
  }
  return { rgb, width, height };
}

/** Every pixel repeated `times` × `times`. */
export function repeated({ rgb, width, height }: Picture, times: number): Picture {
  const result = new Uint8Array(width * height * times * times * 3);
  for (let y = 0; y < height * times; y += 1) {
    for (let x = 0; x < width * times; x += 1) {
      const from = (Math.floor(y / times) * width + Math.floor(x / times)) * 3;
      result.set(rgb.subarray(from, from + 3), (y * width * times + x) * 3);
    }
  }
  return { rgb: result, width: width * times, height: height * times };
}

/** A part enlarged with MATLAB's bicubic, with its true surroundings. */
export function bicubicPart(picture: Picture, part: Part, scale: number): Picture {
  const margin = 4;
  const left = Math.max(0, part.left - margin);
  const top = Math.max(0, part.top - margin);
  const wide = {
    left,
    top,
    width: Math.min(picture.width, part.left + part.width + margin) - left,
    height: Math.min(picture.height, part.top + part.height + margin) - top,
  };
  const { rgb, width, height } = cut(picture, wide);
  const large = {
    rgb: bicubicResize(rgb, width, height, 3, width * scale, height * scale),
    width: width * scale,
    height: height * scale,
  };
  return cut(large, times({ ...part, left: part.left - left, top: part.top - top }, scale));
}

export function times({ left, top, width, height }: Part, scale: number): Part {
  return { left: left * scale, top: top * scale, width: width * scale, height: height * scale };
}
