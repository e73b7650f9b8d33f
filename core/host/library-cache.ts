/** The cache of a library, as large and in the place that its user chose. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { openCache, type Cache } from '../cache/cache.ts';
import { makeChosenPlace } from '../cache/chosen-place.ts';
import type { CacheService } from '../cache/handlers.ts';
import { nodeFileOps } from '../disk/file-ops.ts';
import type { LibraryFolder } from '../library/library-folder.ts';
import type { Settings } from '../library/settings.ts';
import { EnlargerError, toFailure } from '../photo/failure.ts';

const limitKey = 'cache.limit';
const limitSchema = z.object({ limitBytes: z.number().nonnegative() });
const placeKey = 'cache.place';
const placeSchema = z.object({ directory: z.string().nullable() });

export interface LibraryCache extends Pick<CacheService, 'rememberLimit' | 'rememberPlace'> {
  readonly cache: Cache;
}

export interface LibraryCacheOptions {
  readonly folder: LibraryFolder;
  /** From `openStateFolder`. */
  readonly stateDirectory: string;
  readonly settings: Settings;
  /** The path behind a grant. Throws `not-found`. */
  readonly resolve: (grant: string) => string;
  /** Takes a sentence for the user. */
  readonly say: (sentence: string) => void;
}

/** Opens it. A chosen place that cannot be had is told, and the usual one taken until it can. Throws what opening the usual one throws. */
export async function openLibraryCache({
  folder,
  stateDirectory,
  settings,
  resolve,
  say,
}: LibraryCacheOptions): Promise<LibraryCache> {
  const limitBytes = settings.get(limitKey, limitSchema)?.limitBytes ?? null;
  const usual = folder.cacheDirectory ?? join(stateDirectory, 'cache');
  const chosen = settings.get(placeKey, placeSchema)?.directory ?? null;
  const openUsual = (): Promise<Cache> => openCache({ directory: usual, limitBytes });
  const openChosen = async (directory: string): Promise<Cache> => {
    try {
      await requireFolder(directory);
      return await openCache({ directory, limitBytes });
    } catch (error) {
      say(`The folder of the cache cannot be used, so results are kept in ${usual} this time. ${toFailure(error).message}`);
      return await openUsual();
    }
  };
  return {
    cache: await (chosen === null ? openUsual() : openChosen(chosen)),
    rememberLimit: (bytes) => settings.set(limitKey, limitSchema, { limitBytes: bytes }),
    async rememberPlace(grant) {
      const directory = grant === null ? null : await makeChosenPlace(resolve(grant), nodeFileOps);
      settings.set(placeKey, placeSchema, { directory });
    },
  };
}

/** It was made when it was chosen: where it is gone, so is its disk, and what was made in its place would fill another one. */
async function requireFolder(directory: string): Promise<void> {
  const isThere = await stat(directory).then(
    (status) => status.isDirectory(),
    () => false,
  );
  if (isThere) return;
  throw new EnlargerError(
    'not-found',
    `${directory} is not there. Connect its disk, or choose the folder again in the settings.`,
  );
}
