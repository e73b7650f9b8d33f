/**
 * Names for runs. Whatever a process may leave on a disk carries one, and a journal in a folder tells more of it, so that a later process
 * knows whether the maker still lives.
 */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runJournalSchema, type ProcessIdentity, type RunJournal } from '../photo/state-files.ts';
import { isAlive, machineKey, pidExists } from './process-identity.ts';
import { namesIn } from './tidy.ts';

/** Of a regular expression: `<pid>-<machine, 6 digits><run, 8 digits>`. */
export const runSource = String.raw`\d{1,10}-[0-9a-f]{14}`;
const runPattern = /^(\d{1,10})-([0-9a-f]{6})[0-9a-f]{8}$/;

export function newRun(identity: ProcessIdentity): string {
  return `${String(identity.pid)}-${identity.machine}${randomBytes(4).toString('hex')}`;
}

export function isRun(name: string): boolean {
  return runPattern.test(name);
}

/** All that a name alone tells: gone is only what ran on this machine under a process number that nobody has now. */
export function mayLive(run: string): boolean {
  const [, pid, machine] = runPattern.exec(run) ?? [];
  return machine !== machineKey() || pidExists(Number(pid));
}

export interface FoundJournal {
  readonly run: string;
  readonly path: string;
  /** Null when it cannot be read: torn by a power cut, or of another version. Its name still tells the process. */
  readonly journal: RunJournal | null;
  readonly alive: boolean;
}

/** The journals `<run>.json` in a folder, those that were being written included; none when there is no such folder. */
export async function readJournals(folder: string): Promise<FoundJournal[]> {
  const found: FoundJournal[] = [];
  for (const name of await namesIn(folder)) {
    const run = /^(.*)\.json(?:\.\d+\.tmp)?$/.exec(name)?.[1] ?? '';
    if (!isRun(run)) continue;
    const path = join(folder, name);
    const journal = await readJournal(path);
    found.push({ run, path, journal, alive: journal === null ? mayLive(run) : await isAlive(journal.process) });
  }
  return found;
}

/** Tells by the journals in a folder, or else by its name, whether a run lives. */
export async function livingRuns(folder: string): Promise<(run: string) => boolean> {
  const known = new Map((await readJournals(folder)).map(({ run, alive }) => [run, alive]));
  return (run) => known.get(run) ?? mayLive(run);
}

async function readJournal(path: string): Promise<RunJournal | null> {
  try {
    return runJournalSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return null;
  }
}
