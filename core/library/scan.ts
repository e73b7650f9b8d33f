/**
 * Brings the library up to date with the disk. What is reported by others (a watcher, a user) only says where to look; what is true the disk
 * says. Nothing here opens a photo, except for the first bytes of files whose name tells nothing.
 */
import { dirname } from 'node:path';
import { errorCode } from '../disk/file-ops.ts';
import { EnlargerError, type Failure } from '../photo/failure.ts';
import type { ScanReport } from '../photo/library-view.ts';
import type { PhotoRows, RootRow } from './photo-rows.ts';
import { checkRoot } from './roots.ts';
import { nodeScanDisk, type ScanDisk } from './scan-disk.ts';
import { knownFolders } from './scan-folders.ts';
import { admit, photosOf, takeBack, type Admission } from './scan-inputs.ts';
import { createPace } from './scan-pace.ts';
import { newTally, toReport, type ScanTally } from './scan-report.ts';
import { isInside, scanTree, type TreeScan } from './scan-tree.ts';

/** What a scan needs of the catalog. */
export interface ScanCatalog {
  readonly photos: PhotoRows;
  transaction<Value>(work: () => Value): Value;
}

export interface AddOptions {
  /** With subfolders. */
  readonly recursive: boolean;
  /** Keep an eye on the folders from now on. */
  readonly watch: boolean;
  readonly signal?: AbortSignal;
}

export interface AddReport extends ScanReport {
  /** All photos that lie under the paths now, those that were known before too. */
  readonly ids: number[];
  /** What was named and cannot be added. */
  readonly failed: { readonly path: string; readonly failure: Failure }[];
}

export interface Scanner {
  /** All roots. Rejects with the signal's reason when it is aborted; what was found by then stays. */
  scan(signal?: AbortSignal): Promise<ScanReport>;
  /** Only what may have changed: files, or folders with all below. Paths outside the library are left alone. */
  scanPaths(paths: readonly string[], signal?: AbortSignal): Promise<ScanReport>;
  /** Adds folders and files of the user's, named by absolute paths, and scans them. */
  add(paths: readonly string[], options: AddOptions): Promise<AddReport>;
  /** Ends what goes on, and whatever waits for it, as `cancelled`; what was found by then stays. */
  close(): Promise<void>;
}

export interface ScannerOptions {
  readonly disk?: ScanDisk;
  /** Folders of the program's own, without links: what lies in them is never taken for photos. */
  readonly ownFolders?: readonly string[];
  /** Told when a scan begins, every few hundred files, and when it ends; `found`: photos that lie there, so far. */
  readonly onProgress?: (running: boolean, found: number) => void;
}

/** One scan goes on at a time; the next waits. */
export function createScanner(
  catalog: ScanCatalog,
  { disk = nodeScanDisk, ownFolders = [], onProgress = () => undefined }: ScannerOptions = {},
): Scanner {
  const own = { ownFolders, onProgress };
  const closing = new AbortController();
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = async <Value>(work: (tally: ScanTally) => Promise<Value>): Promise<Value> => {
    const turn = last.then(async () => {
      closing.signal.throwIfAborted();
      const tally = newTally();
      onProgress(true, 0);
      try {
        return await work(tally);
      } finally {
        onProgress(false, tally.files);
      }
    });
    last = turn.catch(() => undefined);
    return await turn;
  };
  const until = (signal: AbortSignal | undefined): AbortSignal =>
    signal === undefined ? closing.signal : AbortSignal.any([signal, closing.signal]);
  return {
    scan: (signal) => inTurn((tally) => scanRoots(catalog, disk, { ...own, tally, signal: until(signal) })),
    scanPaths: (paths, signal) => inTurn((tally) => scanRoots(catalog, disk, { ...own, tally, paths, signal: until(signal) })),
    add: (paths, options) =>
      inTurn(async (tally) => {
        const admission = catalog.transaction(() => {
          const admitted = admit(paths, options, catalog.photos, disk);
          takeBack(admitted, catalog.photos);
          return admitted;
        });
        const report = await scanRoots(catalog, disk, { ...own, tally, admission, signal: until(options.signal) });
        catalog.transaction(() => forgetEmptied(admission.renamed, catalog.photos));
        return { ...report, ids: photosOf(admission, catalog.photos), failed: admission.failed };
      }),
    async close() {
      closing.abort(new EnlargerError('cancelled', 'Stopped as asked.'));
      await last;
    },
  };
}

interface Scope {
  readonly tally: ScanTally;
  readonly ownFolders: readonly string[];
  readonly onProgress: NonNullable<ScannerOptions['onProgress']>;
  readonly signal: AbortSignal;
  readonly paths?: readonly string[];
  readonly admission?: Admission;
}

async function scanRoots(catalog: ScanCatalog, disk: ScanDisk, scope: Scope): Promise<ScanReport> {
  const { photos: rows } = catalog;
  const transaction = <Value>(work: () => Value): Value => catalog.transaction(work);
  const { tally, ownFolders, onProgress } = scope;
  const pace = createPace(scope.signal);
  const roots = transaction(() => rows.roots().map((root) => checkRoot(root, rows, disk)));
  const folders = knownFolders(rows, roots);
  for (const root of roots) {
    const only = placesIn(root, scope, disk);
    if (only !== null && only.deep.size + only.shallow.size === 0) continue;
    if (root.offline) {
      tally.offlineRoots.push(root.path);
      continue;
    }
    const otherRoots = roots.filter(({ id, scope: kind }) => id !== root.id && kind === 'tree').map(({ path }) => path);
    const otherTrees = new Set([...otherRoots, ...ownFolders]);
    const named = scope.admission?.named ?? new Map<string, ReadonlySet<string>>();
    const isPresent = await scanTree({
      root,
      rows,
      transaction,
      disk,
      pace,
      tally,
      folders,
      otherTrees,
      named,
      only,
      onSlice: () => onProgress(true, tally.files),
    });
    if (!isPresent) leave(root, rows, disk, tally.offlineRoots);
    else if (only === null || only.deep.has(root.path)) rows.setRoot(root.id, { scannedMs: Date.now() });
  }
  return toReport(tally);
}

/** A root that went away in the middle of its scan. */
function leave(root: RootRow, rows: PhotoRows, disk: ScanDisk, offlineRoots: string[]): void {
  const now = rows.roots().find(({ id }) => id === root.id);
  if (now !== undefined && checkRoot(now, rows, disk).offline) offlineRoots.push(root.path);
}

/** What of a root is to be walked; null: all of it. */
function placesIn(root: RootRow, { paths, admission }: Scope, disk: ScanDisk): TreeScan['only'] {
  if (admission !== undefined) return admission.places.get(root.id) ?? { deep: new Set(), shallow: new Set() };
  if (paths === undefined) return null;
  const deep = new Set<string>();
  const shallow = new Set<string>();
  for (const path of paths) {
    if (path === root.path) return null;
    if (!isInside(path, root.path)) continue;
    shallow.add(dirname(path));
    if (isFolder(path, disk)) deep.add(path);
  }
  return { deep, shallow };
}

function isFolder(path: string, disk: ScanDisk): boolean {
  try {
    return disk.status(path)?.kind === 'folder';
  } catch (error) {
    if (errorCode(error) === '') throw error;
    return false;
  }
}

/** Where was a renamed folder is nothing, once all its photos were found under the new name. */
function forgetEmptied(roots: readonly number[], rows: PhotoRows): void {
  for (const id of roots) if (rows.foldersOf(id).every((folder) => rows.filesIn(folder.id).size === 0)) rows.removeRoot(id);
}
