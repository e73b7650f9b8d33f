/**
 * Keeps the library up to date while the program runs. Events only tell where to look; the disk is asked then. Roots that come and go, and changes
 * that nobody told of, are found by asking now and then.
 */
import type { ScanReport } from '../photo/library-view.ts';
import type { RootRow } from './photo-rows.ts';
import { presentMarker } from './roots.ts';
import type { ScanCatalog, Scanner } from './scan.ts';
import { nodeScanDisk, type ScanDisk } from './scan-disk.ts';
import { watchRoot, type RootWatch } from './watch-root.ts';

export interface WatchOptions {
  readonly catalog: ScanCatalog;
  readonly scanner: Scanner;
  /** Told after each scan of its own. */
  readonly onScanned?: (report: ScanReport) => void;
  /** A scan failed; it is tried again later. */
  readonly onTrouble: (error: unknown) => void;
  readonly disk?: ScanDisk;
  /** Folders of the program's own, without links: nothing is heard of them. */
  readonly ownFolders?: readonly string[];
  /** Quiet time after an event before the disk is asked. Default 400. */
  readonly settleMs?: number;
  /** The disk is asked after this time, even when events never end. Default 2000. */
  readonly patienceMs?: number;
  /** How often it is checked whether roots are there. Default 4000. */
  readonly checkMs?: number;
  /** How often watched roots are scanned as a whole, for what no event told. Default 15 minutes. */
  readonly sweepMs?: number;
}

export interface Watcher {
  /** Roots were added, removed or set to be watched. */
  refresh(): void;
  /** Stops what goes on; nothing is reported afterwards. */
  close(): Promise<void>;
}

/** A root that cannot be listened to is scanned as a whole as often. */
const deafMs = 60_000;

/** After so many events the whole root is scanned: some are certain to be lost. */
const mostHints = 2000;

/** Watches the roots that are set to be watched, and looks after the presence of all. */
export function watchLibrary(options: WatchOptions): Watcher {
  const { catalog, scanner, onScanned = () => undefined, onTrouble, disk = nodeScanDisk } = options;
  const ownFolders = new Set(options.ownFolders);
  const { settleMs = 400, patienceMs = 2000, checkMs = 4000, sweepMs = 15 * 60_000 } = options;
  const watches = new Map<number, RootWatch>();
  const lastMarkers = new Map<number, string | null>();
  const deafUntilMs = new Map<number, number>();
  const hints = new Set<string>();
  const stop = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let firstHintMs = 0;
  let scanning = Promise.resolve();

  const scan = async (): Promise<void> => {
    const paths = [...hints];
    hints.clear();
    timer = undefined;
    if (paths.length === 0) return;
    try {
      onScanned(await scanner.scanPaths(paths, stop.signal));
    } catch (error) {
      if (!stop.signal.aborted) onTrouble(error);
    }
  };
  const hint = (path: string): void => {
    if (stop.signal.aborted) return;
    if (hints.size === 0) firstHintMs = performance.now();
    hints.add(path);
    clearTimeout(timer);
    const leftMs = firstHintMs + patienceMs - performance.now();
    timer = setTimeout(
      () => {
        scanning = scanning.then(scan);
      },
      Math.max(0, Math.min(settleMs, leftMs)),
    ).unref();
  };
  const hintAt = (root: RootRow, path: string | null): void => {
    hint(path === null || hints.size > mostHints ? root.path : path);
  };
  const listen = (root: RootRow): void => {
    try {
      const watch = watchRoot({
        path: root.path,
        isDeep: root.scope === 'tree',
        disk,
        ownFolders,
        onHint: (path) => hintAt(root, path),
        onDeaf: (error) => beDeaf(root.id, error),
      });
      if (!deafUntilMs.has(root.id)) watches.set(root.id, watch);
    } catch (error) {
      beDeaf(root.id, error);
    }
    hint(root.path);
  };
  const beDeaf = (id: number, error: unknown): void => {
    watches.delete(id);
    deafUntilMs.set(id, performance.now() + deafMs);
    onTrouble(error);
  };
  const mayListen = (id: number): boolean => {
    if ((deafUntilMs.get(id) ?? 0) > performance.now()) return false;
    deafUntilMs.delete(id);
    return !watches.has(id);
  };
  const check = (): void => {
    const roots = catalog.photos.roots();
    for (const root of roots) {
      const marker = presentMarker(root.path, disk);
      const isThere = marker !== null && marker === root.marker;
      // A drive may come back with another marker: whether it is the same one, the scan finds out.
      const isNew = lastMarkers.has(root.id) && lastMarkers.get(root.id) !== marker;
      lastMarkers.set(root.id, marker);
      if (isNew || isThere === root.offline) hint(root.path);
      if (!root.watched || !isThere) unlisten(root.id);
      else if (mayListen(root.id)) listen(root);
    }
    for (const id of watches.keys()) if (!roots.some((root) => root.id === id)) unlisten(id);
  };
  const unlisten = (id: number): void => {
    watches.get(id)?.close();
    watches.delete(id);
  };
  const sweep = (): void => {
    for (const root of catalog.photos.roots()) if (root.watched) hint(root.path);
  };
  check();
  const timers = [setInterval(check, checkMs).unref(), setInterval(sweep, sweepMs).unref()];
  return {
    refresh: check,
    async close() {
      stop.abort();
      for (const one of timers) clearInterval(one);
      clearTimeout(timer);
      for (const id of [...watches.keys()]) unlisten(id);
      await scanning;
    },
  };
}
