/** The queue's work on photos of the library: a job of the kind `enhance` → a result in the cache, ready for a verdict. */
import type { Spared } from '../cache/eviction.ts';
import { byteText } from '../disk/write-failure.ts';
import { EnlargerError } from '../photo/failure.ts';
import { attemptOf, type Job } from '../photo/job.ts';
import { enhancePayloadSchema } from '../photo/job-payload.ts';
import type { PhotoRecord, PhotoStore, ResultRecord, ResultStore } from '../photo/stores.ts';
import { renderPhoto, type Rendered, type RenderKit } from './enhance-render.ts';
import { findMade, planTask, possibleKeys, type RenderTask } from './enhance-task.ts';
import { speedKey } from './job-model.ts';
import type { InstalledModel } from './model-store.ts';
import type { SingleWorker } from './queue-worker.ts';
import type { Speeds } from './speeds.ts';
import { takeTurn, type WorkDevices } from './work-devices.ts';

/** What a host may tell of the work. */
export type EnhanceEvent =
  | { readonly type: 'started'; readonly job: Job; readonly photo: PhotoRecord; readonly task: RenderTask }
  | {
      readonly type: 'rendered';
      readonly job: Job;
      readonly photo: PhotoRecord;
      readonly task: RenderTask;
      readonly result: ResultRecord;
      /** `work` is null when the result was in the cache. */
      readonly rendered: Pick<Rendered, 'task' | 'directory' | 'width' | 'height' | 'strength' | 'notes' | 'work'>;
      readonly totalMs: number;
    };

export interface EnhanceService extends Omit<RenderKit, 'makeRoom'> {
  readonly photos: Pick<PhotoStore, 'get'>;
  /** Reads photos whose files changed since they were read. Default: nobody does. */
  readonly lookAt?: (photoIds: readonly number[]) => Promise<unknown>;
  readonly results: Pick<ResultStore, 'get' | 'apply' | 'rekey' | 'setFailure' | 'pinnedKeys' | 'unreviewedKeys'>;
  readonly models: readonly InstalledModel[];
  readonly devices: WorkDevices;
  /** How many photos wait to be enhanced. */
  readonly queued: () => number;
  /** Told when there may be a place for another photo now: devices were looked at, or a photo told how much of one is left. */
  readonly onPlaces?: () => void;
  readonly speeds: Speeds;
  readonly onEvent?: (event: EnhanceEvent) => void;
}

/**
 * Makes the worker. A result that is in the cache already is ready at once. Which device makes it is decided when its turn comes, so that the result
 * may come to another key than it was asked for with.
 */
export function enhanceWorker(service: EnhanceService): SingleWorker {
  const { results, cache, speeds, devices, models, onPlaces, onEvent } = service;
  const kit: RenderKit = { ...service, makeRoom: roomIn(service) };
  return async (job, { signal, onProgress }) => {
    const photo = requirePhoto(await readPhoto(service, job.photoId));
    const result = job.resultId === null ? null : results.get(job.resultId);
    const { recipe } = enhancePayloadSchema.parse(job.payload);
    const planned = planTask(photo, recipe, models, devices.devicesFor);
    if (result === null || !possibleKeys(planned).has(result.key)) throw outdated();
    if (planned.model !== null) {
      await devices.prepare(planned.model, signal);
      onPlaces?.();
    }
    const made = await findMade(cache.results, planned, devices.devicesFor);
    const wanted = { task: planned, made: made?.task ?? null };
    const turn = await takeTurn(devices, wanted, () => service.queued() + 1, signal);
    const { task, place } = turn;
    try {
      onEvent?.({ type: 'started', job, photo, task });
      const startMs = performance.now();
      const rendered = await renderPhoto(kit, task, { attempt: attemptOf(job), signal, onProgress, place });
      await rendered.release();
      const { key, model } = rendered.task;
      const settled = results.rekey(result.id, { key, modelSha256: model?.variant.sha256 ?? null }) ?? result;
      const ready = results.apply(settled.id, 'rendered', { strength: rendered.strength }) ?? settled;
      const totalMs = performance.now() - startMs;
      // A device that failed over this photo has another speed than the one that made it.
      if (rendered.work !== null && key === task.key) {
        const { ms, peakMemoryBytes } = rendered.work;
        turn.tell({ networkMs: ms.infer, totalMs: ms.total, peakMemoryBytes });
        speeds.add(speedKey(model), job.workPixels, totalMs);
        await speeds.save();
      }
      onEvent?.({ type: 'rendered', job, photo, task, result: ready, rendered, totalMs });
    } finally {
      turn.release();
      onPlaces?.();
    }
  };
}

async function readPhoto({ photos, lookAt }: EnhanceService, id: number | null): Promise<PhotoRecord | null> {
  const photo = id === null ? null : photos.get(id);
  if (photo === null || !isUnread(photo) || lookAt === undefined) return photo;
  await lookAt([photo.id]);
  return photos.get(photo.id);
}

/** Whether nothing is wrong with a photo but that nobody read its file yet, or since it changed. */
export function isUnread(photo: PhotoRecord): boolean {
  return !photo.offline && photo.failure === null && photo.facts === null;
}

/** Notes down with the result why it could not be made, or that it could; for the queue's `onSettled`. */
export function noteOutcome(results: Pick<ResultStore, 'setFailure'>, { kind, resultId, status }: Job): void {
  if (kind !== 'enhance' || resultId === null) return;
  if (status.state === 'failed') results.setFailure(resultId, status.failure);
  else if (status.state === 'done') results.setFailure(resultId, null);
}

/** What the cache must not give up, or only last. */
export function sparedBy(results: Pick<ResultStore, 'pinnedKeys' | 'unreviewedKeys'>): Spared {
  return { pinned: results.pinnedKeys(), unreviewed: results.unreviewedKeys() };
}

/** A photo that can be worked on; throws why this one cannot. */
export function requirePhoto(photo: PhotoRecord | null): PhotoRecord & { readonly facts: NonNullable<PhotoRecord['facts']> } {
  if (photo === null) throw new EnlargerError('not-found', 'This photo is not in the library any more.');
  if (photo.offline) throw new EnlargerError('not-found', 'The photo, or its drive, is away. Connect it and try again.');
  if (photo.failure !== null) throw new EnlargerError(photo.failure.code, photo.failure.message);
  if (photo.facts === null) throw new EnlargerError('not-found', 'The photo was not looked at yet. Try again in a moment.');
  return { ...photo, facts: photo.facts };
}

function outdated(): EnlargerError {
  return new EnlargerError(
    'source-changed',
    'The photo or the model was changed since this was asked for. Add the photo to the queue again.',
  );
}

function roomIn({ cache, results }: EnhanceService): RenderKit['makeRoom'] {
  return async ({ plan }) => {
    const { shortBytes } = await cache.results.makeRoom(plan.resultBytes, sparedBy(results));
    if (shortBytes === 0) return true;
    throw new EnlargerError(
      'disk-full',
      `The cache is too small for this result by ${byteText(shortBytes)}: what is in it was accepted and not exported. Export or reject some of it, allow the cache more room, or make room on its disk.`,
    );
  };
}
