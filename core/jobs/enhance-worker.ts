/** The queue's work on photos of the library: a job of the kind `enhance` → a result in the cache, ready for a verdict. */
import type { Spared } from '../cache/eviction.ts';
import { byteText } from '../disk/write-failure.ts';
import { EnlargerError } from '../photo/failure.ts';
import { attemptOf, type Job } from '../photo/job.ts';
import { enhancePayloadSchema } from '../photo/job-payload.ts';
import type { PhotoRecord, PhotoStore, ResultRecord, ResultStore } from '../photo/stores.ts';
import { renderPhoto, type Rendered, type RenderKit } from './enhance-render.ts';
import { planTask, type RenderTask } from './enhance-task.ts';
import { speedKey, type DeviceFor } from './job-model.ts';
import type { InstalledModel } from './model-store.ts';
import type { SingleWorker } from './queue-worker.ts';
import type { Speeds } from './speeds.ts';

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
      readonly rendered: Pick<Rendered, 'directory' | 'width' | 'height' | 'strength' | 'notes' | 'work'>;
      readonly totalMs: number;
    };

export interface EnhanceService extends Omit<RenderKit, 'makeRoom'> {
  readonly photos: Pick<PhotoStore, 'get'>;
  readonly results: Pick<ResultStore, 'get' | 'apply' | 'setFailure' | 'pinnedKeys' | 'unreviewedKeys'>;
  readonly models: readonly InstalledModel[];
  readonly deviceFor: DeviceFor;
  readonly speeds: Speeds;
  readonly onEvent?: (event: EnhanceEvent) => void;
}

/** Makes the worker. A result that is in the cache already is ready at once. */
export function enhanceWorker(service: EnhanceService): SingleWorker {
  const { photos, results, speeds, deviceFor, models, onEvent } = service;
  const kit: RenderKit = { ...service, makeRoom: roomIn(service) };
  return async (job, { signal, onProgress }) => {
    const photo = requirePhoto(job.photoId === null ? null : photos.get(job.photoId));
    const result = job.resultId === null ? null : results.get(job.resultId);
    const { recipe } = enhancePayloadSchema.parse(job.payload);
    const task = planTask(photo, recipe, models, deviceFor);
    if (result?.key !== task.key) throw outdated();
    onEvent?.({ type: 'started', job, photo, task });
    const startMs = performance.now();
    const attempt = attemptOf(job);
    const rendered = await renderPhoto(kit, task, { attempt, signal, onProgress });
    await rendered.release();
    const ready = results.apply(result.id, 'rendered', { strength: rendered.strength }) ?? result;
    const totalMs = performance.now() - startMs;
    if (rendered.work !== null) {
      speeds.add(speedKey(task.model), job.workPixels, totalMs);
      await speeds.save();
    }
    onEvent?.({ type: 'rendered', job, photo, task, result: ready, rendered, totalMs });
  };
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
