/** Set5, Set14 and BSD100 under the usual protocol. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { bicubicResize } from './matlab-bicubic.ts';
import { lumaBt601, psnrDb, ssim } from './psnr.ts';

export interface Picture {
  readonly rgb: Uint8Array;
  readonly width: number;
  readonly height: number;
}

export interface Original extends Picture {
  readonly name: string;
  /** Stored with one channel: measured on its own full-range values, as the published tables do, not on studio-range luma. */
  readonly grey: boolean;
}

/** Enlarges 8-bit RGB by the factor under test. */
export type Enlarge = (small: Picture) => Promise<Uint8Array>;

export const protocol =
  'MATLAB bicubic downscale with antialiasing, 8 bit, BT.601 luma (single-channel files: their own values), border of scale pixels left out';

/** Pixels left out on every side: the scale, as the published tables do; none where nothing is enlarged. */
export function borderOf(scale: number): number {
  return scale === 1 ? 0 : scale;
}

/** The first `limit` high-resolution pictures of a set, cropped to a multiple of `scale`, by file name. Throws when the folder has none. */
export async function* pictures(directory: string, scale: number, limit = Infinity): AsyncGenerator<Original> {
  const names = readdirSync(directory)
    .filter((name) => name.endsWith('.png'))
    .sort()
    .slice(0, limit);
  if (names.length === 0) throw new Error(`No pictures in ${directory}`);
  for (const name of names) {
    const file = sharp(join(directory, name));
    const grey = (await file.metadata()).channels < 3;
    const { data, info } = await file.toColourspace('srgb').removeAlpha().raw().toBuffer({ resolveWithObject: true });
    const width = info.width - (info.width % scale);
    const height = info.height - (info.height % scale);
    const rgb = new Uint8Array(width * height * 3);
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) {
        for (let channel = 0; channel < 3; channel += 1) {
          // Grey files decode to one channel.
          rgb[(y * width + x) * 3 + channel] =
            data[(y * info.width + x) * info.channels + Math.min(channel, info.channels - 1)] ?? 0;
        }
      }
    }
    yield { name, grey, rgb, width, height };
  }
}

/** The small side: 1/`scale` of both sides of a picture whose sides `scale` divides. */
export function shrunk(picture: Picture, scale: number): Picture {
  if (scale === 1) return picture;
  const width = picture.width / scale;
  const height = picture.height / scale;
  return { rgb: bicubicResize(picture.rgb, picture.width, picture.height, 3, width, height), width, height };
}

export interface Quality {
  /** Of the protocol's plane. */
  readonly psnrDb: number;
  readonly ssim: number;
  /** PSNR with luma of RGB for single-channel files too: their errors then count 219/255 of the full range. */
  readonly lumaPsnrDb: number;
}

/** PSNR in dB of the protocol's plane: `original`'s size, 8-bit RGB. */
export function psnrOf(result: Uint8Array, original: Original, scale: number): number {
  const plane = original.grey ? firstChannel : lumaBt601;
  return psnrDb(plane(result), plane(original.rgb), original.width, original.height, borderOf(scale));
}

export function compare(result: Uint8Array, original: Original, scale: number): Quality {
  const { width, height } = original;
  const border = borderOf(scale);
  const luma = [lumaBt601(result), lumaBt601(original.rgb)] as const;
  const plane = original.grey ? ([firstChannel(result), firstChannel(original.rgb)] as const) : luma;
  return {
    psnrDb: psnrDb(...plane, width, height, border),
    ssim: ssim(...plane, width, height, border),
    lumaPsnrDb: psnrDb(...luma, width, height, border),
  };
}

function firstChannel(rgb: Uint8Array): Float64Array {
  return Float64Array.from({ length: rgb.length / 3 }, (_, index) => rgb[index * 3] ?? 0);
}

/** Mean quality over the first `limit` pictures of a set for several methods at once. */
export async function measureSet(
  directory: string,
  scale: number,
  methods: Record<string, Enlarge>,
  limit = Infinity,
): Promise<Record<string, Quality>> {
  const all: Record<string, Quality[]> = {};
  for await (const original of pictures(directory, scale, limit)) {
    const small = shrunk(original, scale);
    for (const [name, enlarge] of Object.entries(methods))
      (all[name] ??= []).push(compare(await enlarge(small), original, scale));
  }
  return Object.fromEntries(
    Object.entries(all).map(([name, list]) => [
      name,
      {
        psnrDb: mean(list.map(({ psnrDb }) => psnrDb)),
        ssim: mean(list.map(({ ssim }) => ssim)),
        lumaPsnrDb: mean(list.map(({ lumaPsnrDb }) => lumaPsnrDb)),
      },
    ]),
  );
}

/** Throws RangeError of none. */
export function mean(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('no values');
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function bicubic(scale: number): Enlarge {
  return ({ rgb, width, height }) => Promise.resolve(bicubicResize(rgb, width, height, 3, width * scale, height * scale));
}
