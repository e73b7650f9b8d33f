/** What `enhance` keeps of its results, apart from any library: there nothing waits for a verdict, and everything may go. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { openCache, type Cache } from '../core/cache/cache.ts';
import { statePath } from '../core/jobs/state-folder.ts';

/** Opens it in a state folder. Throws `not-writable` or `disk-full`. */
export async function openEnhanceCache(stateDirectory: string): Promise<Cache> {
  return await openCache({ directory: folderIn(stateDirectory), limitBytes: null });
}

/** Removes all that no running command uses; returns the bytes. */
export async function emptyEnhanceCache(): Promise<number> {
  const stateDirectory = statePath();
  const isThere = await stat(folderIn(stateDirectory)).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
  if (!isThere) return 0;
  const cache = await openEnhanceCache(stateDirectory);
  try {
    return await cache.clear({ pinned: new Set(), all: true });
  } finally {
    await cache.close();
  }
}

function folderIn(stateDirectory: string): string {
  return join(stateDirectory, 'enhance-cache');
}
