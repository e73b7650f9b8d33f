/**
 * Cleans up after runs that were killed. Each run writes a journal of what it may leave behind before it makes any
 * of it; the next run reads the journals of the dead. Nothing is removed but what carries our own strict names.
 */
import { randomBytes } from 'node:crypto';
import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runJournalSchema, type RunJournal } from '../photo/state-files.ts';
import { errorCode, type FileOps } from './file-ops.ts';
import { isAlive, machineKey, ownIdentity, pidExists } from './process-identity.ts';

/** `<pid>-<machine, 6 digits><run, 8 digits>` */
const runPattern = /^(\d{1,10})-([0-9a-f]{6})[0-9a-f]{8}$/;
/** The engine writes `<part>.meta` while it puts metadata in; killed then, it leaves both. */
const partPattern = /^\.enlarger-(\d{1,10}-[0-9a-f]{14})-\d{1,10}\.part(?:\.meta)?$/;

/** What a run may use, and what is gone after `close`. */
export interface RunPlace {
  /** Existing folder for intermediate pictures. */
  readonly scratchDirectory: string;
  /** Says which folders will get temp files; to be called before the first is made. */
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
  const run = `${String(identity.pid)}-${identity.machine}${randomBytes(4).toString('hex')}`;
  const journalPath = join(stateDirectory, 'runs', `${run}.json`);
  const scratchDirectory = join(stateDirectory, 'scratch', run);
  const write = async (folders: readonly string[]): Promise<void> => {
    await files.writeText(journalPath, JSON.stringify({ process: identity, folders } satisfies RunJournal));
  };
  const parts = new Set<string>();
  const dropPart = async (path: string): Promise<void> => {
    if ((await removed(files.unlink(`${path}.meta`))) && (await removed(files.unlink(path)))) parts.delete(path);
  };
  const close = async (): Promise<void> => {
    for (const path of [...parts]) await dropPart(path);
    // The journal goes last, so that whatever resisted is still found by the next run.
    if ((await removed(files.removeTree(scratchDirectory))) && parts.size === 0) await removed(files.unlink(journalPath));
  };
  await files.makeFolder(join(stateDirectory, 'runs'));
  await write([]);
  try {
    await files.makeFolder(scratchDirectory);
  } catch (error) {
    await close();
    throw error;
  }
  let made = 0;
  return {
    scratchDirectory,
    journal: write,
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
  const journals = join(stateDirectory, 'runs');
  for (const name of await namesIn(journals)) {
    const run = /^(.*)\.json(?:\.\d+\.tmp)?$/.exec(name)?.[1] ?? '';
    if (!runPattern.test(run)) continue;
    const path = join(journals, name);
    const journal = await readJournal(path);
    const alive = journal === null ? mayLive(run) : await isAlive(journal.process);
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
    if (runPattern.test(name) && isDead(name) && (await isKind(path, 'folder')) && (await removed(files.removeTree(path))))
      count += 1;
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
    if ((await isKind(path, 'file')) && (await removed(files.unlink(path)))) count += 1;
  }
  return count;
}

/** All that a name alone tells: gone is only what ran on this machine under a process number that nobody has now. */
function mayLive(run: string): boolean {
  const [, pid, machine] = runPattern.exec(run) ?? [];
  return machine !== machineKey() || pidExists(Number(pid));
}

async function readJournal(path: string): Promise<RunJournal | null> {
  try {
    return runJournalSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    // Torn by a power cut, or of another version: its name still tells the process.
    return null;
  }
}

async function namesIn(folder: string): Promise<string[]> {
  return await readdir(folder).catch(() => []);
}

async function isKind(path: string, kind: 'file' | 'folder'): Promise<boolean> {
  const entry = await lstat(path).catch(() => null);
  return entry !== null && (kind === 'file' ? entry.isFile() : entry.isDirectory());
}

/** Whether it is gone. Cleaning never stops a run: a leftover that resists is tried again at the next start. */
async function removed(removal: Promise<void>): Promise<boolean> {
  return await removal.then(
    () => true,
    (error: unknown) => errorCode(error) === 'ENOENT',
  );
}
