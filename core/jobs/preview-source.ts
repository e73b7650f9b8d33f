/** Parts of results before they are made. What is computed for one is kept, so that neither a further preview nor the result computes it again. */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MediaPreview, MediaSources } from '../api/media.ts';
import type { Cache } from '../cache/cache.ts';
import { nodeFileOps, type FileOps } from '../disk/file-ops.ts';
import { EnlargerError } from '../photo/failure.ts';
import type { PhotoStore } from '../photo/stores.ts';
import type { Engine } from './engine-client.ts';
import { planTask, type RenderTask } from './enhance-task.ts';
import { isDeath } from './is-death.ts';
import { usualTileSide, type DevicesFor } from './job-model.ts';
import type { InstalledModel } from './model-store.ts';

export interface PreviewService {
  readonly photos: Pick<PhotoStore, 'get'>;
  readonly models: readonly InstalledModel[];
  readonly devicesFor: DevicesFor;
  readonly cache: Pick<Cache, 'previews'>;
  /** One of its own: whoever looks at a preview must not wait for the photo that the queue works on. */
  readonly engine: Pick<Engine, 'call'>;
  readonly scratchDirectory: string;
  readonly files?: FileOps;
}

type Region = Parameters<MediaSources['preview']>[2];

/** A screen of 8K has half as many. */
const mostPixels = 64e6;

/**
 * The `preview` of a media source: regions are in pixels of what the network makes, before a target size shrinks that; where no network runs, of the
 * photo itself. Null for a photo that there is not. Throws `too-large` for a region beyond 64 megapixels, and what planning throws.
 */
export function previewSource(service: PreviewService): MediaSources['preview'] {
  return async (photoId, recipe, region) => {
    // A refusal is a rejection, like any other.
    await Promise.resolve();
    const photo = service.photos.get(photoId);
    if (photo?.facts === undefined || photo.facts === null) return null;
    const { width, height } = region;
    if (width * height > mostPixels)
      throw new EnlargerError('too-large', 'A preview shows at most 64 megapixels. Ask for a smaller part.');
    const task = planTask({ path: photo.path, facts: photo.facts }, recipe, service.models, service.devicesFor);
    return {
      key: `${task.key}-${region.x}-${region.y}-${width}-${height}`,
      read: (signal) => read(service, task, region, signal),
    };
  };
}

async function read(
  service: PreviewService,
  task: RenderTask,
  region: Region,
  signal: AbortSignal,
): ReturnType<MediaPreview['read']> {
  try {
    return await attempt(service, task, region, signal);
  } catch (error) {
    if (signal.aborted || !isDeath(error)) throw error;
    return await attempt(service, task, region, signal);
  }
}

async function attempt(
  { cache, engine, scratchDirectory, files = nodeFileOps }: PreviewService,
  { path, facts, plan, model, key }: RenderTask,
  region: Region,
  signal: AbortSignal,
): ReturnType<MediaPreview['read']> {
  const scratch = join(scratchDirectory, `preview-${randomUUID()}`);
  const output = join(scratch, 'region.png');
  await files.makeFolder(scratch);
  try {
    await files.createExclusive(output);
    const params = {
      ...{ path, facts, region, output, scratchDirectory: scratch },
      model: model === null ? null : { directory: model.directory, file: model.variant.file },
      passes: plan.passes,
      // The tile side of a first attempt at the result: its tiles are these.
      tileSide: usualTileSide(model),
      strength: plan.strength,
      tileLog: await cache.previews.pathFor(key),
    };
    await engine.call('preview', params, { signal });
    return { bytes: await readFile(output), type: 'image/png' };
  } finally {
    await files.removeTree(scratch).catch(() => undefined);
  }
}
