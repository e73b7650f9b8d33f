/** One photo of a run: temp file, engine, final name. Whatever goes wrong, nothing half-done stays. */
import { basename, dirname, join } from 'node:path';
import type { EngineProgress, EnhanceResult, EnhanceParams } from '../photo/engine-protocol.ts';
import { EnlargerError, isFailureCode } from '../photo/failure.ts';
import type { Engine } from './engine-client.ts';
import { errorCode, type FileOps } from './file-ops.ts';
import type { RunPlace } from './janitor.ts';
import type { Originals } from './originals.ts';
import { publish, type PublishPolicy } from './publish.ts';
import type { ExportRecipe } from '../photo/recipe.ts';
import { leastTileSide, networkHalo } from '../photo/tiles.ts';
import { isDeath, type Job } from './run-plan.ts';
import { writing } from './write-failure.ts';

export interface Workshop {
  readonly engine: Engine;
  readonly files: FileOps;
  readonly place: RunPlace;
  readonly originals: Originals;
  readonly exported: ExportRecipe;
  readonly softwareVersion: string;
  readonly signal: AbortSignal;
}

export interface PhotoResult extends EnhanceResult {
  /** Final path; null when the name was taken meanwhile and nothing was written. */
  readonly output: string | null;
}

/** Used where no network runs; the protocol wants a value. */
const anyTileSide = 256;

/**
 * Enlarges one photo and publishes the result. Tried once more, with smaller tiles, when the engine died or ran out
 * of memory. Throws an `EnlargerError`.
 */
export async function enhancePhoto(
  workshop: Workshop,
  job: Job,
  policy: PublishPolicy,
  onProgress: (progress: EngineProgress) => void,
): Promise<PhotoResult> {
  let tileSide = job.model?.card.tile.default ?? anyTileSide;
  const tried = new Set<string>();
  for (;;) {
    try {
      return await attempt(workshop, job, policy, tileSide, onProgress);
    } catch (error) {
      const smaller = halfTileSide(job, tileSide);
      const kind = isDeath(error) ? 'death' : isFailureCode(error, 'out-of-memory') && smaller !== null ? 'memory' : null;
      if (kind === null || workshop.signal.aborted) throw error;
      if (tried.has(kind)) throw kind === 'death' ? poison(error) : error;
      tried.add(kind);
      // A process that was killed without a word was often killed for its memory.
      tileSide = smaller ?? tileSide;
    }
  }
}

async function attempt(
  workshop: Workshop,
  job: Job,
  policy: PublishPolicy,
  tileSide: number,
  onProgress: (progress: EngineProgress) => void,
): Promise<PhotoResult> {
  const { files, place, signal } = workshop;
  const scratchDirectory = join(place.scratchDirectory, 'photo');
  const within = async <Value>(folder: string, bytes: number, step: () => Promise<Value>): Promise<Value> =>
    await writing(files, folder, bytes, step);
  const made = await within(job.folder, job.plan.outputBytes, () => files.makeFolder(job.folder));
  let temp: string | undefined;
  let published = false;
  try {
    await within(place.scratchDirectory, job.plan.scratchBytes, () => files.makeFolder(scratchDirectory));
    const part = (temp = await within(job.folder, job.plan.outputBytes, () => place.makePart(job.folder)));
    const result = await workshop.engine
      .call('enhance', enhanceParams(workshop, job, tileSide, part, scratchDirectory), { signal, onProgress })
      .catch(async (error: unknown) => {
        throw signal.aborted || isDeath(error) ? error : ((await diskLoss(workshop, job, part, scratchDirectory)) ?? error);
      });
    const output = await within(job.folder, job.plan.outputBytes, () =>
      publish(files, { temp: part, folder: job.folder, name: job.name, policy, originals: workshop.originals }),
    );
    published = output !== null;
    return { ...result, output };
  } finally {
    if (temp !== undefined) await place.dropPart(temp);
    // What resists here is removed with the whole run's scratch folder.
    await files.removeTree(scratchDirectory).catch(() => undefined);
    if (!published && made !== undefined) await removeMade(files, job.folder, made);
  }
}

/** Libraries tell of a disk or folder that was taken from under them in words of their own: it is tried, and its own error told. */
async function diskLoss(workshop: Workshop, job: Job, part: string, scratchDirectory: string): Promise<EnlargerError | null> {
  const { files } = workshop;
  try {
    await writing(files, job.folder, job.plan.outputBytes, () => files.sync(part));
    await writing(files, scratchDirectory, job.plan.scratchBytes, () => files.syncFolder(scratchDirectory));
    return null;
  } catch (error) {
    return error instanceof EnlargerError ? error : null;
  }
}

function enhanceParams(workshop: Workshop, job: Job, tileSide: number, temp: string, scratchDirectory: string): EnhanceParams {
  const { plan, model, facts } = job;
  return {
    path: job.file.path,
    facts,
    model: model === null ? null : { directory: model.directory, file: model.variant.file },
    passes: plan.passes,
    tileSide,
    strength: plan.strength,
    resize: plan.resize,
    output: { path: temp, format: plan.output.format, quality: plan.output.quality },
    strip: workshop.exported.strip,
    provenance: {
      software: 'Enlarger',
      softwareVersion: workshop.softwareVersion,
      modelId: model?.card.id ?? 'none',
      modelVersion: model?.card.version ?? 'none',
      scale: plan.output.width / facts.width,
      sourceSha256: facts.sha256,
      recipeDigest: job.recipeDigest,
    },
    scratchDirectory,
  };
}

/** Half the tile side in whole multiples, or null when the model takes none so small or it is too little for its halos. */
function halfTileSide(job: Job, tileSide: number): number | null {
  if (job.model === null) return null;
  const { receptiveFieldRadius, tile } = job.model.card;
  const { min, multiple } = tile;
  const least = Math.max(min, leastTileSide({ halo: networkHalo(receptiveFieldRadius), multiple }));
  const half = Math.floor(tileSide / 2 / multiple) * multiple;
  return half >= least ? half : null;
}

function poison(error: unknown): EnlargerError {
  return new EnlargerError(
    'device-failed',
    'The engine ended twice while it worked on this photo, also with smaller tiles. The photo is left out; the others are not affected.',
    { cause: error },
  );
}

/** Removes the folders that were made for a result that did not come, from the lowest up, while they are empty. */
async function removeMade(files: FileOps, folder: string, topmost: string): Promise<void> {
  for (let path = folder; ; path = dirname(path)) {
    try {
      await files.removeEmptyFolder(path);
    } catch (error) {
      // Somebody put a file into it, or it went: both are reasons to leave it.
      if (errorCode(error) !== 'ENOENT') return;
    }
    if (path === topmost || basename(path) === '') return;
  }
}
