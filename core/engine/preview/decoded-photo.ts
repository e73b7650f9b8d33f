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

type Kept = Omit<DecodedForPreview, 'model'> & { readonly key: string; readonly modelSha256: string | undefined };

let kept: Kept | null = null;

/** Frees what is kept. */
export function forgetDecoded(): void {
  kept = null;
}

/**
 * The decoded photo, from the last call when that was of the same bytes. Throws `source-changed` when the file does not have the hash of its facts
 * before and after decoding, and what decoding and loading throw.
 */
export async function decodeForPreview(
  { path, facts, strength }: Pick<PreviewParams, 'path' | 'facts' | 'strength'>,
  loading: Promise<LoadedModel | null>,
  scratch: ScratchPictures,
  signal: AbortSignal,
): Promise<DecodedForPreview> {
  const last = kept;
  const key = [facts.sha256, facts.orientation, strength].join();
  if (last?.key === key) {
    const model = await loading;
    if (model?.sha256 === last.modelSha256) return { ...last, model };
  }
  kept = null;
  await requireUnchanged(path, facts.sha256);
  const scratchPath = scratch.newPath();
  const [decoded, model] = await both(decodePhoto({ path, facts, scratchPath, signal }), loading);
  const place = await intoMemory(scratchPath, scratch.newPlace(decoded.shape));
  const used = await usedStrength({ path, facts, strength }, model?.card ?? null, place);
  await requireUnchanged(path, facts.sha256);
  const source = { picture: { place, shape: decoded.shape }, icc: decoded.icc, strength: used };
  if (place instanceof MemoryPlace) kept = { ...source, key, modelSha256: model?.sha256 };
  return { ...source, model };
}

/** A picture that is small enough moves from the scratch folder into memory. */
async function intoMemory(path: string, place: RasterPlace): Promise<RasterPlace> {
  if (!(place instanceof MemoryPlace)) return path;
  place.bytes = await readFile(path);
  await rm(path, { force: true });
  return place;
}
