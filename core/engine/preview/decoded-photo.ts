/** The photo of the last preview stays decoded: who looks at one part of it looks at the next. */
import { open, rm, type FileHandle } from 'node:fs/promises';
import type { PreviewParams } from '../../photo/engine-protocol.ts';
import { both } from '../both.ts';
import { decodePhoto } from '../decode/decode-photo.ts';
import type { LoadedModel } from '../network/loaded-model.ts';
import { isNeutral } from '../network/neutral.ts';
import { MemoryPlace, type RasterPlace } from '../raster/byte-store.ts';
import { openRaster } from '../raster/tiff-raster-reader.ts';
import { usedStrength } from '../render/source.ts';
import { requireUnchanged } from '../render/unchanged.ts';
import type { Picture, ScratchPictures } from '../scratch-pictures.ts';

export interface DecodedForPreview {
  readonly picture: Picture;
  readonly icc: Uint8Array | null;
  /** The picture is grey, in however many channels. */
  readonly neutral: boolean;
  readonly model: LoadedModel | null;
  /** 0..1; null when no network runs, or one without strength. */
  readonly strength: number | null;
}

interface Kept extends Pick<DecodedForPreview, 'picture' | 'icc' | 'neutral'> {
  /** Of the bytes and how they are turned. */
  readonly key: string;
  /** What `auto` comes to for this photo; null until somebody asks. */
  automatic: number | null;
}

let kept: Kept | null = null;

/** Frees what is kept. */
export function forgetDecoded(): void {
  kept = null;
}

type Asked = Pick<PreviewParams, 'path' | 'facts' | 'strength'>;

/**
 * The decoded photo, from the last call when that was of the same bytes, whatever network or strength is asked for; and the network, which `load` begins
 * to load only when the decoder is at work. Throws `source-changed` when the file does not have the hash of its facts while and after it is read, and what
 * decoding and loading throw.
 */
export async function decodeForPreview(
  asked: Asked,
  load: () => Promise<LoadedModel | null>,
  scratch: ScratchPictures,
  signal: AbortSignal,
): Promise<DecodedForPreview> {
  const key = [asked.facts.sha256, asked.facts.orientation].join();
  if (kept?.key !== key) return await decode(key, asked, load, scratch, signal);
  const photo = kept;
  const model = await load();
  const strength = asked.strength === 'auto' ? (photo.automatic ?? 'auto') : asked.strength;
  const used = await usedStrength({ ...asked, strength }, model?.card ?? null, photo.picture.place);
  if (strength === 'auto' && used !== null) {
    // It was read off the file, too.
    await requireUnchanged(asked.path, asked.facts.sha256);
    photo.automatic = used;
  }
  return { ...photo, model, strength: used };
}

async function decode(
  key: string,
  asked: Asked,
  load: () => Promise<LoadedModel | null>,
  scratch: ScratchPictures,
  signal: AbortSignal,
): Promise<DecodedForPreview> {
  kept = null;
  const { path, facts } = asked;
  const scratchPath = scratch.newPath();
  const decoding = both(requireUnchanged(path, facts.sha256), decodePhoto({ path, facts, scratchPath, signal }));
  const [[, { shape, icc }], model] = await both(decoding, load());
  // Both read what was decoded, one of them in threads of its own.
  const [place, strength] = await both(
    intoMemory(scratchPath, scratch.newPlace(shape)),
    usedStrength(asked, model?.card ?? null, scratchPath),
  );
  await requireUnchanged(path, facts.sha256);
  const photo: Kept = {
    ...{ key, icc, picture: { place, shape }, neutral: isGrey(place) },
    automatic: asked.strength === 'auto' ? strength : null,
  };
  if (place instanceof MemoryPlace) {
    kept = photo;
    await rm(scratchPath, { force: true });
  }
  return { ...photo, model, strength };
}

/** A picture that is small enough is copied from the scratch folder into memory. */
async function intoMemory(path: string, place: RasterPlace): Promise<RasterPlace> {
  if (!(place instanceof MemoryPlace)) return path;
  await using file = await open(path, 'r');
  place.bytes = Buffer.allocUnsafeSlow((await file.stat()).size);
  await fill(place.bytes, file);
  return place;
}

async function fill(bytes: Uint8Array, file: FileHandle): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesRead } = await file.read(bytes, done, bytes.length - done, done);
    if (bytesRead === 0) throw new Error('the raster ends early');
    done += bytesRead;
  }
}

function isGrey(place: RasterPlace): boolean {
  const input = openRaster(place);
  try {
    return isNeutral(input);
  } finally {
    input.close();
  }
}
