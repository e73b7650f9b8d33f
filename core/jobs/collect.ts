/**
 * Inputs → files to look at. Works on names and kinds only; whether a file is a photo its content decides, later,
 * in the engine.
 */
import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { EnlargerError, toFailure, type Failure } from '../photo/failure.ts';
import { defaultOutputName, isPassedOver, isUndecoded } from '../photo/file-names.ts';
import { unreadableMessage } from '../photo/unreadable.ts';
import { fileIdentity } from '../disk/file-identity.ts';
import { errorCode } from '../disk/file-ops.ts';

export interface CollectedFile {
  readonly path: string;
  /** The path as the user gave it, joined with the way inside a named folder. */
  readonly input: string;
  /** Index of the input that led here. */
  readonly group: number;
  /** Way from the named folder to the file's folder; empty for its own level and for named files. */
  readonly tree: string;
  /** Named by the user, not found in a folder. */
  readonly named: boolean;
  readonly fileBytes: number;
}

export interface Collection {
  readonly files: readonly CollectedFile[];
  /** What was named, or found, and cannot be read. */
  readonly failed: readonly { readonly input: string; readonly failure: Failure }[];
  /** Left out on purpose, each for its reason. */
  readonly skipped: readonly { readonly input: string; readonly reason: string }[];
  /** Sentences about what was passed over without being counted. */
  readonly notes: readonly { readonly input: string; readonly text: string }[];
  /** The inputs that are folders, and whether they have subfolders that were not looked into. */
  readonly folders: ReadonlyMap<number, { readonly input: string; readonly hasSubfolders: boolean }>;
  /** Inputs that something was said about already: unreadable parts, files that another input brought. */
  readonly answered: ReadonlySet<number>;
}

export interface CollectOptions {
  readonly inputs: readonly string[];
  readonly recursive: boolean;
  /** Results go here; not descended into. */
  readonly outDirectory: string | null;
  readonly signal: AbortSignal;
}

interface Draft {
  readonly files: CollectedFile[];
  readonly failed: { input: string; failure: Failure }[];
  readonly skipped: { input: string; reason: string }[];
  readonly notes: { input: string; text: string }[];
  readonly folders: Map<number, { input: string; hasSubfolders: boolean }>;
  readonly answered: Set<number>;
}

/** Collects in the order of the inputs, inside a folder in natural order (2 before 10), each file once. */
export async function collect(options: CollectOptions): Promise<Collection> {
  const draft: Draft = { files: [], failed: [], skipped: [], notes: [], folders: new Map(), answered: new Set() };
  const out = options.outDirectory === null ? null : await fileIdentity(resolve(options.outDirectory));
  const seen = new Map<string, string>();
  const attempt = async (group: number, input: string, step: () => Promise<void>): Promise<void> => {
    options.signal.throwIfAborted();
    try {
      await step();
    } catch (error) {
      options.signal.throwIfAborted();
      fail(draft, group, input, error);
    }
  };
  for (const [group, input] of options.inputs.entries()) {
    await attempt(group, input, async () => {
      const path = resolve(input);
      const entry = await stat(path);
      if (entry.isDirectory()) draft.folders.set(group, { input, hasSubfolders: false });
      else if (entry.isFile()) await addFile(draft, seen, { path, input, group, tree: '', named: true, fileBytes: entry.size });
      else throw new EnlargerError('not-a-photo', 'This is no regular file. Name a photo or a folder.');
    });
  }
  // After the named files: what is named is judged by other rules than what only lies in a folder.
  for (const [group, { input }] of [...draft.folders]) {
    await attempt(group, input, () =>
      collectFolder({ path: resolve(input), input, tree: '', group }, { options, draft, out, seen }),
    );
  }
  draft.files.sort((a, b) => a.group - b.group);
  return draft;
}

interface Folder {
  readonly path: string;
  readonly input: string;
  readonly tree: string;
  readonly group: number;
}

interface Search {
  readonly options: CollectOptions;
  readonly draft: Draft;
  readonly out: string | null;
  /** Real path of every file so far → its input. */
  readonly seen: Map<string, string>;
}

async function collectFolder(folder: Folder, search: Search): Promise<void> {
  const { options, draft } = search;
  const names = (await readdir(folder.path)).filter((name) => !isPassedOver(name)).sort(naturally);
  const subfolders: string[] = [];
  for (const name of names) {
    options.signal.throwIfAborted();
    const path = join(folder.path, name);
    const input = join(folder.input, name);
    let isLink = false;
    try {
      const link = await lstat(path);
      isLink = link.isSymbolicLink();
      const entry = isLink ? await stat(path) : link;
      if (entry.isFile())
        await addFile(draft, search.seen, {
          path,
          input,
          group: folder.group,
          tree: folder.tree,
          named: false,
          fileBytes: entry.size,
        });
      else if (!entry.isDirectory()) draft.skipped.push({ input, reason: 'it is no regular file' });
      // Following links between folders would find files twice, or never end.
      else if (!isLink) subfolders.push(name);
      else if (options.recursive) draft.skipped.push({ input, reason: 'it is a link to a folder; name that folder itself' });
    } catch (error) {
      const gone = ['ENOENT', 'ELOOP'].includes(errorCode(error));
      if (gone && isLink) draft.skipped.push({ input, reason: 'it is a link that leads nowhere' });
      else if (gone && !isUndecoded(name)) draft.skipped.push({ input, reason: 'it went away while the folder was looked at' });
      else fail(draft, folder.group, input, error);
    }
  }
  if (!options.recursive) {
    if (subfolders.length > 0) draft.folders.set(folder.group, { input: folder.input, hasSubfolders: true });
    return;
  }
  for (const name of subfolders) {
    const path = join(folder.path, name);
    const input = join(folder.input, name);
    if (name === defaultOutputName || (search.out !== null && (await fileIdentity(path)) === search.out)) {
      draft.notes.push({ input, text: 'results of earlier runs are not looked into; name this folder to enlarge them' });
      continue;
    }
    try {
      await collectFolder({ path, input, tree: join(folder.tree, name), group: folder.group }, search);
    } catch (error) {
      options.signal.throwIfAborted();
      fail(draft, folder.group, input, error);
    }
  }
}

async function addFile(draft: Draft, seen: Map<string, string>, file: CollectedFile): Promise<void> {
  const real = await realpath(file.path);
  const earlier = seen.get(real);
  if (earlier === undefined) {
    seen.set(real, file.input);
    draft.files.push(file);
  } else {
    draft.answered.add(file.group);
    draft.notes.push({ input: file.input, text: `the same file as ${earlier}, enlarged once` });
  }
}

const collator = new Intl.Collator('en', { numeric: true });

/** IMG_2 before IMG_10; names that only differ in ways a collator overlooks still have one order. */
function naturally(a: string, b: string): number {
  return collator.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}

function fail(draft: Draft, group: number, input: string, error: unknown): void {
  draft.failed.push({ input, failure: readFailure(error, input) });
  draft.answered.add(group);
}

function readFailure(error: unknown, input: string): Failure {
  const message = unreadableMessage(errorCode(error), input);
  return message === null ? toFailure(error) : { code: 'not-found', message };
}

/**
 * Where the results of an input go, as shown to the user and resolved: `--out`, or a folder `enlarged` in the named
 * folder or beside the named file.
 */
export function outputRoot(input: string, isFolder: boolean, outDirectory: string | null): { shown: string; path: string } {
  if (outDirectory !== null) return { shown: outDirectory, path: resolve(outDirectory) };
  const shown = join(isFolder ? input : dirname(input), defaultOutputName);
  return { shown, path: resolve(shown) };
}
