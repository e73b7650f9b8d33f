/** The models of this machine: folders with a `card.json` and the .onnx files that it names. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, delimiter, dirname, join, resolve } from 'node:path';
import { EnlargerError, isFailureCode, toFailure, type Failure } from '../photo/failure.ts';
import { modelCardSchema, type ModelCard } from '../photo/model-card.ts';
import type { Engine } from './engine-client.ts';
import { errorCode } from '../disk/file-ops.ts';

export interface InstalledModel {
  readonly card: ModelCard;
  /** Absolute folder of the card and its files. */
  readonly directory: string;
}

export interface ModelProblem {
  /** Absolute path of the card that cannot be used. */
  readonly path: string;
  readonly failure: Failure;
}

export interface ModelStore {
  /** By id, each id once: a folder that comes first wins. */
  readonly models: readonly InstalledModel[];
  /** Cards that cannot be used, and why; they hide no good one. */
  readonly problems: readonly ModelProblem[];
}

/**
 * Folders whose subfolders are models: `builtIn` (the checkout's or the app's `models`), then those of the
 * variable ENLARGER_MODELS, separated like PATH.
 */
export function modelFolders(builtIn: string, env: Readonly<Record<string, string | undefined>> = process.env): string[] {
  const added = (env['ENLARGER_MODELS'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return [builtIn, ...added].map((folder) => resolve(folder));
}

/**
 * Reads every `<folder>/<name>/card.json`, folder by folder: where a plan may choose, the built-in models come first. Never rejects for one bad card; a folder that is not there has no models.
 */
export async function readModels(folders: readonly string[]): Promise<ModelStore> {
  const models = new Map<string, InstalledModel>();
  const problems: ModelProblem[] = [];
  for (const folder of folders) {
    for (const directory of await modelDirectories(folder, problems)) {
      try {
        const model = await readModel(directory);
        const earlier = models.get(model.card.id);
        if (earlier === undefined) models.set(model.card.id, model);
        else
          throw new EnlargerError(
            'model-invalid',
            `The id "${model.card.id}" is taken by the model in ${earlier.directory}. Change the id in one of the cards.`,
          );
      } catch (error) {
        problems.push({ path: join(directory, 'card.json'), failure: toFailure(error) });
      }
    }
  }
  return { models: [...models.values()], problems };
}

/** The model in one folder. Throws `model-missing` without a card, `model-invalid` naming the card's field. */
async function readModel(directory: string): Promise<InstalledModel> {
  const path = join(resolve(directory), 'card.json');
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new EnlargerError(
      'model-missing',
      `There is no readable model card at ${path} (${errorCode(error)}). models/README.md says what a model folder holds.`,
      { cause: error },
    );
  });
  return { card: parseCard(text, path), directory: resolve(directory) };
}

/**
 * The model that `--model` names: the id of an installed one, a folder with a `card.json`, or an .onnx file with
 * a card beside it that lists it. A bare .onnx file goes through the engine first, so that a hostile one is told
 * its own reason. Throws `model-missing` or `model-invalid`.
 */
export async function findModel(named: string, store: ModelStore, engine: Engine, signal?: AbortSignal): Promise<InstalledModel> {
  const installed = store.models.find((model) => model.card.id === named);
  if (installed !== undefined) return installed;
  const path = resolve(named);
  const kind = await stat(path).catch(() => null);
  if (kind === null) {
    const bad = store.problems.find((problem) => basename(dirname(problem.path)) === named);
    if (bad !== undefined) throw new EnlargerError(bad.failure.code, bad.failure.message);
    throw new EnlargerError(
      'model-missing',
      `There is no model "${named}". Installed: ${store.models.map((model) => model.card.id).join(', ') || 'none'}. A path to a model folder or .onnx file also works.`,
    );
  }
  if (kind.isDirectory()) return await readModel(path);
  return await modelOfFile(path, engine, signal);
}

async function modelOfFile(path: string, engine: Engine, signal: AbortSignal | undefined): Promise<InstalledModel> {
  const directory = dirname(path);
  const file = basename(path);
  const options = signal === undefined ? {} : { signal };
  const carded = await stat(join(directory, 'card.json')).then(
    () => true,
    () => false,
  );
  if (!carded) {
    await engine.call('checkModel', { directory, file }, options).catch((error: unknown) => {
      // What the engine misses is the card, and that is said below.
      if (!isFailureCode(error, 'model-missing')) throw error;
    });
    throw new EnlargerError(
      'model-invalid',
      `The file ${file} has no card.json beside it that says what it needs. models/README.md describes the card.`,
    );
  }
  const model = await readModel(directory);
  const variant = model.card.variants.find((candidate) => candidate.file === file);
  if (variant === undefined) {
    await engine.call('checkModel', { directory, file }, options);
    throw new EnlargerError(
      'model-invalid',
      `The card.json beside ${file} does not list it among its variants. models/README.md describes the card.`,
    );
  }
  await engine.call('checkModel', { directory, file }, options);
  // The user named one file: it is the one that runs, whatever other variants the card has.
  return { ...model, card: { ...model.card, variants: [variant] } };
}

async function modelDirectories(folder: string, problems: ModelProblem[]): Promise<string[]> {
  try {
    const found: string[] = [];
    for (const entry of (await readdir(folder, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const directory = join(folder, entry.name);
      // A folder without a card is no model (models/train, for example), and no mistake.
      if (
        await stat(join(directory, 'card.json')).then(
          (card) => card.isFile(),
          () => false,
        )
      )
        found.push(directory);
    }
    return found;
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') problems.push({ path: folder, failure: toFailure(error) });
    return [];
  }
}

/** Parses a card; `path` is for the message. */
function parseCard(text: string, path: string): ModelCard {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    throw new EnlargerError('model-invalid', `The model card ${path} is not valid JSON. Mend it or install the model again.`, {
      cause: error,
    });
  }
  const parsed = modelCardSchema.safeParse(data);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues
    .slice(0, 3)
    .map((issue) => `${issue.path.map(String).join('.') || 'card'}: ${issue.message}`);
  throw new EnlargerError(
    'model-invalid',
    `The model card ${path} cannot be used: ${faults.join('; ')}. models/README.md describes the card.`,
  );
}
