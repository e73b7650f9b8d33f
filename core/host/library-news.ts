/** What changed in the library, told to whoever listens: together, and not more often than anybody can look. */
import type { Events } from '../api/events.ts';
import type { Catalog, CatalogChanges } from '../library/catalog.ts';

export interface LibraryNewsOptions {
  readonly catalog: Pick<Catalog, 'noteChanges'>;
  readonly events: Pick<Events, 'emit'>;
  /** Told with each news that there may be photos that nobody looked at. */
  readonly onUnlooked: () => void;
  /** Least time between two news. Default 250. */
  readonly everyMs?: number;
}

export interface LibraryNews {
  /** Nothing is told afterwards. */
  close(): void;
}

/** The first change is told with the next turn of the event loop, after which it is surely on the disk, and what follows too soon together. */
export function openLibraryNews({ catalog, events, onUnlooked, everyMs = 250 }: LibraryNewsOptions): LibraryNews {
  let toldMs = -Infinity;
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;
  const take: () => CatalogChanges = catalog.noteChanges(() => {
    if (!isClosed) timer = setTimeout(tell, Math.max(0, toldMs + everyMs - performance.now())).unref();
  });
  function tell(): void {
    toldMs = performance.now();
    const { ids, listChanged, unlooked } = take();
    if (ids.length > 0 || listChanged) events.emit('library', { changedIds: [...ids], listChanged });
    if (unlooked) onUnlooked();
  }
  return {
    close() {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}
