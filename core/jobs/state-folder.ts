/** The per-user folder for what Enlarger may lose without harm: scratch pictures, journals of runs, measured speeds. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { homedir, tmpdir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';

import { EnlargerError } from '../photo/failure.ts';
import { makeFolder } from '../disk/file-ops.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Where the folder is by the customs of each system; ENLARGER_CACHE overrides. */
export function statePath(
  env: Env = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  const override = env['ENLARGER_CACHE'];
  if (override !== undefined && override !== '') return resolve(override);
  if (platform === 'win32') return join(env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'enlarger', 'cache');
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'enlarger');
  const base = env['XDG_CACHE_HOME'];
  // The XDG base directory specification: a relative value is to be ignored.
  return join(base?.startsWith('/') === true ? base : join(home, '.cache'), 'enlarger');
}

/** Makes the state folder and returns its path; one in the system's temp folder when the usual place cannot be written. */
export async function openStateFolder(env: Env = process.env): Promise<string> {
  const usual = statePath(env);
  if (await writable(usual)) return usual;
  const spare = join(tmpdir(), `enlarger-${userName()}`);
  if (await writable(spare)) return spare;
  return await mkdtemp(join(tmpdir(), 'enlarger-')).catch((error: unknown) => {
    throw new EnlargerError(
      'not-writable',
      `There is no place for intermediate pictures: neither ${usual} nor ${tmpdir()} can be written. Set ENLARGER_CACHE to a folder of yours.`,
      { cause: error },
    );
  });
}

/** An empty folder for the engine to stand in. What anyone put into it is removed. */
export async function emptyFolder(stateDirectory: string): Promise<string> {
  const path = join(stateDirectory, 'empty');
  await makeFolder(path, 0o700);
  for (const name of await readdir(path)) await rm(join(path, name), { recursive: true, force: true });
  return path;
}

async function writable(path: string): Promise<boolean> {
  try {
    await makeFolder(path, 0o700);
    // Permission bits tell little about read-only mounts and quotas: trying does.
    await rm(await mkdtemp(join(path, 'probe-')), { recursive: true });
    return true;
  } catch {
    return false;
  }
}

function userName(): string {
  try {
    return userInfo().username.replace(/[^A-Za-z0-9_-]/g, '_');
  } catch {
    // Containers may run a user id without a name.
    return String(process.getuid?.() ?? 'user');
  }
}
