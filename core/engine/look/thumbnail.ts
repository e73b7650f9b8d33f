/** Small pictures of photos: upright, sRGB, JPEG. Twice as fast to make as WebP of the same size, and as good to look at. */
import { readFile } from 'node:fs/promises';
import type { Sharp } from 'sharp';
import { rasterShape, type PhotoFacts } from '../../photo/facts.ts';
import { asStillAvif } from '../decode/decode-by-sharp.ts';
import { decodeHeic } from '../decode/decode-heic.ts';
import { chooseProfile } from '../decode/profiles.ts';
import { turnUpright } from '../decode/upright.ts';
import { MemoryPlace } from '../raster/byte-store.ts';
import { allocateRows } from '../raster/raster.ts';
import { openRaster } from '../raster/tiff-raster-reader.ts';
import { decodeLimits } from '../recognise/decode-cost.ts';
import type { PhotoHeader } from '../recognise/photo-header.ts';
import { profiledPicture } from '../screen-picture.ts';
import { sharp } from '../sharp.ts';

export interface Thumbnail {
  readonly jpeg: Buffer;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

export interface ThumbnailRequest {
  /** The whole file, or the path of one that is too large to hold. */
  readonly file: Buffer | string;
  readonly header: PhotoHeader;
  readonly facts: PhotoFacts;
  /** Longest side in pixels; a smaller photo is not enlarged. */
  readonly side: number;
}

/** Lies under what is transparent: neither white nor black things vanish before it. */
const ground = '#808080';
const quality = 80;

/** The thumbnail and whether the photo's pixels are all there; null where nothing can be shown. Rejects for reasons that are not the photo's. */
export async function makeThumbnail(request: ThumbnailRequest): Promise<{ thumbnail: Thumbnail | null; damaged: boolean }> {
  if (request.header.format === 'heic') {
    const thumbnail = await ofHeic(request).catch(() => null);
    return { thumbnail, damaged: thumbnail === null };
  }
  try {
    return { thumbnail: await bySharp(request, 'error'), damaged: false };
  } catch {
    // What there is of a cut photo is shown; of some nothing can be.
    return { thumbnail: await bySharp(request, 'none').catch(() => null), damaged: true };
  }
}

async function bySharp({ file, header, side }: ThumbnailRequest, failOn: 'error' | 'none'): Promise<Thumbnail> {
  const input = header.format === 'avif' && typeof file !== 'string' ? asStillAvif(file) : file;
  const picture = sharp(input, { failOn, limitInputPixels: decodeLimits.pixels, autoOrient: false });
  const small = turnUpright(shrunk(picture, side), header.orientation);
  const isDescribed = header.icc === null && (header.cicp !== undefined || header.pngColours !== undefined);
  const { icc } = isDescribed ? await chooseProfile(header) : { icc: null };
  return await encoded(icc === null ? small : await inProfile(small, header, icc), header.hasAlpha);
}

/** libvips knows no colours that are described by numbers: the small picture gets them as a profile. */
async function inProfile(small: Sharp, { colour, bitDepth }: PhotoHeader, icc: Uint8Array): Promise<Sharp> {
  const place = new MemoryPlace();
  const [grey, rgb] = bitDepth > 8 ? ['grey16', 'rgb16'] : ['b-w', 'srgb'];
  const asItIs = small.keepIccProfile().toColourspace(colour === 'grey' ? grey : rgb);
  place.bytes = await asItIs.tiff({ compression: 'none' }).toBuffer();
  const reader = openRaster(place);
  const samples = allocateRows(reader.shape, reader.shape.height);
  reader.readRows(0, reader.shape.height, samples);
  return profiledPicture(reader.shape, samples, icc);
}

async function ofHeic({ file, header, facts, side }: ThumbnailRequest): Promise<Thumbnail> {
  const place = new MemoryPlace();
  const { icc } = await chooseProfile(header);
  const bytes = typeof file === 'string' ? await readFile(file) : file;
  await decodeHeic(bytes, header, { width: facts.width, height: facts.height, ...rasterShape(facts) }, place, icc);
  return await encoded(shrunk(sharp(place.bytes, { limitInputPixels: decodeLimits.pixels }), side), header.hasAlpha);
}

function shrunk(picture: Sharp, side: number): Sharp {
  return picture.resize(side, side, { fit: 'inside', withoutEnlargement: true });
}

async function encoded(small: Sharp, hasAlpha: boolean): Promise<Thumbnail> {
  const opaque = hasAlpha ? small.flatten({ background: ground }) : small;
  const { data, info } = await opaque
    .toColourspace('srgb')
    .jpeg({ quality, optimiseCoding: false })
    .toBuffer({ resolveWithObject: true });
  return { jpeg: data, width: info.width, height: info.height };
}
