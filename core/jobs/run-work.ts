/** The work of a run: its photos as jobs of a queue, the disks asked before, each result published at once. */
import { basename, join } from 'node:path';
import type { FileOps } from '../disk/file-ops.ts';
import { writing } from '../disk/write-failure.ts';
import { runPayloadSchema, type RunPayload } from '../photo/job-payload.ts';
import { attemptOf, priorities, type Job } from '../photo/job.ts';
import { workPixels } from '../photo/progress.ts';
import { networkHalo, planTiles } from '../photo/tiles.ts';
import { planNoteText } from '../photo/plan-note.ts';
import { deviceOf, findMade, type RenderTask } from './enhance-task.ts';
import { openRunPlace, type RunPlace } from './janitor.ts';
import { speedKey, usualTileSide } from './job-model.ts';
import { knowOriginals } from './originals.ts';
import { createQueue, type QueueLane } from './queue.ts';
import type { WorkContext } from './queue-worker.ts';
import { makePhoto, type PhotoResult, type Workshop } from './run-photo.ts';
import type { PlannedPhoto } from './run-plan.ts';
import { runNeed } from './run-need.ts';
import { roomFor } from './run-room.ts';
import type { Emit, EnhanceRun, ReadyPhoto } from './run.ts';
import { encodeSpeedKey, openSpeeds, type Speeds } from './speeds.ts';
import type { PublishPolicy } from './publish.ts';
import { guardedGraphics, takeTurn, type TaskTurn, type WorkDevices } from './work-devices.ts';

export interface RunMeans {
  readonly files: FileOps;
  readonly devices: WorkDevices;
  /** Paths that no result may replace. */
  readonly originals: readonly string[];
}

/** A photo to be made. */
export interface RunPhoto extends ReadyPhoto {
  /** Its work, when the result is in the cache already, by whatever device. */
  readonly made: RenderTask | null;
}

/** Makes all photos. Rejects with an `EnlargerError` for what stops the whole run, and when the run's signal aborts. */
export async function workOff(run: EnhanceRun, means: RunMeans, ready: readonly ReadyPhoto[], emit: Emit): Promise<void> {
  const { files } = means;
  const place = await writing(files, run.stateDirectory, 0, () => openRunPlace(run.stateDirectory, files));
  try {
    const photos: RunPhoto[] = [];
    for (const one of ready) {
      run.signal.throwIfAborted();
      photos.push({ ...one, made: (await findMade(run.cache.results, one.photo.task, means.devices.devicesFor))?.task ?? null });
    }
    const { need, atOnce } = await runNeed(run, means, photos, place.scratchDirectory);
    const speeds = await openSpeeds(run.stateDirectory, files);
    emit({
      type: 'planned',
      photos: photos.length,
      outputMegapixels: photos.reduce((sum, { photo }) => sum + (photo.plan.size.width * photo.plan.size.height) / 1e6, 0),
      estimateMs: estimateMs(photos, speeds),
      outputBytes: need.outputBytes,
      scratchBytes: need.scratchBytes,
      freeBytes: need.freeBytes,
    });
    if (need.failure !== null) throw need.failure;
    const folders = [...new Set(photos.map(({ photo }) => photo.folder))];
    await writing(files, run.stateDirectory, 0, () => place.journal(folders));
    await workQueue(run, means, { place, atOnce }, photos, speeds, emit);
    await speeds.save();
  } finally {
    await place.close();
  }
}

async function workQueue(
  run: EnhanceRun,
  { files, originals, devices }: RunMeans,
  { place, atOnce }: { readonly place: RunPlace; readonly atOnce: number },
  photos: readonly RunPhoto[],
  speeds: Speeds,
  emit: Emit,
): Promise<void> {
  const { engine, cache, exported, softwareVersion, signal } = run;
  const workshop: Workshop = {
    engine,
    cache,
    exported,
    softwareVersion,
    files,
    place,
    scratchDirectory: place.scratchDirectory,
    originals: await knowOriginals(originals),
    graphics:
      run.graphics === null
        ? undefined
        : guardedGraphics(run.graphics, (reason) =>
            emit({ type: 'note', input: run.inputs[0] ?? '', text: `${reason} The processor goes on without it` }),
          ),
    makeRoom: roomFor(cache, photos, place.scratchDirectory, files, atOnce),
  };
  const begun = new Set<number>();
  const photosLeft = (): number => run.jobs.counts(['enhance']).queued + 1;
  const photoOf = (job: Job): RunPhoto & { readonly index: number } => {
    const { index } = runPayloadSchema.parse(job.payload);
    const photo = photos[index];
    if (photo === undefined) throw new RangeError(`no photo ${String(index)} in this run`);
    return { ...photo, index };
  };
  const enhance = async (job: Job, context: WorkContext): Promise<void> => {
    const { photo, policy, made, index } = photoOf(job);
    const { input } = photo.file;
    const turn = await takeTurn(devices, { task: photo.task, made }, photosLeft, context.signal);
    const { task } = turn;
    try {
      if (!begun.has(index)) {
        begun.add(index);
        for (const text of [...photo.plan.notes.map(planNoteText), ...photo.plan.fileNotes]) emit({ type: 'note', input, text });
        emit(startedEvent(input, task, made !== null));
      }
      await make(job, { ...photo, task }, policy, { ...context, turn, cached: made !== null });
    } finally {
      turn.release();
      // It may have told that there is a place for another one.
      queue.wake();
    }
  };
  const make = async (
    job: Job,
    photo: PlannedPhoto,
    policy: PublishPolicy,
    { signal, onProgress: tellQueue, turn, cached }: WorkContext & { readonly turn: TaskTurn; readonly cached: boolean },
  ): Promise<void> => {
    const { input } = photo.file;
    const startMs = performance.now();
    const attempt = attemptOf(job);
    const onProgress = progressOf(job.id, (fraction) => {
      emit({ type: 'progress', input, fraction });
      // What was found ready would count as an amazing speed.
      if (!cached) tellQueue(fraction);
      emit({ type: 'overall', ...overall() });
    });
    const { place } = turn;
    const result = await makePhoto(workshop, photo, policy, { attempt, signal, onProgress, place });
    const totalMs = performance.now() - startMs;
    for (const text of result.notes) emit({ type: 'note', input, text });
    if (result.output === null) {
      emit({ type: 'skipped', input, reason: 'another file took its name meanwhile' });
      return;
    }
    // A device that failed over this photo has another speed than the one that made it.
    if (!result.cached && result.device === deviceOf(photo.task)) {
      const { ms, workMs, peakMemoryBytes } = result;
      turn.tell({ networkMs: ms.infer, totalMs: workMs, peakMemoryBytes });
      speeds.add(speedKey(photo.task.model), photo.workPixels, ms.render);
    }
    speeds.add(encodeSpeedKey(photo.plan.output.format), result.width * result.height, result.ms.encode);
    emit(doneEvent(photo, result, result.output, totalMs));
  };
  /** A retry begins again from nothing, but what was shown never falls. */
  const shown = new Map<number, number>();
  const progressOf =
    (id: number, tell: (fraction: number) => void) =>
    (fraction: number): void => {
      if (fraction <= (shown.get(id) ?? -1)) return;
      shown.set(id, fraction);
      tell(fraction);
    };
  const overall = () => {
    const { jobs, settled, fraction, megapixelsPerSecond, remainingMs } = queue.progress();
    return { photos: jobs, photosDone: settled, fraction, megapixelsPerSecond, remainingMs };
  };

  const kinds = ['enhance'] as const;
  const mayBeginBeside = (): boolean => {
    const { queued, running } = run.jobs.counts(kinds);
    return devices.mayBeginBeside(queued, running);
  };
  const queue = createQueue({
    store: run.jobs,
    workers: { enhance },
    lanes: [{ kinds }, ...Array<QueueLane>(atOnce - 1).fill({ kinds, mayWork: mayBeginBeside })],
    onSettled(job) {
      const { photo } = photoOf(job);
      if (job.status.state === 'failed') {
        const { code, message } = job.status.failure;
        emit({ type: 'failed', input: photo.file.input, code, message });
      }
      emit({ type: 'overall', ...overall() });
    },
  });
  queue.add(
    photos.map(({ photo, made }, index) => ({
      kind: 'enhance',
      photoId: null,
      resultId: null,
      priority: priorities.asked,
      workPixels: made !== null ? workPixels(0, photo.plan.size.width * photo.plan.size.height) : photo.workPixels,
      payload: { index } satisfies RunPayload,
    })),
  );
  await queue.run(signal);
  signal.throwIfAborted();
}

function startedEvent(input: string, task: RenderTask, cached: boolean): Parameters<Emit>[0] {
  const { facts, model } = task;
  return {
    type: 'started',
    input,
    width: facts.width,
    height: facts.height,
    model: model?.card.id ?? 'none',
    device: deviceOf(task),
    tiles: cached ? 0 : countTiles(task),
  };
}

function doneEvent(photo: PlannedPhoto, result: PhotoResult, output: string, totalMs: number): Parameters<Emit>[0] {
  const { width, height, cached, ms, peakMemoryBytes, strength } = result;
  return {
    type: 'done',
    input: photo.file.input,
    output: join(photo.shownFolder, basename(output)),
    width,
    height,
    model: photo.model?.card.id ?? 'none',
    device: result.device,
    cached,
    ms: { decode: ms.decode, infer: ms.infer, encode: ms.encode, total: totalMs },
    peakMemoryBytes,
    ...(strength === null ? {} : { strength }),
  };
}

/** Tiles that the network will run over all its passes, at the usual side. */
export function countTiles({ model, facts, plan }: Pick<RenderTask, 'model' | 'facts' | 'plan'>): number {
  if (model === null) return 0;
  const { scale, receptiveFieldRadius, tile } = model.card;
  let tiles = 0;
  for (let pass = 0; pass < plan.passes; pass += 1) {
    const grown = scale ** pass;
    tiles += planTiles({
      width: facts.width * grown,
      height: facts.height * grown,
      tileSide: usualTileSide(model),
      halo: networkHalo(receptiveFieldRadius),
      multiple: tile.multiple,
    }).count;
  }
  return tiles;
}

/** Null when a network is to run whose speed was never measured. */
function estimateMs(photos: readonly RunPhoto[], speeds: Speeds): number | null {
  let sumMs = 0;
  for (const { photo, made } of photos) {
    const speed = made === null ? speeds.of(photo.speedKey) : Infinity;
    if (speed === null) return null;
    const { width, height, format } = photo.plan.output;
    sumMs += photo.workPixels / speed + (width * height) / (speeds.of(encodeSpeedKey(format)) ?? Infinity);
  }
  return sumMs;
}
