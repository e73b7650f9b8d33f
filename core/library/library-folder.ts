/** Where the library of this user is. */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

type Env = Readonly<Record<string, string | undefined>>;

export interface LibraryFolder {
  /** Absolute; holds the catalog and its backups. */
  readonly directory: string;
  readonly catalog: string;
  /** A cache of its own beside the catalog; null: the one that everything of this user shares. */
  readonly cacheDirectory: string | null;
}

/**
 * `named` by the user, else ENLARGER_LIBRARY, else where each system keeps the data of applications. Only a library that was named has its cache
 * with it, so that the whole can lie on one disk and be moved there.
 */
export function libraryFolder(
  named: string | null,
  env: Env = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): LibraryFolder {
  const directory = named === null ? usualFolder(env, platform, home) : resolve(named);
  return {
    directory,
    catalog: join(directory, 'catalog.db'),
    cacheDirectory: named === null ? null : join(directory, 'cache'),
  };
}

function usualFolder(env: Env, platform: NodeJS.Platform, home: string): string {
  const override = env['ENLARGER_LIBRARY'];
  if (override !== undefined && override !== '') return resolve(override);
  if (platform === 'win32') return join(env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'enlarger', 'library');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'enlarger');
  const base = env['XDG_DATA_HOME'];
  // The XDG base directory specification: a relative value is to be ignored.
  return join(base?.startsWith('/') === true ? base : join(home, '.local', 'share'), 'enlarger');
}
