/** Half the size by the mean of 2 × 2 pixels, in the encoding of the photo: what the screen gets when it is zoomed out. */
import { allocateRows, rowSamples, type RasterShape, type Samples } from '../raster/raster.ts';

/** Shape of a picture of half the size, rounded up. */
export function halfShape(shape: RasterShape): RasterShape {
  return { ...shape, width: Math.ceil(shape.width / 2), height: Math.ceil(shape.height / 2) };
}

/**
 * Writes one row of the halved picture to `into` from `at` on. `upper` and `lower` begin two rows of the full one of `width` pixels in `from`;
 * they are the same at the end of an odd height. Alpha weighs the colours, so that invisible ones never show.
 */
export function halveRow(
  from: Samples,
  upper: number,
  lower: number,
  width: number,
  channels: number,
  into: Samples,
  at: number,
): void {
  if (channels % 2 === 0) halveWithAlpha(from, upper, lower, width, channels, into, at);
  else halveOpaque(from, upper, lower, width, channels, into, at);
}

/* The loops below touch every sample of pictures of hundreds of megapixels: plain indices, no closures. */

function halveOpaque(
  from: Samples,
  upper: number,
  lower: number,
  width: number,
  channels: number,
  into: Samples,
  at: number,
): void {
  const pairs = Math.floor(width / 2) * channels;
  let a = upper;
  let b = lower;
  let to = at;
  for (let done = 0; done < pairs; done += channels) {
    for (let channel = 0; channel < channels; channel += 1) {
      into[to] = (from[a]! + from[a + channels]! + from[b]! + from[b + channels]! + 2) >> 2;
      a += 1;
      b += 1;
      to += 1;
    }
    a += channels;
    b += channels;
  }
  if (width % 2 === 0) return;
  for (let channel = 0; channel < channels; channel += 1) into[to + channel] = (from[a + channel]! + from[b + channel]! + 1) >> 1;
}

function halveWithAlpha(
  from: Samples,
  upper: number,
  lower: number,
  width: number,
  channels: number,
  into: Samples,
  at: number,
): void {
  const colours = channels - 1;
  let to = at;
  for (let x = 0; x < width; x += 2) {
    const right = x + 1 < width ? channels : 0;
    const a = upper + x * channels;
    const b = lower + x * channels;
    const alphaA = from[a + colours]!;
    const alphaB = from[a + right + colours]!;
    const alphaC = from[b + colours]!;
    const alphaD = from[b + right + colours]!;
    const alpha = alphaA + alphaB + alphaC + alphaD;
    for (let colour = 0; colour < colours; colour += 1) {
      const sum =
        from[a + colour]! * alphaA +
        from[a + right + colour]! * alphaB +
        from[b + colour]! * alphaC +
        from[b + right + colour]! * alphaD;
      into[to + colour] = alpha === 0 ? 0 : Math.round(sum / alpha);
    }
    into[to + colours] = (alpha + 2) >> 2;
    to += channels;
  }
}

/** A whole picture at half its size. */
export function halvePicture(shape: RasterShape, samples: Samples): { shape: RasterShape; samples: Samples } {
  const half = halfShape(shape);
  const halved = allocateRows(half, half.height);
  const row = rowSamples(shape);
  for (let y = 0; y < half.height; y += 1) {
    const upper = 2 * y * row;
    const lower = Math.min(2 * y + 1, shape.height - 1) * row;
    halveRow(samples, upper, lower, shape.width, shape.channels, halved, y * rowSamples(half));
  }
  return { shape: half, samples: halved };
}
