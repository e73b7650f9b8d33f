/** Large results without the hours that a network takes for them: pixels from anywhere, stored as the engine stores its own. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openCache } from '../../../core/cache/cache.ts';
import { emptyMetadata } from '../../../core/engine/metadata/photo-metadata.ts';
import type { RasterShape } from '../../../core/engine/raster/raster.ts';
import { tileSideFor } from '../../../core/engine/result/levels.ts';
import { writeManifest } from '../../../core/engine/result/manifest.ts';
import { createPyramid } from '../../../core/engine/result/pyramid-writer.ts';
import { writeMetadata } from '../../../core/engine/result/stored-metadata.ts';
import { resultExtra } from '../../../core/engine/result/stored-result.ts';
import { sharp } from '../../../core/engine/sharp.ts';
import { planTask } from '../../../core/jobs/enhance-task.ts';
import { onProcessor } from '../../../core/jobs/job-model.ts';
import { readModels } from '../../../core/jobs/model-store.ts';
import type { PhotoFacts } from '../../../core/photo/facts.ts';
import type { Recipe } from '../../../core/photo/recipe.ts';
import { pixelVersion } from '../../../core/photo/result.ts';

const modelsFolder = fileURLToPath(new URL('../../../models', import.meta.url));
/** Pixels of the photo that become one row of colours are read in this width. */
const sourceWidth = 1600;

export interface StoredResultWish {
  /** Folder of the library whose cache gets it. */
  readonly library: string;
  /** The photo, and what is known of it. */
  readonly path: string;
  readonly facts: PhotoFacts;
  readonly recipe: Recipe;
}

/** The recipe's result of this photo is in the cache afterwards: whoever asks the queue for it gets it at once. Its pixels are the photo's, blown up. */
export async function storeResult({ library, path, facts, recipe }: StoredResultWish): Promise<void> {
  const { models } = await readModels([modelsFolder]);
  const { key, plan, model } = planTask({ path, facts }, recipe, models, onProcessor);
  const shape: RasterShape = { ...plan.size, channels: 3, bitDepth: 8 };
  const tileSide = tileSideFor(shape);
  const stored = { profile: null, photo: emptyMetadata() };
  const cache = await openCache({ directory: join(library, 'cache'), limitBytes: null });
  const draft = await cache.results.draft();
  try {
    const pyramid = createPyramid(draft.directory, shape, tileSide, resultExtra(stored));
    await blowUp(path, shape, (y, row) => pyramid.writeRows(y, 1, row));
    pyramid.close();
    const metadata = await writeMetadata(draft.directory, stored);
    const { passes, strength, resize } = plan;
    await writeManifest(draft.directory, {
      version: 1,
      parts: {
        sourceSha256: facts.sha256,
        orientation: facts.orientation,
        modelSha256: model?.variant.sha256 ?? null,
        ...{ passes, strength, resize, pixelVersion },
      },
      ...shape,
      ...{ sourceBits: facts.bitDepth, colourConverted: false, tileSide },
      levels: [...pyramid.levels],
      metadataCrc32: metadata.crc32,
      strength: 0,
      notes: [],
    });
    const held = await draft.commit(key);
    await held.release();
  } finally {
    await draft.discard();
    await cache.close();
  }
}

/** Rows of the picture in this size, each pixel as often as it takes. */
async function blowUp(path: string, { width, height }: RasterShape, take: (y: number, row: Uint8Array) => void): Promise<void> {
  const { data, info } = await sharp(path, { limitInputPixels: false })
    .resize(sourceWidth)
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const row = new Uint8Array(width * 3);
  let last = -1;
  for (let y = 0; y < height; y += 1) {
    const from = Math.floor((y * info.height) / height);
    if (from !== last) {
      for (let x = 0; x < width; x += 1) {
        const at = (from * info.width + Math.floor((x * info.width) / width)) * 3;
        row[x * 3] = data[at] ?? 0;
        row[x * 3 + 1] = data[at + 1] ?? 0;
        row[x * 3 + 2] = data[at + 2] ?? 0;
      }
      last = from;
    }
    take(y, row);
  }
}
