/** A library with all that works on it, put together: composition only. A window would put the same together in the same way. */
import { join } from 'node:path';
import { createClient, type Client } from '../core/api/client.ts';
import { contract, type AllHandlers } from '../core/api/contract.ts';
import { createDispatcher } from '../core/api/dispatcher.ts';
import { createEvents, type Events } from '../core/api/events.ts';
import { createGrants, type Grants } from '../core/api/grants.ts';
import { createMedia, type Media } from '../core/api/media.ts';
import { openCache, type Cache } from '../core/cache/cache.ts';
import { cacheHandlers } from '../core/cache/handlers.ts';
import { nodeFileOps, type FileOps } from '../core/disk/file-ops.ts';
import type { Engine } from '../core/jobs/engine-client.ts';
import { sparedBy, type EnhanceEvent } from '../core/jobs/enhance-worker.ts';
import { exportHandlers } from '../core/jobs/export-handlers.ts';
import { exportWorker, type ExportEvent } from '../core/jobs/export-worker.ts';
import type { RunPlace } from '../core/jobs/janitor.ts';
import { openMediaSources } from '../core/jobs/media-sources.ts';
import type { InstalledModel } from '../core/jobs/model-store.ts';
import type { Queue } from '../core/jobs/queue.ts';
import type { SingleWorker } from '../core/jobs/queue-worker.ts';
import { previewSource } from '../core/jobs/preview-source.ts';
import { renderAgain } from '../core/jobs/render-again.ts';
import { encodeMemoryBytes } from '../core/jobs/run-plan.ts';
import { openStateFolder } from '../core/jobs/state-folder.ts';
import { openSupervisor } from '../core/jobs/supervisor.ts';
import { openCatalog, type Catalog } from '../core/library/catalog.ts';
import { albumHandlers, libraryHandlers } from '../core/library/handlers.ts';
import { createImporter, type Importer } from '../core/library/import.ts';
import { libraryFolder } from '../core/library/library-folder.ts';
import { libraryOriginals } from '../core/library/originals.ts';
import { reviewHandlers } from '../core/library/review-handlers.ts';
import { createScanner } from '../core/library/scan.ts';
import { toFailure } from '../core/photo/failure.ts';
import type { Job, JobKind } from '../core/photo/job.ts';
import { escapeControls } from './text.ts';
import { softwareVersion } from './version.ts';
import { engineLog, installedModels, newEngine, tellModelProblems, type Say } from './workplace.ts';

export interface LibraryPlace {
  /** Everything that can be asked of the library. */
  readonly client: Client;
  /** Words for paths that came from the user. */
  readonly grants: Grants;
  readonly events: Events;
  readonly media: Media;
  readonly models: readonly InstalledModel[];
  /** For what a host does without being asked: working, looking at photos, telling lines. */
  readonly queue: Queue;
  readonly importer: Importer;
  readonly catalog: Pick<Catalog, 'photos' | 'exports'>;
  /** Gives back what runs, makes the backup of the day and lets go of the library. */
  close(): Promise<void>;
}

export interface PlaceOptions {
  /** Folder that the user named, or null. */
  readonly library: string | null;
  readonly say: Say;
  /** Kinds of jobs that `queue.run` works on. Default: all. */
  readonly kinds?: readonly JobKind[];
  readonly onEnhance?: (event: EnhanceEvent) => void;
  /** `cached`: its pixels were in the cache, so that no network ran. */
  readonly onExport?: (event: ExportEvent, cached: boolean) => void;
  readonly onSettled?: (job: Job) => void;
}

/** Thumbnail jobs that one call of the engine does. */
const thumbnailBatch = 64;
const limitKey = 'cache.limit';
const limitSchema = contract.cache.setLimit.params;

/** Opens it. Throws `conflict` while another program has the library, and what opening catalog and cache throw. */
export async function openLibraryPlace(options: PlaceOptions): Promise<LibraryPlace> {
  const closing: (() => unknown)[] = [];
  const close = async (): Promise<void> => {
    const troubles: unknown[] = [];
    for (const step of closing.splice(0).reverse()) {
      try {
        await step();
      } catch (error) {
        troubles.push(error);
      }
    }
    if (troubles.length > 0) throw troubles[0];
  };
  try {
    return { ...(await open(options, (step) => closing.push(step))), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function open(options: PlaceOptions, onClose: (step: () => unknown) => void): Promise<Omit<LibraryPlace, 'close'>> {
  const { say } = options;
  const files = nodeFileOps;
  const folder = libraryFolder(options.library);
  const stateDirectory = await openStateFolder();
  const catalog = openCatalog({ path: folder.catalog });
  onClose(() => catalog.close());
  onClose(() => backUp(catalog, say));
  const { photos, results, exports, jobs } = catalog;
  const limitBytes = catalog.settings.get(limitKey, limitSchema)?.limitBytes ?? null;
  const cache = await openCache({ directory: folder.cacheDirectory ?? join(stateDirectory, 'cache'), limitBytes });
  onClose(() => cache.close());

  const log = engineLog(say);
  const engine = await newEngine(stateDirectory, log);
  onClose(() => engine.close());
  // Tiles and thumbnails must not wait for a photo that is in the network.
  const lightEngine = await newEngine(stateDirectory, log);
  onClose(() => lightEngine.close());
  const previewEngine = await newEngine(stateDirectory, log);
  onClose(() => previewEngine.close());
  const store = await installedModels();
  tellModelProblems(say, store);
  const { models } = store;

  const importer = createImporter({
    catalog,
    look: async (items, signal) => (await lightEngine.call('look', { items: [...items] }, { signal })).looks,
    thumbnails: cache.thumbnails,
  });
  const supervisor = await openSupervisor({
    ...{ jobs, photos, results, cache, engine, models, stateDirectory, log, files },
    transaction: (work) => catalog.transaction(work),
    choose: (choice) => photos.choose(choice),
    ...(options.kinds === undefined ? {} : { kinds: options.kinds }),
    workers: (place) => ({
      export: libraryExports({ catalog, cache, engine, models, place, files }, options.onExport),
      thumbnail: {
        limit: thumbnailBatch,
        work: async (batch, signal) => {
          const ids = batch.map(({ photoId }) => photoId ?? 0);
          return await importer.lookAt(ids, signal);
        },
      },
    }),
    ...(options.onEnhance === undefined ? {} : { onEvent: options.onEnhance }),
    ...(options.onSettled === undefined ? {} : { onSettled: options.onSettled }),
  });
  onClose(() => supervisor.close());
  const { queue, place } = supervisor;

  const sources = openMediaSources({
    ...{ photos, results, cache, engine: lightEngine, files, scratchDirectory: place.scratchDirectory },
    spared: () => sparedBy(results),
    preview: previewSource({
      ...{ photos, models, cache, engine: previewEngine, files, scratchDirectory: place.scratchDirectory },
      device: 'cpu',
    }),
    async makeThumbnail(photoId, signal) {
      await importer.lookAt([photoId], signal);
    },
  });
  onClose(() => sources.close());

  const grants = createGrants();
  const events = createEvents({ states: { queue: () => queue.status() } });
  onClose(
    queue.subscribe((event) => {
      if (event.type === 'status') events.emit('queue', event.status);
      else events.emit('job', event.job);
    }),
  );
  const onChanged = (changedIds: readonly number[]): void => {
    events.emit('library', { changedIds: [...changedIds] });
  };
  const cachedKeys = async (): Promise<ReadonlySet<string>> => new Set(await cache.results.keys());
  const resolve = (grant: string): string => grants.resolve(grant);
  const handlers: AllHandlers = {
    library: libraryHandlers({ catalog, scanner: createScanner(catalog), resolve, cachedKeys, onChanged }),
    album: albumHandlers(catalog),
    queue: supervisor.handlers,
    review: reviewHandlers({ catalog, cachedKeys, onChanged }),
    export: exportHandlers({
      ...{ photos, exports, jobs, results, files, resolve, scratchDirectory: place.scratchDirectory },
      onAdded: () => queue.wake(),
      transaction: (work) => catalog.transaction(work),
      choose: (choice) => photos.choose(choice),
      limits: { encodeMemoryBytes: encodeMemoryBytes() },
    }),
    cache: cacheHandlers({
      cache,
      pinnedKeys: () => results.pinnedKeys(),
      rememberLimit: (bytes) => catalog.settings.set(limitKey, limitSchema, { limitBytes: bytes }),
    }),
  };
  const client = createClient(createDispatcher(handlers));
  return { client, grants, events, media: createMedia(sources), models, queue, importer, catalog };
}

interface ExportMeans {
  readonly catalog: Catalog;
  readonly cache: Cache;
  readonly engine: Engine;
  readonly models: readonly InstalledModel[];
  readonly place: RunPlace;
  readonly files: FileOps;
}

function libraryExports(means: ExportMeans, onExport: PlaceOptions['onExport']): SingleWorker {
  const { catalog, cache, engine, models, place, files } = means;
  const { photos, results, exports } = catalog;
  const { scratchDirectory } = place;
  const render = renderAgain({ engine, cache, files, scratchDirectory, results, models, device: 'cpu' });
  const renderedIds = new Set<number>();
  return exportWorker({
    ...{ engine, files, place, exports, photos, results, cache },
    originals: libraryOriginals(catalog),
    async render(result, photo, how) {
      const rendered = await render(result, photo, how);
      if (rendered.work !== null) renderedIds.add(result.id);
      return rendered;
    },
    softwareVersion: softwareVersion(),
    onEvent: (event) => onExport?.(event, !renderedIds.delete(event.result.id)),
  });
}

/** A backup that cannot be made is told and stops nothing: the next command tries again. */
function backUp(catalog: Catalog, say: Say): void {
  try {
    catalog.backUpIfDue();
  } catch (error) {
    say(`enlarger: The daily backup of the library could not be made. ${escapeControls(toFailure(error).message)}`);
  }
}
