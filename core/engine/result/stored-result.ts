/** A finished result's folder, opened for reading. */
import type { ResultLevel, ResultManifest } from '../../photo/result.ts';
import { levelSize } from '../../photo/zoom-levels.ts';
import type { RasterExtra } from '../raster/tiff-fields.ts';
import { damagedResult } from './damaged-result.ts';
import { storedLevels } from './levels.ts';
import { readManifest } from './manifest.ts';
import { openLevel, type StoredLevel } from './stored-level.ts';
import { readStoredMetadata, type StoredMetadata } from './stored-metadata.ts';
import { tiledLayout } from './tiled-layout.ts';

export interface StoredResult {
  readonly directory: string;
  readonly manifest: ResultManifest;
  readonly metadata: StoredMetadata;
}

/** Reads manifest and metadata. Throws `damaged`. */
export async function openResult(directory: string): Promise<StoredResult> {
  const manifest = await readManifest(directory);
  const stored = storedLevels(manifest, manifest.tileSide);
  const isComplete =
    manifest.levels.length === stored.length && stored.every((level, at) => manifest.levels[at]?.level === level);
  if (!isComplete) throw damagedResult();
  return { directory, manifest, metadata: await readStoredMetadata(directory, manifest.metadataCrc32) };
}

/** The smallest stored level that is at least as large as level `wanted`. */
export function nearestLevel({ manifest }: StoredResult, wanted: number): ResultLevel {
  const found = manifest.levels.findLast(({ level }) => level <= wanted);
  if (found === undefined) throw damagedResult();
  return found;
}

/** Opens a level's picture. Throws `damaged`. */
export function openStoredLevel({ directory, manifest, metadata }: StoredResult, level: ResultLevel): StoredLevel {
  const { channels, bitDepth, tileSide } = manifest;
  const shape = { ...levelSize(manifest, level.level), channels, bitDepth };
  return openLevel(directory, level, tiledLayout(shape, tileSide, resultExtra(metadata)));
}

/** What is written beside the pixels of each level. */
export function resultExtra({ profile, photo }: StoredMetadata): RasterExtra {
  return { icc: profile, density: photo.density };
}
