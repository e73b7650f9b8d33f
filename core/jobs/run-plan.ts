/** Files → planned photos: what each is, what will be done to it, and where the result goes. Nothing is written here. */
import { basename, dirname, join } from 'node:path';
import { toFailure, type Failure } from '../photo/failure.ts';
import type { PhotoFacts } from '../photo/facts.ts';
import { assignNames, hasPhotoExtension, targetName, type TargetName } from '../photo/output-name.ts';
import { planPhoto, type Plan } from '../photo/plan.ts';
import { workPixels } from '../photo/progress.ts';
import { outputRoot, type CollectedFile } from './collect.ts';
import { recipeDigest } from './digest.ts';
import type { CallOptions, Engine } from './engine-client.ts';
import type { EngineMethod, EngineParams, EngineResult, Provenance } from '../photo/engine-protocol.ts';
import { fileIdentity } from '../disk/file-identity.ts';
import { taskOf, type RenderTask } from './enhance-task.ts';
import { isDeath } from './is-death.ts';
import { jobModel, speedKey, type DevicesFor, type JobModel } from './job-model.ts';
import type { EnhanceRun } from './run.ts';
import { workMemoryBytes } from './work-memory.ts';

/** One photo's work, planned. */
export interface PlannedPhoto {
  readonly file: CollectedFile;
  readonly facts: PhotoFacts;
  readonly plan: Plan;
  /** Null when the photo is only shrunk. */
  readonly model: JobModel | null;
  /** What is rendered for it, whatever the file's format. */
  readonly task: RenderTask;
  readonly name: TargetName;
  /** Absolute folder of the result, and the same as it is shown to the user. */
  readonly folder: string;
  readonly shownFolder: string;
  readonly recipeDigest: string;
  /** What progress and estimates count; at least 1. */
  readonly workPixels: number;
  /** Key of this model on this device in the remembered speeds. */
  readonly speedKey: string;
}

/**
 * What became of one collected file. A bystander is a file in a folder that is no photo and claims to be none; an
 * earlier result was found where this run's results go, and enlarging it again at each run would never end.
 */
export type Planned =
  | { kind: 'photo'; photo: PlannedPhoto }
  | { kind: 'failed'; failure: Failure }
  | { kind: 'bystander' }
  | { kind: 'earlier-result' };

/** Inspects and plans every file, in order. Rejects only when the run is aborted. */
export async function planFiles(run: EnhanceRun, files: readonly CollectedFile[], devicesFor: DevicesFor): Promise<Planned[]> {
  const drafts: Planned[] = [];
  for (const file of files) {
    try {
      const facts = await callTwice(run.engine, 'inspect', { path: file.path }, { signal: run.signal });
      drafts.push({ kind: 'photo', photo: planFile(run, file, facts, devicesFor) });
    } catch (error) {
      if (run.signal.aborted) throw error;
      const failure = toFailure(error);
      drafts.push(isBystander(file, failure) ? { kind: 'bystander' } : { kind: 'failed', failure });
    }
  }
  const sorted = await setResultsApart(run, drafts);
  const photos = sorted.flatMap((draft) => (draft.kind === 'photo' ? [draft.photo] : []));
  const names = assignNames(photos).values();
  return sorted.map((draft) =>
    draft.kind === 'photo' ? { kind: 'photo', photo: { ...draft.photo, name: names.next().value ?? draft.photo.name } } : draft,
  );
}

async function setResultsApart(run: EnhanceRun, drafts: readonly Planned[]): Promise<Planned[]> {
  const targets = new Map<string, string | null>();
  for (const draft of drafts) {
    if (draft.kind === 'photo' && !targets.has(draft.photo.folder))
      targets.set(draft.photo.folder, await fileIdentity(draft.photo.folder));
  }
  const targetFolders = new Set([...targets.values()].filter((identity) => identity !== null));
  const isEarlierResult = async ({ file }: PlannedPhoto): Promise<boolean> => {
    const home = file.named ? null : await fileIdentity(dirname(file.path));
    return home !== null && targetFolders.has(home) && (await provenanceOf(run.engine, file.path, run.signal)) !== null;
  };
  const sorted: Planned[] = [];
  for (const draft of drafts)
    sorted.push(draft.kind === 'photo' && (await isEarlierResult(draft.photo)) ? { kind: 'earlier-result' } : draft);
  return sorted;
}

/** What a result of ours tells of its making; null for any other file. Rejects only when aborted. */
export async function provenanceOf(engine: Engine, path: string, signal: AbortSignal): Promise<Provenance | null> {
  try {
    return await callTwice(engine, 'provenance', { path }, { signal });
  } catch (error) {
    if (signal.aborted) throw error;
    // A folder, a damaged file: whatever it is, we did not write it.
    return null;
  }
}

/** A call that is made once more, in a fresh process, when the engine died of it. */
async function callTwice<Method extends EngineMethod>(
  engine: Engine,
  method: Method,
  params: EngineParams<Method>,
  options: CallOptions,
): Promise<EngineResult<Method>> {
  try {
    return await engine.call(method, params, options);
  } catch (error) {
    if (!isDeath(error) || options.signal?.aborted === true) throw error;
    return await engine.call(method, params, options);
  }
}

function planFile(run: EnhanceRun, file: CollectedFile, facts: PhotoFacts, devicesFor: DevicesFor): PlannedPhoto {
  const plan = planPhoto(
    facts,
    run.recipe,
    run.exported,
    run.models.map((model) => model.card),
    { encodeMemoryBytes: workMemoryBytes() },
  );
  const model = plan.model === null ? null : jobModel(run.models, plan.model.id, devicesFor);
  const root = outputRoot(run.inputs[file.group] ?? file.input, !file.named, run.outDirectory);
  return {
    file,
    facts,
    plan,
    model,
    task: taskOf({ path: file.path, facts }, plan, model),
    name: targetName(basename(file.path), plan.output.format),
    folder: join(root.path, file.tree),
    shownFolder: join(root.shown, file.tree),
    recipeDigest: recipeDigest(run.recipe, run.exported, plan, model?.variant.sha256 ?? null),
    workPixels: workPixels(plan.networkPixels, plan.output.width * plan.output.height),
    speedKey: speedKey(model),
  };
}

function isBystander(file: CollectedFile, failure: Failure): boolean {
  if (file.named || hasPhotoExtension(basename(file.path))) return false;
  return failure.code === 'not-a-photo' || failure.code === 'unsupported-format' || file.fileBytes === 0;
}
