/** The photo of the last preview stays decoded: who looks at one part of it looks at the next. */
import { readFile, rm } from 'node:fs/promises';
import type { PreviewParams } from '../../photo/engine-protocol.ts';
import { both } from '../both.ts';
import { decodePhoto } from '../decode/decode-photo.ts';
import type { LoadedModel } from '../network/loaded-model.ts';
import { MemoryPlace, type RasterPlace } from '../raster/byte-store.ts';
import { usedStrength } from '../render/source.ts';
import { requireUnchanged } from '../render/unchanged.ts';
import type { Picture, ScratchPictures } from '../scratch-pictures.ts';

export interface DecodedForPreview {
  readonly picture: Picture;
  readonly icc: Uint8Array | null;
  readonly model: LoadedModel | null;
  /** 0..1; null when no network runs, or one without strength. */
  readonly strength: number | null;
}

interface Kept {
  /** Of the bytes and how they are turned. */
  readonly key: string;
  readonly picture: Picture;
  readonly icc: Uint8Array | null;
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
 * The decoded photo, from the last call when that was of the same bytes, whatever network or strength is asked for. Throws `source-changed` when the
 * file does not have the hash of its facts before and after it is read, and what decoding and loading throw.
 */
export async function decodeForPreview(
  asked: Asked,
  loading: Promise<LoadedModel | null>,
  scratch: ScratchPictures,
  signal: AbortSignal,
): Promise<DecodedForPreview> {
  const key = [asked.facts.sha256, asked.facts.orientation].join();
  const [photo, model] = await both(kept?.key === key ? Promise.resolve(kept) : decode(key, asked, scratch, signal), loading);
  const { picture, icc } = photo;
  return { picture, icc, model, strength: await strengthOf(asked, model, photo) };
}

async function decode(key: string, { path, facts }: Asked, scratch: ScratchPictures, signal: AbortSignal): Promise<Kept> {
  kept = null;
  await requireUnchanged(path, facts.sha256);
  const scratchPath = scratch.newPath();
  const { shape, icc } = await decodePhoto({ path, facts, scratchPath, signal });
  const place = await intoMemory(scratchPath, scratch.newPlace(shape));
  await requireUnchanged(path, facts.sha256);
  const photo: Kept = { key, picture: { place, shape }, icc, automatic: null };
  if (place instanceof MemoryPlace) kept = photo;
  return photo;
}

async function strengthOf({ path, facts, strength }: Asked, model: LoadedModel | null, photo: Kept): Promise<number | null> {
  const known = strength === 'auto' ? (photo.automatic ?? strength) : strength;
  const used = await usedStrength({ path, facts, strength: known }, model?.card ?? null, photo.picture.place);
  if (known === 'auto' && used !== null) {
    // It was read off the file, too.
    await requireUnchanged(path, facts.sha256);
    photo.automatic = used;
  }
  return used;
}

/** A picture that is small enough moves from the scratch folder into memory. */
async function intoMemory(path: string, place: RasterPlace): Promise<RasterPlace> {
  if (!(place instanceof MemoryPlace)) return path;
  place.bytes = await readFile(path);
  await rm(path, { force: true });
  return place;
}
