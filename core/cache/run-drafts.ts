/**
 * What one run has under way in the cache. Everything is made, and unmade, in one folder of drafts under names that carry the run, so that
 * nothing half-done is ever seen under its own name and the next start can remove it.
 */
import { join } from 'node:path';
import type { FileOps } from '../disk/file-ops.ts';
import { ownIdentity } from '../disk/process-identity.ts';
import { newRun, runSource } from '../disk/runs.ts';
import { removed } from '../disk/tidy.ts';
import { writing } from '../disk/write-failure.ts';
import type { RunJournal } from '../photo/state-files.ts';
import { cacheOption, type CachePlace } from './cache-place.ts';

export const draftPattern = new RegExp(String.raw`^(${runSource})-\d{1,10}(?:\.thumb)?$`);

export interface RunDrafts {
  /** This run's name; its journal is written first, so that whatever carries the name is known to live. */
  register(): Promise<string>;
  /** A path that nothing has yet, in a folder that is there. */
  newPath(suffix?: '.thumb'): Promise<string>;
  /** Takes a file or folder of the cache out of sight in one step and removes it. False when it was gone already, or resists. */
  discard(path: string): Promise<boolean>;
  /** Takes it out of sight only; null when it was gone already, or resists. To be put back, or removed by `drop`. */
  takeAway(path: string): Promise<string | null>;
  /** It has a name of its own now. */
  settle(path: string): void;
  /** Removes a draft; what resists is swept when the run is over. */
  drop(path: string): Promise<void>;
  /** Removes the journal and what is left. */
  close(): Promise<void>;
}

export function openDrafts(place: CachePlace, files: FileOps): RunDrafts {
  const open = new Set<string>();
  let run: string | undefined;
  let registered: Promise<string> | undefined;
  let made = 0;

  const name = async (): Promise<string> => (run ??= newRun(await ownIdentity()));
  const journal = async (): Promise<string> => {
    const own = await name();
    await writing(
      files,
      place.directory,
      1000,
      async () => {
        await files.makeFolder(place.runs);
        const text = JSON.stringify({ process: await ownIdentity(), folders: [] } satisfies RunJournal);
        await files.writeText(join(place.runs, `${own}.json`), text);
      },
      cacheOption,
    );
    return own;
  };
  const register = async (): Promise<string> => {
    registered ??= journal();
    try {
      return await registered;
    } catch (error) {
      registered = undefined;
      throw error;
    }
  };
  const nextPath = (own: string, suffix = ''): string => join(place.drafts, `${own}-${String((made += 1))}${suffix}`);
  const drop = async (path: string): Promise<void> => {
    open.add(path);
    if (await removed(files.removeTree(path))) open.delete(path);
  };
  const takeAway = async (path: string): Promise<string | null> => {
    // Without a journal the name alone tells whether this process lives: a full disk must not keep anything from being removed.
    const draft = nextPath(await register().catch(name));
    try {
      await files.makeFolder(place.drafts);
      await files.rename(path, draft);
    } catch {
      return null;
    }
    open.add(draft);
    return draft;
  };
  return {
    register,
    async newPath(suffix) {
      const path = nextPath(await register(), suffix);
      await writing(files, place.drafts, 1000, () => files.makeFolder(place.drafts), cacheOption);
      open.add(path);
      return path;
    },
    takeAway,
    async discard(path) {
      const draft = await takeAway(path);
      if (draft === null) return false;
      await drop(draft);
      return true;
    },
    settle: (path) => void open.delete(path),
    drop,
    async close() {
      for (const path of [...open]) await drop(path);
      if (registered !== undefined && open.size === 0) await removed(files.unlink(join(place.runs, `${await name()}.json`)));
    },
  };
}
