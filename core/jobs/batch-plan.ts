/** What enlarging a choice of photos will take, said before anything is begun. */
import type { BatchPlan } from '../api/contract.ts';
import type { Cache } from '../cache/cache.ts';
import type { Spared } from '../cache/eviction.ts';
import type { FileOps } from '../disk/file-ops.ts';
import { byteText } from '../disk/write-failure.ts';
import { toFailure, type Failure } from '../photo/failure.ts';
import { workPixels } from '../photo/progress.ts';
import type { Recipe } from '../photo/recipe.ts';
import type { PhotoRecord } from '../photo/stores.ts';
import { existingPart } from './disk-check.ts';
import { findMade, planTask, type RenderTask } from './enhance-task.ts';
import { isUnread, requirePhoto } from './enhance-worker.ts';
import { speedKey, type DevicesFor } from './job-model.ts';
import { sumOfLargest } from './largest.ts';
import type { InstalledModel } from './model-store.ts';
import type { Speeds } from './speeds.ts';
import type { WorkDevices } from './work-devices.ts';

export interface BatchMeans {
  readonly cache: Pick<Cache, 'directory' | 'results'>;
  readonly models: readonly InstalledModel[];
  readonly devicesFor: DevicesFor;
  readonly mostAtOnce: WorkDevices['mostAtOnce'];
  readonly speeds: Pick<Speeds, 'of'>;
  /** What must not leave the cache for the results. */
  readonly spared: () => Spared;
  readonly scratchDirectory: string;
  readonly files: FileOps;
}

export interface BatchTask {
  readonly photo: PhotoRecord;
  readonly task: RenderTask;
  /** The result is in the cache already; with what strength it was made. */
  readonly cached: { readonly strength: number | null } | null;
  readonly workPixels: number;
}

export interface PlannedBatch {
  readonly tasks: readonly BatchTask[];
  readonly plan: BatchPlan;
}

/**
 * Plans each photo, in order; those that cannot be made are among the refused, those that nobody read yet among the unread. Nothing is written.
 * `looked`: all of them were read just now, and these could not be; who still is unread then is refused.
 */
export async function planBatch(
  means: BatchMeans,
  photos: readonly { readonly id: number; readonly photo: PhotoRecord | null }[],
  recipe: Recipe,
  looked?: ReadonlyMap<number, Failure>,
): Promise<PlannedBatch> {
  const tasks: BatchTask[] = [];
  const refused: BatchPlan['refused'] = [];
  const unread: number[] = [];
  for (const { id, photo } of photos) {
    if (looked === undefined && photo !== null && isUnread(photo)) {
      unread.push(id);
      continue;
    }
    try {
      tasks.push(await planOne(means, requirePhoto(photo), recipe));
    } catch (error) {
      refused.push({ id, failure: looked?.get(id) ?? toFailure(error) });
    }
  }
  return { tasks, plan: await sumUp(tasks, { refused, unread }, means) };
}

async function planOne(
  { cache, models, devicesFor }: BatchMeans,
  photo: ReturnType<typeof requirePhoto>,
  recipe: Recipe,
): Promise<BatchTask> {
  const planned = planTask(photo, recipe, models, devicesFor);
  const made = await findMade(cache.results, planned, devicesFor);
  const { size, networkPixels } = planned.plan;
  return {
    photo,
    task: made?.task ?? planned,
    cached: made,
    workPixels: workPixels(made === null ? networkPixels : 0, size.width * size.height),
  };
}

async function sumUp(
  tasks: readonly BatchTask[],
  others: Pick<BatchPlan, 'refused' | 'unread'>,
  means: BatchMeans,
): Promise<BatchPlan> {
  // Two photos with the same content are one result.
  const toMake = [...new Map(tasks.filter(({ cached }) => cached === null).map((one) => [one.task.key, one])).values()];
  const cacheBytes = toMake.reduce((sum, { task }) => sum + task.plan.resultBytes, 0);
  const scratchBytes = sumOfLargest(
    toMake.map(({ task }) => task.plan.scratchBytes),
    means.mostAtOnce(toMake.flatMap(({ task }) => task.model ?? [])),
  );
  // A disk that cannot tell will tell when it is full.
  const freeBytes = await means.files.freeBytes(means.cache.directory).catch(() => Infinity);
  return {
    photos: tasks.map(({ photo, task, cached }) => ({
      id: photo.id,
      ...task.plan.size,
      original: { width: task.facts.width, height: task.facts.height },
      cached: cached !== null,
      notes: [...task.plan.notes],
    })),
    ...others,
    outputMegapixels: tasks.reduce((sum, { task }) => sum + (task.plan.size.width * task.plan.size.height) / 1e6, 0),
    estimateMs: estimateMs(toMake, means),
    cacheBytes,
    scratchBytes,
    freeBytes: Number.isFinite(freeBytes) ? freeBytes : null,
    failure: toMake.length === 0 ? null : await checkRoom(means, { cacheBytes, scratchBytes, freeBytes }),
  };
}

/** Null when a network is to run whose speed was never measured. */
function estimateMs(tasks: readonly BatchTask[], { speeds }: BatchMeans): number | null {
  let sumMs = 0;
  for (const { task, workPixels } of tasks) {
    const speed = speeds.of(speedKey(task.model));
    if (speed === null) return null;
    sumMs += workPixels / speed;
  }
  return sumMs;
}

interface Need {
  readonly cacheBytes: number;
  readonly scratchBytes: number;
  /** On the disk of the cache; Infinity when it cannot tell. */
  readonly freeBytes: number;
}

/** Files take whole blocks of the disk, and others write to it too. */
const margin = 1.1;

/** All results must fit at once, beside those that were accepted or wait for a verdict: results that nobody has seen must not push each other out. */
async function checkRoom(means: BatchMeans, { cacheBytes, scratchBytes, freeBytes }: Need): Promise<Failure | null> {
  const { cache, files, scratchDirectory } = means;
  const { pinned, unreviewed } = means.spared();
  const shortBytes = await cache.results.shortfall(cacheBytes, { pinned, unreviewed });
  if (shortBytes > 0) {
    const figures = `the results take about ${byteText(cacheBytes)}, ${byteText(shortBytes)} more than there is room for`;
    const cure =
      'Review and export what is there, enlarge fewer photos at a time, or give the cache more room ("enlarger cache limit")';
    return { code: 'disk-full', message: `There is too little room in the cache: ${figures}. ${cure}.` };
  }
  const { bytes, pinnedBytes: keptBytes } = await cache.results.status(new Set([...pinned, ...unreviewed]));
  const onCacheDisk = (await existingPart(scratchDirectory)).device === (await existingPart(cache.directory)).device;
  const needed = cacheBytes * margin + (onCacheDisk ? scratchBytes : 0);
  const room = freeBytes + bytes - keptBytes;
  if (needed > room) return tooLittle(needed, cache.directory, room);
  const scratchRoom = onCacheDisk ? Infinity : await files.freeBytes(scratchDirectory).catch(() => Infinity);
  return scratchBytes > scratchRoom ? tooLittle(scratchBytes, scratchDirectory, scratchRoom) : null;
}

function tooLittle(needed: number, folder: string, room: number): Failure {
  const figures = `about ${byteText(needed)} are needed on the disk of ${folder}, ${byteText(room)} are to be had`;
  const cure = 'Make room, enlarge fewer photos at a time, or set ENLARGER_CACHE to a folder on a larger disk';
  return { code: 'disk-full', message: `There is too little room: ${figures}. ${cure}.` };
}
