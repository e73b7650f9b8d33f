/**
 * A run: inputs in, enlarged files out. One photo and a folder of thousands take the same way. Everything a
 * host shows comes through `emit`; nothing here prints.
 */
import type { Cache } from '../cache/cache.ts';
import { nodeFileOps, type FileOps } from '../disk/file-ops.ts';
import { EnlargerError, toFailure, type Failure } from '../photo/failure.ts';
import type { JobStore } from '../photo/job.ts';
import { chooseModel } from '../photo/choose-model.ts';
import { maxEnlargement } from '../photo/plan.ts';
import type { ConflictPolicy, ExportRecipe, Recipe } from '../photo/recipe.ts';
import type { RunEvent } from '../photo/run-events.ts';
import { checkConflicts } from './already-done.ts';
import { collect, type Collection } from './collect.ts';
import type { Engine } from './engine-client.ts';
import { sweep } from './janitor.ts';
import type { InstalledModel } from './model-store.ts';
import type { PublishPolicy } from './publish.ts';
import type { DeviceChoice, Devices } from './devices.ts';
import type { Graphics } from './enhance-render.ts';
import type { DevicesFor } from './job-model.ts';
import { workDevices, processorAlone, type WorkDevices } from './work-devices.ts';
import { planFiles, type PlannedPhoto } from './run-plan.ts';
import { workOff } from './run-work.ts';

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
  /** What computes networks besides the processor; null: nothing does. */
  readonly graphics: (Pick<Graphics, 'engine' | 'second'> & { readonly devices: Devices }) | null;
  /** Models the plan may choose from. For `--model <path>`: `findModel` first, then only that one here. */
  readonly models: readonly InstalledModel[];
  /** The host owns it, and closes it after the run. */
  readonly engine: Engine;
  /** Results are kept here, so that another format or name costs no network. The host owns it. */
  readonly cache: Cache;
  /** An empty store of jobs for this run alone. */
  readonly jobs: JobStore;
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

/** A photo whose name is decided. */
export interface ReadyPhoto {
  readonly photo: PlannedPhoto;
  readonly policy: PublishPolicy;
}

export type Emit = (event: RunEvent) => void;

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
  const devices = await chooseDevices(run, emit);
  if (devices === null) return;
  const collection = await collect(run);
  for (const { input, failure } of collection.failed)
    emit({ type: 'failed', input, code: failure.code, message: failure.message });
  for (const { input, reason } of collection.skipped) emit({ type: 'skipped', input, reason });
  for (const { input, text } of collection.notes) emit({ type: 'note', input, text });

  const photos = await plan(run, collection, devices.devicesFor, emit);
  // Also when nothing is left to do; and before room is asked for, because leftovers take it.
  await sweep(run.stateDirectory, [...new Set(photos.map((photo) => photo.folder))], files);
  const ready = await decideNames(run, collection, photos, emit);
  if (ready.length === 0) return;
  try {
    await workOff(run, { files, devices, originals: collection.files.map((file) => file.path) }, ready, emit);
  } catch (error) {
    if (run.signal.aborted || !(error instanceof EnlargerError)) throw error;
    failAll(
      ready.map(({ photo }) => photo.file.input),
      toFailure(error),
      emit,
    );
  }
}

/** Null when the device that was asked for cannot be used: then every input was told so. */
async function chooseDevices(run: EnhanceRun, emit: Emit): Promise<WorkDevices | null> {
  const { graphics, device, recipe, models, signal } = run;
  if (graphics === null || device === 'cpu') {
    if (device !== 'webgpu') return processorAlone();
    failAll(run.inputs, { code: 'device-failed', message: 'Only the processor can be used here. Choose --device cpu.' }, emit);
    return null;
  }
  const { devices } = graphics;
  const wanted = modelsOf(recipe, models);
  const atWork = workDevices(devices, { hasSecond: graphics.second !== undefined });
  for (const model of wanted) await atWork.prepare(model, signal);
  const missing = device === 'webgpu' ? wanted.find((model) => devices.devicesFor(model)[0]?.device !== 'webgpu') : undefined;
  if (missing === undefined) return atWork;
  const message = `${devices.whyNot('webgpu', missing)} Choose --device cpu, or leave the choice to the program (auto).`;
  failAll(run.inputs, { code: 'device-failed', message }, emit);
  return null;
}

/** The networks that a recipe may come to: how far each photo is enlarged is not known yet where a size is asked for. */
function modelsOf(recipe: Recipe, models: readonly InstalledModel[]): InstalledModel[] {
  const { target } = recipe;
  const enlargements = target.kind === 'scale' ? [target.scale] : [2, 4, maxEnlargement];
  const cards = models.map(({ card }) => card);
  const chosen = enlargements.flatMap((enlargement) => {
    try {
      return [chooseModel(cards, recipe, enlargement)];
    } catch {
      // The plan of each photo says so.
      return [];
    }
  });
  return models.filter(({ card }) => chosen.includes(card));
}

async function plan(run: EnhanceRun, collection: Collection, devicesFor: DevicesFor, emit: Emit): Promise<PlannedPhoto[]> {
  const planned = await planFiles(run, collection.files, devicesFor);
  const bystanders = new Map<number, number>();
  const earlierResults = new Map<number, number>();
  const groups = new Set<number>();
  const photos: PlannedPhoto[] = [];
  for (const [index, file] of collection.files.entries()) {
    const outcome = planned[index];
    if (outcome?.kind === 'bystander') {
      bystanders.set(file.group, (bystanders.get(file.group) ?? 0) + 1);
      continue;
    }
    groups.add(file.group);
    if (outcome?.kind === 'earlier-result') earlierResults.set(file.group, (earlierResults.get(file.group) ?? 0) + 1);
    if (outcome?.kind === 'failed')
      emit({ type: 'failed', input: file.input, code: outcome.failure.code, message: outcome.failure.message });
    if (outcome?.kind === 'photo') photos.push(outcome.photo);
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
    if (groups.has(group)) {
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
  return photos;
}

async function decideNames(
  run: EnhanceRun,
  { files }: Collection,
  photos: readonly PlannedPhoto[],
  emit: Emit,
): Promise<ReadyPhoto[]> {
  const checker = checkConflicts(
    run,
    files.map((file) => file.path),
  );
  const ready: ReadyPhoto[] = [];
  for (const photo of photos) {
    const decision = await checker.decide(photo);
    const { input } = photo.file;
    switch (decision.kind) {
      case 'make':
        ready.push({ photo, policy: decision.policy });
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

function failAll(inputs: readonly string[], failure: Failure, emit: Emit): void {
  for (const input of inputs) emit({ type: 'failed', input, code: failure.code, message: failure.message });
}
