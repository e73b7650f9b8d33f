/** Ways in which evaluation photos are damaged before they are enlarged. */
import { createHash } from 'node:crypto';
import { sharp } from '../../core/engine/sharp.ts';
import { randomStream } from '../fixtures/pictures.ts';
import type { Picture } from './super-resolution-sets.ts';

export interface Damage {
  readonly name: string;
  readonly extension: 'png' | 'jpg';
  /** The damaged picture as a file; the same bytes for the same picture and seed. */
  file(picture: Picture, seed: string): Promise<Buffer>;
}

export const clean: Damage = { name: 'clean', extension: 'png', file: async (picture) => await png(picture) };

/** JPEG as libvips writes it by default: baseline, the standard tables scaled to `quality`, colours at half size (4:2:0). */
export function jpegDamage(quality: number): Damage {
  return {
    name: `JPEG q ${quality}`,
    extension: 'jpg',
    file: async (picture) => await raw(picture).jpeg({ quality, chromaSubsampling: '4:2:0', mozjpeg: false }).toBuffer(),
  };
}

/** Gaussian noise of standard deviation `sigma` in 8-bit codes on every sample by itself, rounded and clamped to 8 bit. */
export function noiseDamage(sigma: number): Damage {
  return {
    name: `noise σ ${sigma}`,
    extension: 'png',
    file: async (picture, seed) => await png({ ...picture, rgb: withNoise(picture.rgb, sigma, `${seed} σ ${sigma}`) }),
  };
}

/** 8-bit samples with Gaussian noise added, rounded and clamped. */
export function withNoise(samples: Uint8Array, sigma: number, seed: string): Uint8Array {
  const normal = normalStream(seed);
  return new Uint8Array(Uint8ClampedArray.from(samples, (sample) => sample + sigma * normal()).buffer);
}

/** The pixels of a damaged file as the engine decodes them, 8-bit RGB. */
export async function decoded(file: Buffer): Promise<Picture> {
  const { data, info } = await sharp(file).toColourspace('srgb').removeAlpha().raw().toBuffer({ resolveWithObject: true });
  if (info.channels !== 3) throw new Error(`A damaged picture has ${info.channels} channels, not 3`);
  return { rgb: new Uint8Array(data), width: info.width, height: info.height };
}

function raw({ rgb, width, height }: Picture): ReturnType<typeof sharp> {
  return sharp(rgb, { raw: { width, height, channels: 3 } });
}

export async function png(picture: Picture): Promise<Buffer> {
  return await raw(picture).png({ compressionLevel: 1 }).toBuffer();
}

/** Standard normal numbers (Box and Muller 1958), seeded by a hash of the text. */
function normalStream(seed: string): () => number {
  const uniform = randomStream(createHash('sha256').update(seed).digest().readUInt32LE(0));
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}
