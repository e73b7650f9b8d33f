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

/** The high-resolution pictures of a set, cropped to a multiple of `scale`, by file name. Throws when the folder has none. */
export async function* pictures(directory: string, scale: number): AsyncGenerator<Original> {
  const names = readdirSync(directory)
    .filter((name) => name.endsWith('.png'))
    .sort();
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

export function shrunk(picture: Picture, scale: number): Picture {
  const width = picture.width / scale;
  const height = picture.height / scale;
  return { rgb: bicubicResize(picture.rgb, picture.width, picture.height, 3, width, height), width, height };
}

export function compare(result: Uint8Array, original: Original, scale: number): { psnrDb: number; ssim: number } {
  const { width, height } = original;
  const plane = original.grey ? firstChannel : lumaBt601;
  const [a, b] = [plane(result), plane(original.rgb)];
  return { psnrDb: psnrDb(a, b, width, height, scale), ssim: ssim(a, b, width, height, scale) };
}

function firstChannel(rgb: Uint8Array): Float64Array {
  return Float64Array.from({ length: rgb.length / 3 }, (_, index) => rgb[index * 3] ?? 0);
}

/** Mean PSNR and SSIM of a set for several methods at once. */
export async function measureSet(
  directory: string,
  scale: number,
  methods: Record<string, Enlarge>,
): Promise<Record<string, { psnrDb: number; ssim: number }>> {
  const sums: Record<string, { psnrDb: number; ssim: number }> = {};
  let count = 0;
  for await (const original of pictures(directory, scale)) {
    const small = shrunk(original, scale);
    for (const [name, enlarge] of Object.entries(methods)) {
      const measured = compare(await enlarge(small), original, scale);
      const sum = (sums[name] ??= { psnrDb: 0, ssim: 0 });
      sum.psnrDb += measured.psnrDb;
      sum.ssim += measured.ssim;
    }
    count += 1;
  }
  return Object.fromEntries(
    Object.entries(sums).map(([name, sum]) => [name, { psnrDb: sum.psnrDb / count, ssim: sum.ssim / count }]),
  );
}

export function bicubic(scale: number): Enlarge {
  return ({ rgb, width, height }) => Promise.resolve(bicubicResize(rgb, width, height, 3, width * scale, height * scale));
}
