/** One photo of a run: its result, from the cache or made now, then a temp file, then the final name. Nothing half-done stays. */
import { removeMade } from '../disk/tidy.ts';
import { writing } from '../disk/write-failure.ts';
import type { EncodeResult } from '../photo/engine-protocol.ts';
import type { Device } from '../photo/device.ts';
import { isFailureCode } from '../photo/failure.ts';
import type { ExportRecipe } from '../photo/recipe.ts';
import { encodeInto } from './encode-into.ts';
import { engineAt, goOnAlone, renderPhoto, type Rendered, type RenderKit, type RenderOptions } from './enhance-render.ts';
import { deviceOf } from './enhance-task.ts';
import { isDeath } from './is-death.ts';
import type { RunPlace } from './janitor.ts';
import type { Originals } from './originals.ts';
import { publish, type PublishPolicy } from './publish.ts';
import type { PlannedPhoto } from './run-plan.ts';

export interface Workshop extends RenderKit {
  readonly place: RunPlace;
  readonly originals: Originals;
  readonly exported: ExportRecipe;
  readonly softwareVersion: string;
}

export interface PhotoResult {
  /** Final path; null when the name was taken meanwhile and nothing was written. */
  readonly output: string | null;
  /** The result was in the cache, and no network ran. */
  readonly cached: boolean;
  /** What computed it; the processor, too, where no network ran. */
  readonly device: Device;
  readonly width: number;
  readonly height: number;
  readonly strength: number | null;
  readonly notes: readonly string[];
  /** Milliseconds; 0 for what was not done. `render` is the whole way to the result. */
  readonly ms: { readonly decode: number; readonly infer: number; readonly render: number; readonly encode: number };
  /** What the engine did in all for it, in the last attempt. */
  readonly workMs: number;
  readonly peakMemoryBytes: number;
}

/** Of a photo's time, until its result is there; see `photoFraction`. */
const renderShare = 0.93;

/**
 * Makes one photo's file. Throws an `EnlargerError`; one that is a death (`isDeath`) may be tried once more.
 */
export async function makePhoto(
  workshop: Workshop,
  photo: PlannedPhoto,
  policy: PublishPolicy,
  options: RenderOptions,
): Promise<PhotoResult> {
  const { files, place } = workshop;
  const made = await inFolder(workshop, photo, () => files.makeFolder(photo.folder));
  let temp: string | undefined;
  let published = false;
  try {
    const part = (temp = await inFolder(workshop, photo, () => place.makePart(photo.folder)));
    const { rendered, encoded, renderMs } = await renderInto(workshop, photo, part, options);
    const output = await inFolder(workshop, photo, () =>
      publish(files, { temp: part, folder: photo.folder, name: photo.name, policy, originals: workshop.originals }),
    );
    published = output !== null;
    const { work, notes } = rendered;
    return {
      output,
      cached: work === null,
      device: deviceOf(rendered.task),
      width: encoded.width,
      height: encoded.height,
      strength: encoded.strength,
      notes,
      ms: { decode: work?.ms.decode ?? 0, infer: work?.ms.infer ?? 0, render: renderMs, encode: encoded.ms.encode },
      workMs: (work?.ms.total ?? 0) + encoded.ms.total,
      peakMemoryBytes: Math.max(work?.peakMemoryBytes ?? 0, encoded.peakMemoryBytes),
    };
  } finally {
    if (temp !== undefined) await place.dropPart(temp);
    if (!published && made !== undefined) await removeMade(files, photo.folder, made);
  }
}

interface InTemp {
  readonly rendered: Rendered;
  readonly encoded: EncodeResult;
  readonly renderMs: number;
}

/** Fills the temp file. A stored result that proves to be damaged when its pixels are read is made again, once. */
async function renderInto(
  workshop: Workshop,
  photo: PlannedPhoto,
  part: string,
  options: RenderOptions,
  isAgain = false,
): Promise<InTemp> {
  const { onProgress } = options;
  const startedMs = performance.now();
  const rendered = await renderPhoto(workshop, photo.task, {
    ...options,
    onProgress: (fraction) => {
      onProgress(renderShare * fraction);
    },
  });
  const renderMs = performance.now() - startedMs;
  try {
    return { rendered, encoded: await encode(workshop, photo, rendered, part, options), renderMs };
  } catch (error) {
    if (isAgain || rendered.work !== null || !isFailureCode(error, 'damaged')) throw error;
    await workshop.cache.results.remove(rendered.task.key);
  } finally {
    await rendered.release();
  }
  return await renderInto(workshop, photo, part, options, true);
}

async function encode(
  workshop: Workshop,
  photo: PlannedPhoto,
  { directory, work, task }: Rendered,
  part: string,
  options: RenderOptions,
): Promise<EncodeResult> {
  const { plan, model, facts } = photo;
  const { signal, onProgress, place } = options;
  const params = {
    resultDirectory: directory,
    output: { path: part, format: plan.output.format, quality: plan.output.quality },
    size: null,
    densityDpi: null,
    strip: workshop.exported.strip,
    provenance: {
      software: 'Enlarger',
      softwareVersion: workshop.softwareVersion,
      modelId: model?.card.id ?? 'none',
      modelVersion: model?.card.version ?? 'none',
      scale: plan.output.width / facts.width,
      sourceSha256: facts.sha256,
      recipeDigest: photo.recipeDigest,
    },
  };
  const { outputBytes, scratchBytes } = plan;
  const watch = {
    signal,
    onProgress: (fraction: number) => {
      onProgress(renderShare + (1 - renderShare) * fraction);
    },
  };
  const encodeOnce = async (): Promise<EncodeResult> => {
    // By whoever made it: the others may be busy with the next photos.
    const engine = engineAt(workshop, work === null ? 'cpu' : deviceOf(task), place);
    return await encodeInto({ ...workshop, engine }, { params, folder: photo.folder, outputBytes, scratchBytes }, watch);
  };
  try {
    return await encodeOnce();
  } catch (error) {
    const isOfProcess = isDeath(error) || isFailureCode(error, 'out-of-memory');
    if (signal.aborted || !isOfProcess || !(await goOnAlone(workshop, options))) throw error;
    return await encodeOnce();
  }
}

async function inFolder<Value>({ files }: Workshop, photo: PlannedPhoto, step: () => Promise<Value>): Promise<Value> {
  return await writing(files, photo.folder, photo.plan.outputBytes, step);
}
