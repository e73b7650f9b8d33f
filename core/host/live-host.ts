/**
 * A library that works by itself while the program runs: what a window or a local server opens. It works off the queue, watches folders, looks at
 * photos that nobody looked at yet, and tells all of it as events.
 */
import { basename } from 'node:path';
import type { Client } from '../api/client.ts';
import type { EventValue } from '../api/contract.ts';
import type { Dispatch } from '../api/dispatcher.ts';
import type { Events } from '../api/events.ts';
import type { Grants } from '../api/grants.ts';
import type { Media } from '../api/media.ts';
import { watchLibrary, type Watcher } from '../library/watch.ts';
import { toFailure } from '../photo/failure.ts';
import { openEarlyStarts, type EarlyStarts } from './early-starts.ts';
import { backUpWhenIdle, type IdleBackup } from './idle-backup.ts';
import { openLibraryNews } from './library-news.ts';
import { openLibraryPlace, type HostMeans, type LibraryPlace } from './place.ts';
import { noteRest, type QueueRest, type RestNotes } from './queue-rest.ts';
import type { HostShell } from './shell.ts';

export interface LiveHostOptions {
  /** Folder that the user named, or null for the usual one. */
  readonly library: string | null;
  readonly means: HostMeans;
  readonly shell: HostShell;
}

export interface LiveHost {
  /** The one door for calls that come over a channel: noun, verb, raw parameters. Never rejects. */
  readonly dispatch: Dispatch;
  /** The same for callers in this process. */
  readonly client: Client;
  /** Words for paths that the host got from its user: dialogs, drops, the command line. */
  readonly grants: Grants;
  readonly events: Events;
  /** Pictures by URL, for a protocol or a server. */
  readonly media: Media;
  /** Files or folders that were given from outside, as absolute paths. Windows hear of them by the event `opened`; one that comes later, too. */
  open(paths: readonly string[]): void;
  /** Told each time when the last photo that was asked for is done. Returns its unsubscribe. */
  onQueueIdle(listener: (rest: QueueRest) => void): () => void;
  /** Gives back what runs, makes the backup of the day and lets go of the library. Calling it twice does no harm. */
  close(): Promise<void>;
}

/**
 * Opens it. A queue that was paused stays so. Throws `conflict` while another program has the library, and what opening catalog and cache throw.
 */
export async function openLiveHost({ library, means, shell }: LiveHostOptions): Promise<LiveHost> {
  const rest = noteRest();
  let waiting: EventValue<'opened'>['places'] = [];
  let watcher: Watcher | null = null;
  const place = await openLibraryPlace({
    ...{ library, means, shell },
    besideWindow: true,
    onSettled: (job) => rest.settled(job),
    onRootsChanged: () => watcher?.refresh(),
    waitingPlaces() {
      const places = waiting;
      waiting = [];
      return places.length === 0 ? null : { places };
    },
  });
  const { client, grants, events, media } = place;
  try {
    const life = bringToLife(place, rest, means);
    watcher = life.watcher;
    return {
      ...{ client, grants, events, media },
      dispatch(noun, verb, params) {
        life.backup.asked();
        life.starts.asked(noun, verb);
        return place.dispatch(noun, verb, params);
      },
      open(paths) {
        const places = paths.map((path) => ({ grant: grants.issue(path), name: basename(path), path }));
        if (!events.emit('opened', { places })) waiting = [...waiting, ...places];
      },
      onQueueIdle: (listener) => rest.listen(listener),
      async close() {
        await life.end();
        await place.close();
      },
    };
  } catch (error) {
    await place.close();
    throw error;
  }
}

interface Life {
  readonly watcher: Watcher;
  readonly backup: IdleBackup;
  readonly starts: EarlyStarts;
  end(): Promise<void>;
}

/** Everything that goes on without being asked. */
function bringToLife(place: LibraryPlace, rest: RestNotes, { log }: HostMeans): Life {
  const { events, queue, engines, looker, scanner, ownFolders, catalog } = place;
  const news = openLibraryNews({ catalog, events, onUnlooked: () => looker.wake() });
  const unsubscribe = queue.subscribe((event) => {
    if (event.type === 'status') rest.status(event.status);
  });
  const watcher = watchLibrary({
    ...{ catalog, scanner, ownFolders },
    onTrouble: (error) => log('warn', `a watched folder: ${toFailure(error).message}`),
  });
  const backup = backUpWhenIdle({
    backUp: () => place.backUp(),
    isWorking: () => queue.status().running.length > 0 || looker.progress().fraction < 1,
  });
  const starts = openEarlyStarts(engines);
  queue.start();
  looker.wake();
  return {
    ...{ watcher, backup, starts },
    async end() {
      starts.close();
      backup.close();
      news.close();
      unsubscribe();
      // Together: what the watcher found waits for its turn behind the scan that goes on.
      await Promise.all([scanner.close(), watcher.close()]);
    },
  };
}
