/**
 * Cleans up after runs that were killed. Each run writes a journal of what it may leave behind before it makes any
 * of it; the next run reads the journals of the dead. Nothing is removed but what carries our own strict names.
 */
import { join } from 'node:path';
import type { RunJournal } from '../photo/state-files.ts';
import type { FileOps } from '../disk/file-ops.ts';
import { ownIdentity } from '../disk/process-identity.ts';
import { isRun, mayLive, newRun, readJournals, runSource } from '../disk/runs.ts';
import { isKind, namesIn, removed } from '../disk/tidy.ts';
import { noteOf, noteSource, releaseReserved } from './reservation.ts';

/** The engine writes `<part>.meta` while it puts metadata in; killed then, it leaves both. For notes see reservation.ts. */
const partPattern = new RegExp(String.raw`^\.enlarger-(${runSource})-\d{1,10}\.part(?:\.meta|${noteSource})?$`);

/** What a run may use, and what is gone after `close`. */
export interface RunPlace {
  /** Existing folder for intermediate pictures. */
  readonly scratchDirectory: string;
  /** Says which folders will get temp files, besides those that it said before; to be called before the first is made. */
  journal(folders: readonly string[]): Promise<void>;
  /** Makes an empty temp file in a folder of the journal: `.enlarger-<pid>-<random>-<count>.part`. */
  makePart(folder: string): Promise<string>;
  /** Removes a temp file that was not published; what resists is tried again by `close`. */
  dropPart(path: string): Promise<void>;
  /** Removes what is left of the run. What cannot be removed stays in the journal, for the next run. */
  close(): Promise<void>;
}

export async function openRunPlace(stateDirectory: string, files: FileOps): Promise<RunPlace> {
  const identity = await ownIdentity();
  const run = newRun(identity);
  const journalPath = join(stateDirectory, 'runs', `${run}.json`);
  const scratchDirectory = join(stateDirectory, 'scratch', run);
  const known = new Set<string>();
  const journal = async (folders: readonly string[]): Promise<void> => {
    const all = [...new Set([...known, ...folders])];
    if (all.length === known.size && known.size > 0) return;
    await files.writeText(journalPath, JSON.stringify({ process: identity, folders: all } satisfies RunJournal));
    for (const folder of folders) known.add(folder);
  };
  const parts = new Set<string>();
  const dropPart = async (path: string): Promise<void> => {
    await removed(files.unlink(noteOf(path)));
    if ((await removed(files.unlink(`${path}.meta`))) && (await removed(files.unlink(path)))) parts.delete(path);
  };
  const close = async (): Promise<void> => {
    for (const path of [...parts]) await dropPart(path);
    // The journal goes last, so that whatever resisted is still found by the next run.
    if ((await removed(files.removeTree(scratchDirectory))) && parts.size === 0) await removed(files.unlink(journalPath));
  };
  await files.makeFolder(join(stateDirectory, 'runs'));
  await journal([]);
  try {
    await files.makeFolder(scratchDirectory);
  } catch (error) {
    await close();
    throw error;
  }
  let made = 0;
  return {
    scratchDirectory,
    journal,
    async makePart(folder) {
      const path = join(folder, `.enlarger-${run}-${String((made += 1))}.part`);
      parts.add(path);
      await files.createExclusive(path);
      return path;
    },
    dropPart,
    close,
  };
}

/**
 * Removes what dead runs left: their scratch folders, and their temp files in the folders of their journals and in
 * `targetFolders`. What cannot be removed now is left for the next time. Returns how many things were removed.
 */
export async function sweep(stateDirectory: string, targetFolders: readonly string[], files: FileOps): Promise<number> {
  let count = 0;
  const living = new Set<string>();
  for (const { run, path, journal, alive } of await readJournals(join(stateDirectory, 'runs'))) {
    if (alive) {
      living.add(run);
      continue;
    }
    for (const folder of journal?.folders ?? []) count += await sweepParts(folder, (owner) => owner === run, files);
    if (await removed(files.removeTree(join(stateDirectory, 'scratch', run))))
      count += (await removed(files.unlink(path))) ? 1 : 0;
  }
  const isDead = (run: string): boolean => !living.has(run) && !mayLive(run);
  const scratch = join(stateDirectory, 'scratch');
  for (const name of await namesIn(scratch)) {
    const path = join(scratch, name);
    if (isRun(name) && isDead(name) && (await isKind(path, 'folder')) && (await removed(files.removeTree(path)))) count += 1;
  }
  for (const folder of new Set(targetFolders)) count += await sweepParts(folder, isDead, files);
  return count;
}

async function sweepParts(folder: string, isDead: (run: string) => boolean, files: FileOps): Promise<number> {
  let count = 0;
  for (const name of await namesIn(folder)) {
    const run = partPattern.exec(name)?.[1];
    if (run === undefined || !isDead(run)) continue;
    const path = join(folder, name);
    if (!(await isKind(path, 'file'))) continue;
    if (name.endsWith('.name')) await releaseReserved(files, path);
    if (await removed(files.unlink(path))) count += 1;
  }
  return count;
}
