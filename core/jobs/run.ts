/**
 * A run: inputs in, enlarged files out. One photo and a folder of thousands take the same way. Everything a
 * host shows comes through `emit`; nothing here prints.
 */
import { basename, join } from 'node:path';
import { EnlargerError, toFailure, type Failure } from '../photo/failure.ts';
import { trackRun, type RunProgress } from '../photo/progress.ts';
import type { ConflictPolicy, ExportRecipe, Recipe } from '../photo/recipe.ts';
import type { RunEvent } from '../photo/run-events.ts';
import { networkHalo, planTiles } from '../photo/tiles.ts';
import { checkConflicts } from './already-done.ts';
import { collect, type Collection } from './collect.ts';
import { checkDisks } from './disk-check.ts';
import type { Engine } from './engine-client.ts';
import { nodeFileOps, type FileOps } from './file-ops.ts';
import { openRunPlace, sweep } from './janitor.ts';
import type { InstalledModel } from './model-store.ts';
import { knowOriginals } from './originals.ts';
import type { PublishPolicy } from './publish.ts';
import { enhancePhoto, type Workshop } from './run-photo.ts';
import { planFiles, type Device, type Job } from './run-plan.ts';
import { openSpeeds, type Speeds } from './speeds.ts';
import { writing } from './write-failure.ts';

export type DeviceChoice = 'auto' | 'cpu' | 'webgpu';

export interface EnhanceRun {
  /** Files and folders as the user gave them; relative ones are relative to the working directory. */
  readonly inputs: readonly string[];
  /** `--out` as given, or null for a folder `enlarged` beside each input. */
  readonly outDirectory: string | null;
  readonly recursive: boolean;
  readonly recipe: Recipe;
  readonly exported: ExportRecipe;
  readonly conflict: ConflictPolicy;
  readonly device: DeviceChoice;
  /** Models the plan may choose from. For `--model <path>`: `findModel` first, then only that one here. */
  readonly models: readonly InstalledModel[];
  /** The host owns it, and closes it after the run. */
  readonly engine: Engine;
  /** From `openStateFolder`. */
  readonly stateDirectory: string;
  /** Version of Enlarger, written into the results. */
  readonly softwareVersion: string;
  /** Aborting stops the run within two seconds and leaves no partial file. */
  readonly signal: AbortSignal;
  /** Every write of the run goes through this; default: the real file system. */
  readonly files?: FileOps;
}

export interface RunSummary {
  readonly done: number;
  readonly failed: number;
  readonly skipped: number;
  readonly ms: number;
  /** The signal ended it; photos that were not reached are in none of the counts. */
  readonly interrupted: boolean;
}

/** A job whose name is decided. */
interface ReadyJob {
  readonly job: Job;
  readonly policy: PublishPolicy;
}

type Emit = (event: RunEvent) => void;

/**
 * Enhances everything. Resolves also when photos failed: they are in the summary and were emitted as `failed`;
 * anything that stops the whole run fails each photo with the same reason. The last event is always `summary`.
 * `input` in events is the path as given, joined with the way inside a folder; `output` is relative where
 * `outDirectory` (or the input, without one) was; `width` and `height` are the photo's in `started`, the
 * result's in `done`.
 */
export async function runEnhance(run: EnhanceRun, emit: Emit): Promise<RunSummary> {
  const startMs = performance.now();
  const counts = { done: 0, failed: 0, skipped: 0 };
  const tally: Emit = (event) => {
    if (event.type === 'done' || event.type === 'failed' || event.type === 'skipped') counts[event.type] += 1;
    emit(event);
  };
  let interrupted = false;
  try {
    await work(run, tally);
  } catch (error) {
    // Nothing else passes `work` with the signal aborted; any other error is a defect and the host's to show.
    if (!run.signal.aborted) throw error;
    interrupted = true;
  }
  const ms = performance.now() - startMs;
  emit({ type: 'summary', ...counts, ms });
  return { ...counts, ms, interrupted };
}

async function work(run: EnhanceRun, emit: Emit): Promise<void> {
  const files = run.files ?? nodeFileOps;
  run.signal.throwIfAborted();
  if (run.device === 'webgpu') {
    const failure: Failure = {
      code: 'device-failed',
      message: 'This version works on the CPU only. Leave --device out, or choose cpu.',
    };
    failAll(run.inputs, failure, emit);
    return;
  }
  const device: Device = 'cpu';
  const collection = await collect(run);
  for (const { input, failure } of collection.failed)
    emit({ type: 'failed', input, code: failure.code, message: failure.message });
  for (const { input, reason } of collection.skipped) emit({ type: 'skipped', input, reason });
  for (const { input, text } of collection.notes) emit({ type: 'note', input, text });

  const jobs = await plan(run, collection, device, emit);
  // Also when nothing is left to do; and before room is asked for, because leftovers take it.
  await sweep(run.stateDirectory, [...new Set(jobs.map((job) => job.folder))], files);
  const ready = await decideNames(run, collection, jobs, emit);
  if (ready.length === 0) return;
  await workOff(run, files, collection, ready, device, emit);
}

async function plan(run: EnhanceRun, collection: Collection, device: Device, emit: Emit): Promise<Job[]> {
  const planned = await planFiles(run, collection.files, device);
  const bystanders = new Map<number, number>();
  const earlierResults = new Map<number, number>();
  const photos = new Set<number>();
  const jobs: Job[] = [];
  for (const [index, file] of collection.files.entries()) {
    const outcome = planned[index];
    if (outcome?.kind === 'bystander') {
      bystanders.set(file.group, (bystanders.get(file.group) ?? 0) + 1);
      continue;
    }
    photos.add(file.group);
    if (outcome?.kind === 'earlier-result') earlierResults.set(file.group, (earlierResults.get(file.group) ?? 0) + 1);
    if (outcome?.kind === 'failed')
      emit({ type: 'failed', input: file.input, code: outcome.failure.code, message: outcome.failure.message });
    if (outcome?.kind === 'job') jobs.push(outcome.job);
  }
  for (const [group, folder] of collection.folders) {
    const others = bystanders.get(group) ?? 0;
    const results = earlierResults.get(group) ?? 0;
    if (results > 0)
      emit({
        type: 'note',
        input: folder.input,
        text: `${String(results)} ${results === 1 ? 'result' : 'results'} of earlier runs in it left out; name the file to enlarge one further`,
      });
    if (photos.has(group)) {
      if (others > 0)
        emit({
          type: 'note',
          input: folder.input,
          text: `${String(others)} ${others === 1 ? 'file in it is no photo' : 'files in it are no photos'} and left out`,
        });
    } else if (!collection.answered.has(group)) {
      const below = folder.hasSubfolders
        ? ' To look into its subfolders as well, add --recursive.'
        : ' Name a folder with photos in it.';
      emit({ type: 'failed', input: folder.input, code: 'not-a-photo', message: `There are no photos in this folder.${below}` });
    }
  }
  return jobs;
}

async function decideNames(run: EnhanceRun, { files }: Collection, jobs: readonly Job[], emit: Emit): Promise<ReadyJob[]> {
  const checker = checkConflicts(
    run,
    files.map((file) => file.path),
  );
  const ready: ReadyJob[] = [];
  for (const job of jobs) {
    const decision = await checker.decide(job);
    const { input } = job.file;
    switch (decision.kind) {
      case 'make':
        ready.push({ job, policy: decision.policy });
        break;
      case 'skip':
        emit({ type: 'skipped', input, reason: decision.reason, gist: decision.gist });
        break;
      case 'refuse':
        emit({ type: 'failed', input, code: decision.failure.code, message: decision.failure.message });
    }
  }
  return ready;
}

async function workOff(
  run: EnhanceRun,
  files: FileOps,
  collection: Collection,
  ready: readonly ReadyJob[],
  device: Device,
  emit: Emit,
): Promise<void> {
  const jobs = ready.map(({ job }) => job);
  const folders = [...new Set(jobs.map((job) => job.folder))];
  const inputs = jobs.map((job) => job.file.input);
  try {
    const place = await writing(files, run.stateDirectory, 0, () => openRunPlace(run.stateDirectory, files));
    try {
      const need = await checkDisks(jobs, place.scratchDirectory, files);
      const speeds = await openSpeeds(run.stateDirectory, files);
      emit({
        type: 'planned',
        photos: jobs.length,
        outputMegapixels: megapixels(jobs),
        estimateMs: estimateMs(jobs, speeds),
        ...sizes(need),
      });
      if (need.failure !== null) throw need.failure;
      await writing(files, run.stateDirectory, 0, () => place.journal(folders));
      const { engine, exported, softwareVersion, signal } = run;
      const originals = await knowOriginals(collection.files.map((file) => file.path));
      await enhanceAll({ engine, exported, softwareVersion, signal, files, place, originals }, ready, speeds, device, emit);
      await speeds.save();
    } finally {
      await place.close();
    }
  } catch (error) {
    if (run.signal.aborted || !(error instanceof EnlargerError)) throw error;
    failAll(inputs, toFailure(error), emit);
  }
}

async function enhanceAll(
  workshop: Workshop,
  ready: readonly ReadyJob[],
  speeds: Speeds,
  device: Device,
  emit: Emit,
): Promise<void> {
  const account = trackRun(
    ready.map(({ job }) => job.workPixels),
    performance.now(),
  );
  for (const [index, { job, policy }] of ready.entries()) {
    workshop.signal.throwIfAborted();
    const { input } = job.file;
    const model = job.model?.card.id ?? 'none';
    for (const text of job.plan.notes) emit({ type: 'note', input, text });
    emit({ type: 'started', input, width: job.facts.width, height: job.facts.height, model, device, tiles: countTiles(job) });
    try {
      const startMs = performance.now();
      const result = await enhancePhoto(workshop, job, policy, progressOf(account, index, input, emit));
      const totalMs = performance.now() - startMs;
      for (const text of result.notes) emit({ type: 'note', input, text });
      if (result.output === null) {
        emit({ type: 'skipped', input, reason: 'another file took its name meanwhile' });
      } else {
        const { width, height, ms, peakMemoryBytes } = result;
        speeds.add(job.speedKey, job.workPixels, totalMs);
        emit({
          type: 'done',
          input,
          output: join(job.shownFolder, basename(result.output)),
          width,
          height,
          model,
          device,
          cached: false,
          ms: { decode: ms.decode, infer: ms.infer, encode: ms.encode, total: totalMs },
          peakMemoryBytes,
          ...(result.strength === null ? {} : { strength: result.strength }),
        });
      }
    } catch (error) {
      if (workshop.signal.aborted) throw error;
      const failure = toFailure(error);
      emit({ type: 'failed', input, code: failure.code, message: failure.message });
    }
    account.settle(index);
    emit({ type: 'overall', ...account.snapshot(performance.now()) });
  }
}

/** A retry begins again from nothing, but what was shown never falls. */
function progressOf(account: RunProgress, index: number, input: string, emit: Emit): (progress: { fraction: number }) => void {
  let shown = -1;
  return ({ fraction }) => {
    if (fraction <= shown) return;
    shown = fraction;
    account.update(index, fraction);
    emit({ type: 'progress', input, fraction });
    emit({ type: 'overall', ...account.snapshot(performance.now()) });
  };
}

function countTiles(job: Job): number {
  if (job.model === null) return 0;
  const { scale, receptiveFieldRadius, tile } = job.model.card;
  let tiles = 0;
  for (let pass = 0; pass < job.plan.passes; pass += 1) {
    const grown = scale ** pass;
    tiles += planTiles({
      width: job.facts.width * grown,
      height: job.facts.height * grown,
      tileSide: tile.default,
      halo: networkHalo(receptiveFieldRadius),
      multiple: tile.multiple,
    }).count;
  }
  return tiles;
}

function megapixels(jobs: readonly Job[]): number {
  return jobs.reduce((sum, job) => sum + (job.plan.output.width * job.plan.output.height) / 1e6, 0);
}

function estimateMs(jobs: readonly Job[], speeds: Speeds): number | null {
  let sumMs = 0;
  for (const job of jobs) {
    const speed = speeds.of(job.speedKey);
    if (speed === null) return null;
    sumMs += job.workPixels / speed;
  }
  return sumMs;
}

function sizes(need: { outputBytes: number; scratchBytes: number; freeBytes: number }): {
  outputBytes: number;
  scratchBytes: number;
  freeBytes: number;
} {
  return { outputBytes: need.outputBytes, scratchBytes: need.scratchBytes, freeBytes: need.freeBytes };
}

function failAll(inputs: readonly string[], failure: Failure, emit: Emit): void {
  for (const input of inputs) emit({ type: 'failed', input, code: failure.code, message: failure.message });
}
