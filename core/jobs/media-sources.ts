/**
 * Where the media handler's pictures come from: thumbnails and results out of the cache, originals as results of their own without network, tiles
 * from an engine that does nothing else. Originals are only read.
 */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MediaBody, MediaPicture, MediaSources } from '../api/media.ts';
import type { Cache } from '../cache/cache.ts';
import type { Spared } from '../cache/eviction.ts';
import type { CachedResult, ResultDraft } from '../cache/results.ts';
import { resultKey } from '../cache/result-key.ts';
import { nodeFileOps, type FileOps } from '../disk/file-ops.ts';
import { EnlargerError, isFailureCode } from '../photo/failure.ts';
import { rasterShape, type PhotoFacts } from '../photo/facts.ts';
import { pixelVersion, type ResultParts } from '../photo/result.ts';
import type { PhotoStore, ResultStore } from '../photo/stores.ts';
import type { Engine } from './engine-client.ts';
import { isDeath } from './is-death.ts';
import { usualTileSide } from './job-model.ts';
import { shareWork } from './shared-work.ts';

export interface MediaService {
  readonly photos: Pick<PhotoStore, 'get'>;
  readonly results: Pick<ResultStore, 'get'>;
  readonly cache: Pick<Cache, 'results' | 'thumbnails'>;
  /** Not the one that networks run in: a tile must not wait for a photo. */
  readonly engine: Pick<Engine, 'call'>;
  /** For the pyramids of originals: no tile must wait for one of those either. */
  readonly originals: Pick<Engine, 'call'>;
  /** What must not leave the cache for the pyramid of an original. */
  readonly spared: () => Spared;
  /** Looks at a photo whose thumbnail left the cache. */
  readonly makeThumbnail: (photoId: number, signal: AbortSignal) => Promise<void>;
  readonly preview: MediaSources['preview'];
  /** A folder of this run's, for uncompressed intermediates. */
  readonly scratchDirectory: string;
  readonly files?: FileOps;
}

export interface OpenedMediaSources extends MediaSources {
  /** Removes what is left of tiles. */
  close(): Promise<void>;
}

export function openMediaSources(service: MediaService): OpenedMediaSources {
  const { photos, results, cache } = service;
  const originals = shareWork<CachedResult>();
  const tiles = openTiles(service);

  return {
    thumbnail(photoId) {
      const facts = photos.get(photoId)?.facts;
      if (facts === undefined || facts === null) return Promise.resolve(null);
      const { sha256, orientation } = facts;
      return Promise.resolve({
        key: `${sha256}-${orientation}`,
        read: async (signal) => {
          const found = await cache.thumbnails.read(sha256, orientation);
          if (found !== null) return body(found);
          await service.makeThumbnail(photoId, signal);
          const made = await cache.thumbnails.read(sha256, orientation);
          if (made === null)
            throw new EnlargerError('not-found', 'This photo has no thumbnail: its file is away, or cannot be read.');
          return body(made);
        },
      });
    },
    async original(photoId, signal) {
      const photo = photos.get(photoId);
      if (photo?.facts === undefined || photo.facts === null) return null;
      const { path, facts } = photo;
      const parts = originalParts(facts);
      const key = resultKey(parts);
      const found =
        (await cache.results.find(key)) ??
        (await originals.join(key, signal, (stop) => renderOriginal(service, { path, facts, key }, stop)));
      return picture(found, tiles.read);
    },
    async result(resultId) {
      const record = results.get(resultId);
      if (record === null || record.state === 'pending') return null;
      const found = await cache.results.find(record.key);
      if (found === null)
        throw new EnlargerError('not-found', 'The pixels of this result left the cache. Enhance the photo again to see them.');
      return picture(found, tiles.read);
    },
    preview: service.preview,
    close: () => tiles.close(),
  };
}

type ReadTile = (result: CachedResult, level: number, x: number, y: number, signal: AbortSignal) => Promise<MediaBody>;

function picture(result: CachedResult, read: ReadTile): MediaPicture {
  const { width, height, tileSide } = result.manifest;
  return {
    key: result.key,
    width,
    height,
    tileSide,
    tile: (level, x, y, signal) => read(result, level, x, y, signal),
  };
}

function originalParts(facts: PhotoFacts): ResultParts {
  const { sha256, orientation } = facts;
  return { sourceSha256: sha256, orientation, modelSha256: null, passes: 0, strength: 0, resize: null, pixelVersion };
}

async function renderOriginal(
  { cache, originals, spared, scratchDirectory, files = nodeFileOps }: MediaService,
  { path, facts, key }: { path: string; facts: PhotoFacts; key: string },
  signal: AbortSignal,
): Promise<CachedResult> {
  const { channels, bitDepth } = rasterShape(facts);
  // All smaller levels together are a third of the largest.
  await cache.results.makeRoom(Math.ceil((facts.width * facts.height * channels * (bitDepth / 8) * 4) / 3), spared());
  // A stopped attempt may still be clearing away what it made when the next one begins.
  const scratch = join(scratchDirectory, `original-${randomUUID()}`);
  await files.makeFolder(scratch);
  const draft = await cache.results.draft();
  try {
    const plain = { model: null, passes: 0, tileSide: usualTileSide(null), strength: 0, resize: null, tileLog: null };
    const params = { ...plain, path, facts, resultDirectory: draft.directory, scratchDirectory: scratch };
    await originals.call('render', params, { signal });
    const held = await draft.commit(key);
    await held.release();
    return held;
  } finally {
    await draft.discard();
    await files.removeTree(scratch).catch(() => undefined);
  }
}

interface Tiles {
  readonly read: ReadTile;
  close(): Promise<void>;
}

/** Tiles by way of one draft folder, which lives as long as the sources do. */
function openTiles({ cache, engine, files = nodeFileOps }: MediaService): Tiles {
  let draft: Promise<ResultDraft> | undefined;
  let made = 0;
  const folder = async (): Promise<string> => {
    draft ??= cache.results.draft();
    try {
      return (await draft).directory;
    } catch (error) {
      draft = undefined;
      throw error;
    }
  };

  const attempt: ReadTile = async (result, level, x, y, signal) => {
    const directory = await folder();
    const output = join(directory, `${String((made += 1))}.tile`);
    // The cache may be emptied at any time, this folder with it.
    await files.makeFolder(directory);
    await files.createExclusive(output);
    try {
      await engine.call('tile', { resultDirectory: result.directory, level, x, y, output }, { signal });
      return body(await readFile(output));
    } finally {
      await files.unlink(output).catch(() => undefined);
    }
  };
  return {
    async read(result, level, x, y, signal) {
      try {
        return await attempt(result, level, x, y, signal);
      } catch (error) {
        if (signal.aborted) throw error;
        if (isDeath(error)) return await attempt(result, level, x, y, signal);
        // Wrong pixels are never shown, and never asked for twice.
        if (isFailureCode(error, 'damaged')) await cache.results.remove(result.key);
        throw error;
      }
    },
    async close() {
      await (await draft?.catch(() => undefined))?.discard();
    },
  };
}

/** An encoded picture, by its first bytes. */
function body(bytes: Uint8Array<ArrayBuffer>): MediaBody {
  const type = bytes[0] === 0xff ? 'image/jpeg' : bytes[0] === 0x89 ? 'image/png' : 'image/webp';
  return { bytes, type };
}
