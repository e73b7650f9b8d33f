/** A photo that is ready to be worked on: upright pixels in a raster, the network loaded, the strength known. */
import type { PhotoFacts } from '../../photo/facts.ts';
import type { ModelCard } from '../../photo/model-card.ts';
import { both } from '../both.ts';
import { chooseStrength } from '../damage/choose-strength.ts';
import { decodePhoto } from '../decode/decode-photo.ts';
import { readMetadata, type PhotoMetadata } from '../metadata/metadata.ts';
import type { LoadedModel } from '../network/loaded-model.ts';
import type { RasterPlace } from '../raster/byte-store.ts';
import type { Picture, ScratchPictures } from '../scratch-pictures.ts';
import type { EngineContext } from '../serve.ts';

export interface Source {
  readonly picture: Picture;
  /** Profile that the samples are meant in, or null for sRGB. */
  readonly icc: Uint8Array | null;
  readonly model: LoadedModel | null;
  readonly metadata: PhotoMetadata;
  /** 0..1; null when no network runs, or one without strength. */
  readonly strength: number | null;
  /** Sentences for the user about what was changed on the way. */
  readonly notes: readonly string[];
}

export interface SourceRequest {
  readonly path: string;
  readonly facts: PhotoFacts;
  readonly strength: number | 'auto';
}

/** Decodes while the model is loading. Throws what either throws; then nothing of the two is still at work. */
export async function openSource(
  { path, facts, strength }: SourceRequest,
  loading: Promise<LoadedModel | null>,
  scratch: ScratchPictures,
  context: EngineContext,
): Promise<Source> {
  const place = scratch.newPath();
  const decoding = decodePhoto({ path, facts, scratchPath: place, signal: context.signal });
  const [decoded, model] = await both(decoding, loading);
  const metadata = await readMetadata(path, facts.format);
  for (const problem of metadata.problems) context.log('warn', problem);
  context.progress('decode', 1);
  return {
    picture: { place, shape: decoded.shape },
    icc: decoded.icc,
    model,
    metadata,
    strength: await usedStrength({ path, facts, strength }, model?.card ?? null, place),
    notes: decoded.notes,
  };
}

/** The strength of a network that has one; null for any other. */
export async function usedStrength(
  { path, facts, strength }: SourceRequest,
  card: ModelCard | null,
  decoded: RasterPlace,
): Promise<number | null> {
  if (card?.input.extraPlanes.includes('strength') !== true) return null;
  return strength === 'auto' ? await chooseStrength(path, facts, decoded) : strength;
}
