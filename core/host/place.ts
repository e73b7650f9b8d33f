/** A library with all that works on it, put together: composition only. Every host puts it together in this one way. */
import { realpath } from 'node:fs/promises';
import { createClient, type Client } from '../api/client.ts';
import type { AllHandlers, EventValue } from '../api/contract.ts';
import { createDispatcher, type Dispatch } from '../api/dispatcher.ts';
import { createEvents, type Events } from '../api/events.ts';
import { createGrants, type Grants } from '../api/grants.ts';
import { createMedia, type Media } from '../api/media.ts';
import { cacheHandlers } from '../cache/handlers.ts';
import { nodeFileOps } from '../disk/file-ops.ts';
import type { Engine } from '../jobs/engine-client.ts';
import { sparedBy, type EnhanceEvent } from '../jobs/enhance-worker.ts';
import { exportHandlers } from '../jobs/export-handlers.ts';
import type { ExportEvent } from '../jobs/export-worker.ts';
import { openMediaSources } from '../jobs/media-sources.ts';
import { onProcessor } from '../jobs/job-model.ts';
import { guardedGraphics, workDevices } from '../jobs/work-devices.ts';
import { workMemoryBytes } from '../jobs/work-memory.ts';
import type { InstalledModel, ModelStore } from '../jobs/model-store.ts';
import { previewSource } from '../jobs/preview-source.ts';
import type { Queue } from '../jobs/queue.ts';
import type { Log } from '../jobs/spawn-engine.ts';
import { openStateFolder } from '../jobs/state-folder.ts';
import { openSupervisor } from '../jobs/supervisor.ts';
import { openCatalog, type Catalog } from '../library/catalog.ts';
import { albumHandlers, libraryHandlers } from '../library/handlers.ts';
import type { Importer } from '../library/import.ts';
import { libraryFolder } from '../library/library-folder.ts';
import type { Looker } from '../library/looker.ts';
import { reviewHandlers } from '../library/review-handlers.ts';
import { createScanner, type Scanner } from '../library/scan.ts';
import { engineEnv } from '../photo/engine-env.ts';
import { toFailure } from '../photo/failure.ts';
import type { Job, JobKind } from '../photo/job.ts';
import { openEngines, type EngineEnv, type Engines } from './engines.ts';
import { hostHandlers } from './host-handlers.ts';
import { openLibraryCache } from './library-cache.ts';
import { libraryExports } from './library-exports.ts';
import { openLooking } from './looking.ts';
import { measureInTurn } from './measure-in-turn.ts';
import { measuredSpeed } from './measured-speed.ts';
import { deviceHandlers } from './device-handlers.ts';
import { openGraphics } from './graphics.ts';
import { modelHandlers } from './model-handlers.ts';
import { openPreferences } from './preference-store.ts';
import { noShell, type HostShell } from './shell.ts';

export interface LibraryPlace {
  /** Everything that can be asked of the library, by names and raw parameters. */
  readonly dispatch: Dispatch;
  /** The same for callers in this process. */
  readonly client: Client;
  /** Words for paths that came from the user. */
  readonly grants: Grants;
  readonly events: Events;
  readonly media: Media;
  readonly models: readonly InstalledModel[];
  /** For what a host does without being asked: working, looking at photos, watching folders, telling lines. */
  readonly queue: Queue;
  readonly engines: Engines;
  readonly importer: Importer;
  readonly looker: Looker;
  readonly scanner: Scanner;
  /** Folders of the program's own, in which there is nothing to watch. */
  readonly ownFolders: readonly string[];
  readonly catalog: Catalog;
  /** Makes the backup of the day where one is due. One that cannot be made is told and stops nothing: the next time tries again. */
  backUp(): void;
  /** Gives back what runs, makes the backup of the day and lets go of the library. */
  close(): Promise<void>;
}

/** What hosts do each in their own way. */
export interface HostMeans {
  /** An engine that starts its process with its first call. Every process gets the variables of `env` on top of the host's own. */
  newEngine(stateDirectory: string, env: EngineEnv): Promise<Engine>;
  /** The models of this installation and of the user. */
  readModels(): Promise<ModelStore>;
  readonly softwareVersion: string;
  /** Of onnxruntime, or of what pins it: devices are checked again when it changes. */
  readonly runtimeVersion: string;
  /** For what the queue and the engines have to say to developers. */
  readonly log: Log;
  /** Takes a sentence for the user, or for a log. Names of files in it are as they are on the disk. */
  readonly say: (sentence: string) => void;
}

export interface PlaceOptions {
  /** Folder that the user named, or null. */
  readonly library: string | null;
  readonly means: HostMeans;
  /** The program around it. Default: one without a window. */
  readonly shell?: HostShell;
  /** The engines work beside a window: with as many threads as its user allows, and what can wait at lower priority. */
  readonly besideWindow?: boolean;
  /** Kinds of jobs that `queue.run` works on. Default: all. */
  readonly kinds?: readonly JobKind[];
  readonly onEnhance?: (event: EnhanceEvent) => void;
  /** `cached`: its pixels were in the cache, so that no network ran. */
  readonly onExport?: (event: ExportEvent, cached: boolean) => void;
  readonly onSettled?: (job: Job) => void;
  /** Folders were added, forgotten, or are to be watched otherwise. */
  readonly onRootsChanged?: () => void;
  /** What windows that come later have to be told of what was opened from outside. */
  readonly waitingPlaces?: () => EventValue<'opened'> | null;
}

/** Thumbnail jobs that one call of the engine does. */
const thumbnailBatch = 64;
/** Starting an engine again takes about a second, with a network two. */
const restAfterMs = 3 * 60_000;

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
  const { means, shell = noShell, besideWindow = false } = options;
  const { say, softwareVersion } = means;
  const files = nodeFileOps;
  const folder = libraryFolder(options.library);
  const stateDirectory = await openStateFolder();
  const catalog = openCatalog({ path: folder.catalog });
  onClose(() => catalog.close());
  const backUp = (): void => {
    try {
      catalog.backUpIfDue();
    } catch (error) {
      say(`The daily backup of the library could not be made. ${toFailure(error).message}`);
    }
  };
  onClose(backUp);
  const { photos, results, exports, jobs, settings } = catalog;
  const grants = createGrants();
  const resolve = (grant: string): string => grants.resolve(grant);
  const { cache, rememberLimit, rememberPlace } = await openLibraryCache({ folder, stateDirectory, settings, resolve, say });
  onClose(() => cache.close());

  const preferences = openPreferences(settings, (now, before) => {
    events.emit('preferences', now);
    if (besideWindow && now.threads !== before.threads) engines.renew();
  });
  const env = (inBackground: boolean): EngineEnv => {
    return () => (besideWindow ? engineEnv({ threads: preferences.get().threads, inBackground }) : {});
  };
  const engines = await openEngines({
    open: (inBackground) => means.newEngine(stateDirectory, env(inBackground)),
    restAfterMs: besideWindow ? restAfterMs : null,
  });
  onClose(() => engines.close());
  const store = await means.readModels();
  const { models } = store;
  const computing = await openGraphics({
    ...{ stateDirectory, files, processor: engines.network, engine: engines.graphics, second: engines.secondGraphics },
    runtimeVersion: means.runtimeVersion,
    choice: () => preferences.get().device,
  });
  const devices = workDevices(computing.devices, { hasSecond: true });
  const graphics = guardedGraphics(computing, (reason) => {
    say(`${reason} The processor goes on without it.`);
    events.emit('deviceOut', { device: 'webgpu', failure: { code: 'device-failed', message: reason } });
  });
  const networks = { engine: engines.network, models, devices, graphics };

  const { importer, looker, makeThumbnail } = openLooking({
    ...{ catalog, cache, engines, log: means.log },
    onProgress: () => events.emit('queue', queue.status()),
  });
  const supervisor = await openSupervisor({
    ...{ jobs, photos, results, cache, ...networks, stateDirectory, files, log: means.log },
    transaction: (work) => catalog.transaction(work),
    choose: (choice) => photos.choose(choice),
    looking: () => looker.progress(),
    lookAt: (ids) => looker.lookAt(ids),
    onLook: (ids) => looker.prefer(ids),
    ...(options.kinds === undefined ? {} : { kinds: options.kinds }),
    workers: (place) => ({
      export: libraryExports({
        ...{ catalog, cache, ...networks, place, files, softwareVersion },
        onExport: options.onExport,
      }),
      thumbnail: {
        limit: thumbnailBatch,
        work: (batch, signal) =>
          importer.lookAt(
            batch.map(({ photoId }) => photoId ?? 0),
            signal,
          ),
      },
    }),
    ...(options.onEnhance === undefined ? {} : { onEvent: options.onEnhance }),
    ...(options.onSettled === undefined ? {} : { onSettled: options.onSettled }),
  });
  onClose(() => supervisor.close());
  onClose(() => looker.close());
  const { queue, place, speeds } = supervisor;
  const { scratchDirectory } = place;

  const sources = openMediaSources({
    ...{ photos, results, cache, engine: engines.screen, originals: engines.originals, files, scratchDirectory },
    makeThumbnail,
    spared: () => sparedBy(results),
    preview: previewSource({ photos, models, cache, engine: engines.preview, files, scratchDirectory, devicesFor: onProcessor }),
  });
  onClose(() => sources.close());

  let scan: EventValue<'scan'> = { running: false, found: 0 };
  const events = createEvents({
    states: {
      queue: () => queue.status(),
      scan: () => scan,
      preferences: () => preferences.get(),
      opened: () => options.waitingPlaces?.() ?? null,
    },
  });
  const ownFolders = await Promise.all([stateDirectory, cache.directory].map((path) => realpath(path)));
  const scanner = createScanner(catalog, {
    ownFolders,
    onProgress(running, found) {
      scan = { running, found };
      events.emit('scan', scan);
    },
  });
  onClose(() => scanner.close());
  onClose(
    queue.subscribe((event) => {
      if (event.type === 'status') events.emit('queue', event.status);
      else events.emit('job', event.job);
    }),
  );
  const cachedKeys = async (): Promise<ReadonlySet<string>> => new Set(await cache.results.keys());
  const { devicesFor } = devices;
  const measure = measuredSpeed(measureInTurn({ engineOf: computing.engineOf, stateDirectory, queue }), speeds, devicesFor);
  const handlers: AllHandlers = {
    library: libraryHandlers({
      ...{ catalog, scanner, resolve, cachedKeys },
      // Its libraries take as long to load as the first photos to be found.
      ...(besideWindow ? { onAdding: () => engines.look.start() } : {}),
      ...(options.onRootsChanged === undefined ? {} : { onRootsChanged: options.onRootsChanged }),
    }),
    album: albumHandlers(catalog),
    queue: supervisor.handlers,
    review: reviewHandlers({ catalog, cachedKeys }),
    export: exportHandlers({
      ...{ photos, exports, jobs, results, files, resolve, scratchDirectory },
      lookAt: (ids) => looker.lookAt(ids),
      onAdded: () => queue.wake(),
      transaction: (work) => catalog.transaction(work),
      choose: (choice) => photos.choose(choice),
      limits: { encodeMemoryBytes: workMemoryBytes() },
    }),
    cache: cacheHandlers({ cache, pinnedKeys: () => results.pinnedKeys(), rememberLimit, rememberPlace }),
    host: hostHandlers({
      ...{ shell, grants, catalog },
      about: { version: softwareVersion, libraryPath: folder.directory, cachePath: cache.directory },
    }),
    model: modelHandlers({ store, speeds, measure, devicesFor }),
    device: deviceHandlers({ store, devices: computing.devices, speeds, measure }),
    preferences: preferences.handlers,
  };
  const dispatch = createDispatcher(handlers);
  const client = createClient(dispatch);
  return {
    ...{ dispatch, client, grants, events, models, queue, engines, importer, looker, scanner, ownFolders, catalog, backUp },
    media: createMedia(sources),
  };
}
