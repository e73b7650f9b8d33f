/**
 * The work on a library: its queue with the workers for each kind of job, the scratch folder they share, and what is cleaned up before and after.
 * The host brings catalog, cache and engines, and closes them afterwards.
 */
import type { Handlers, QueueProgress } from '../api/contract.ts';
import type { Cache } from '../cache/cache.ts';
import { nodeFileOps, type FileOps } from '../disk/file-ops.ts';
import { writing } from '../disk/write-failure.ts';
import { jobKinds, type Job, type JobKind, type JobStore } from '../photo/job.ts';
import type { PhotoChoice } from '../photo/library-view.ts';
import type { PhotoStore, ResultStore } from '../photo/stores.ts';
import type { Engine } from './engine-client.ts';
import type { Graphics } from './enhance-render.ts';
import { enhanceWorker, noteOutcome, sparedBy, type EnhanceEvent } from './enhance-worker.ts';
import { openRunPlace, sweep, type RunPlace } from './janitor.ts';
import { mostPlaces, processorAlone, type WorkDevices } from './work-devices.ts';
import type { InstalledModel } from './model-store.ts';
import { queueHandlers, type QueueService } from './queue-handlers.ts';
import { createQueue, type Queue, type QueueLane } from './queue.ts';
import type { Worker } from './queue-worker.ts';
import type { Log } from './spawn-engine.ts';
import { openSpeeds, type Speeds } from './speeds.ts';

export interface SupervisorOptions {
  readonly jobs: JobStore;
  readonly photos: Pick<PhotoStore, 'get'>;
  readonly results: ResultStore;
  /** All that `work` changes in the stores, or nothing. */
  readonly transaction: <Value>(work: () => Value) => Value;
  /** Numbers of the photos that a choice means, in their order. */
  readonly choose: (choice: PhotoChoice) => readonly number[];
  readonly cache: Cache;
  /** Runs networks and encodes, one photo at a time. */
  readonly engine: Engine;
  readonly models: readonly InstalledModel[];
  /** What networks run on. Default: the processor. */
  readonly devices?: WorkDevices;
  /** Where devices other than the processor run them. */
  readonly graphics?: Graphics;
  /** From `openStateFolder`. */
  readonly stateDirectory: string;
  /** The workers of the other kinds. Temp files are made in `place`, which tells a later start of them. */
  readonly workers?: (place: RunPlace) => { readonly export?: Worker; readonly thumbnail?: Worker };
  /** How far looking at new photos is, where that is not done by jobs. */
  readonly looking?: () => QueueProgress;
  /** Reads photos that nobody read yet, and tells what was wrong with some. */
  readonly lookAt?: NonNullable<QueueService['lookAt']>;
  /** Told what is on the screen. */
  readonly onLook?: (photoIds: readonly number[]) => void;
  /** Kinds that are worked on; jobs of others wait. Default: all that have a worker. */
  readonly kinds?: readonly JobKind[];
  readonly files?: FileOps;
  readonly log?: Log;
  readonly onEvent?: (event: EnhanceEvent) => void;
  /** Told of each job that is done, failed or cancelled. */
  readonly onSettled?: (job: Job) => void;
}

export interface Supervisor {
  readonly queue: Queue;
  readonly handlers: Handlers<'queue'>;
  readonly place: RunPlace;
  /** What was measured on this computer, as the next plan will take it. */
  readonly speeds: Speeds;
  /** Gives back what runs, and removes what is left of the work. */
  close(): Promise<void>;
}

/** Of the first lane. An export in it counts as begun, too: the photo that comes after it will want a place. */
const mainKinds: readonly JobKind[] = ['enhance', 'export'];

/** Opens it; nothing is worked on before `queue.start` or `queue.run`. Throws `disk-full` or `not-writable`. */
export async function openSupervisor(options: SupervisorOptions): Promise<Supervisor> {
  const { jobs, photos, results, transaction, choose, cache, engine, models, stateDirectory, log, onEvent } = options;
  const files = options.files ?? nodeFileOps;
  await sweep(stateDirectory, [], files);
  const place = await writing(files, stateDirectory, 0, () => openRunPlace(stateDirectory, files), 'ENLARGER_CACHE');
  const speeds = await openSpeeds(stateDirectory, files);
  const { scratchDirectory } = place;
  const devices = options.devices ?? processorAlone();
  const queued = (): number => jobs.counts(['enhance']).queued;
  const enhance = enhanceWorker({
    ...{ engine, graphics: options.graphics, cache, files, scratchDirectory, photos, results, models, devices, speeds },
    queued,
    ...(options.lookAt === undefined ? {} : { lookAt: options.lookAt }),
    onPlaces: () => queue.wake(),
    ...(onEvent === undefined ? {} : { onEvent }),
  });
  const beside: QueueLane = {
    kinds: ['enhance'],
    mayWork: () => devices.mayBeginBeside(queued(), jobs.counts(mainKinds).running),
  };
  const queue: Queue = createQueue({
    store: jobs,
    lanes: [{ kinds: mainKinds }, ...Array<QueueLane>(mostPlaces - 1).fill(beside), { kinds: ['thumbnail'] }],
    workers: only(options.kinds ?? jobKinds, { enhance, ...options.workers?.(place) }),
    label(job) {
      const photo = job.photoId === null ? null : photos.get(job.photoId);
      return { name: photo?.name ?? '', album: photo?.album ?? null };
    },
    onSettled(job) {
      noteOutcome(results, job);
      options.onSettled?.(job);
    },
    ...(options.looking === undefined ? {} : { looking: options.looking }),
    ...(log === undefined ? {} : { log }),
  });
  const spared = (): ReturnType<typeof sparedBy> => sparedBy(results);
  const { devicesFor, mostAtOnce } = devices;
  const means = { cache, files, scratchDirectory, models, devicesFor, mostAtOnce, speeds, spared };
  return {
    queue,
    handlers: queueHandlers({
      ...{ queue, jobs, photos, results, choose, means, transaction },
      ...(options.lookAt === undefined ? {} : { lookAt: options.lookAt }),
      ...(options.onLook === undefined ? {} : { onLook: options.onLook }),
    }),
    place,
    speeds,
    async close() {
      await queue.stop();
      await speeds.save();
      await place.close();
    },
  };
}

function only(kinds: readonly JobKind[], workers: Partial<Record<JobKind, Worker>>): Partial<Record<JobKind, Worker>> {
  return Object.fromEntries(Object.entries(workers).filter(([kind]) => kinds.some((wanted) => wanted === kind)));
}
