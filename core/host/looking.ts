/** Looking at photos: at new ones in the background, and at one whose thumbnail is wanted on the screen. */
import type { Cache } from '../cache/cache.ts';
import type { Engine } from '../jobs/engine-client.ts';
import type { Log } from '../jobs/spawn-engine.ts';
import type { Catalog } from '../library/catalog.ts';
import { createImporter, type Importer } from '../library/import.ts';
import { createLooker, type Looker } from '../library/looker.ts';
import { toFailure } from '../photo/failure.ts';
import type { Engines } from './engines.ts';

export interface Looking {
  readonly importer: Importer;
  readonly looker: Looker;
  /** Looks at a photo whose thumbnail left the cache, without waiting for those that are looked at for the first time. */
  readonly makeThumbnail: (photoId: number, signal: AbortSignal) => Promise<void>;
}

export interface LookingOptions {
  readonly catalog: Catalog;
  readonly cache: Pick<Cache, 'thumbnails'>;
  readonly engines: Pick<Engines, 'look' | 'screen'>;
  readonly onProgress: () => void;
  readonly log: Log;
}

export function openLooking({ catalog, cache: { thumbnails }, engines, onProgress, log }: LookingOptions): Looking {
  const importerBy = (engine: Engine): Importer =>
    createImporter({
      ...{ catalog, thumbnails },
      look: async (items, signal) => (await engine.call('look', { items: [...items] }, { signal })).looks,
    });
  const importer = importerBy(engines.look);
  const screenImporter = importerBy(engines.screen);
  return {
    importer,
    looker: createLooker({
      ...{ photos: catalog.photos, importer, onProgress },
      onTrouble: (error) => log('warn', `photos could not be looked at: ${toFailure(error).message}`),
    }),
    async makeThumbnail(photoId, signal) {
      await screenImporter.lookAt([photoId], signal);
    },
  };
}
