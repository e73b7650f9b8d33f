/** Walks one root and makes its rows right, slice by slice. */
import { basename, dirname, join, sep } from 'node:path';
import { errorCode } from '../disk/file-ops.ts';
import { defaultOutputName, isPassedOver } from '../photo/file-names.ts';
import type { PhotoRows, RootRow } from './photo-rows.ts';
import { volumeIn } from './root-marker.ts';
import { presentMarker } from './roots.ts';
import { addLeftover, compareFolder, type Leftover } from './scan-compare.ts';
import type { ScanDisk } from './scan-disk.ts';
import type { KnownFolders } from './scan-folders.ts';
import { listFolder, unreadableReason, type Listing, type Skip } from './scan-listing.ts';
import type { Pace } from './scan-pace.ts';
import type { ScanTally } from './scan-report.ts';

export interface TreeScan {
  /** Checked a moment ago: it is there. */
  readonly root: RootRow;
  readonly rows: PhotoRows;
  readonly transaction: <Value>(work: () => Value) => Value;
  readonly disk: ScanDisk;
  readonly pace: Pace;
  readonly tally: ScanTally;
  readonly folders: KnownFolders;
  /** Other roots with their subfolders, each of which is walked by itself, and folders of the program's own. */
  readonly otherTrees: ReadonlySet<string>;
  /** Files that the user named, by their folder: taken, whatever they are called. */
  readonly named: ReadonlyMap<string, ReadonlySet<string>>;
  /** Folders to walk, with all below; and folders of which only new subfolders are. Null: the whole root. */
  readonly only: { readonly deep: ReadonlySet<string>; readonly shallow: ReadonlySet<string> } | null;
  /** Told each time when something was written down. */
  readonly onSlice: () => void;
}

/** So many files are compared in one transaction, and a folder is never divided; of a large one, what is new is recorded bit by bit. */
const sliceFiles = 150;

/** Walks the root. False when it went away meanwhile; then nothing was lost. */
export async function scanTree(scan: TreeScan): Promise<boolean> {
  const walk = newWalk(scan);
  let slice: Listing[] = [];
  let files = 0;
  const finish = async (): Promise<boolean> => {
    let left = writeSlice(slice, walk);
    slice = [];
    files = 0;
    for (; left !== null; left = writeLeftovers(left, walk)) {
      scan.onSlice();
      if (left.length === 0) return true;
      await scan.pace.rest();
    }
    return false;
  };
  for (let next = walk.queue.pop(); next !== undefined; next = walk.queue.pop()) {
    const listing = await visit(next, walk);
    if (listing === null) continue;
    slice.push(listing);
    files += listing.files.size + 1;
    if (files < sliceFiles) continue;
    if (!(await finish())) return false;
    if (scan.pace.isOver()) await scan.pace.rest();
  }
  if (!(await finish())) return false;
  return loseFolders(walk);
}

interface Walk extends TreeScan {
  readonly queue: { readonly path: string; readonly isDeep: boolean }[];
  /** Names of the subfolders of each folder that was listed. */
  readonly listed: Map<string, ReadonlySet<string>>;
  /** Folders by device and file number: one that is mounted in two places is walked once. */
  readonly identities: Map<string, string>;
}

function newWalk(scan: TreeScan): Walk {
  const { root, only } = scan;
  const deep = only === null ? [root.path] : [...only.deep];
  const shallow = only === null ? [] : [...only.shallow].filter((path) => !only.deep.has(path));
  // The last goes first: what is walked with all below it must not have been listed alone before.
  const queue = [...shallow.map((path) => ({ path, isDeep: false })), ...deep.map((path) => ({ path, isDeep: true }))].filter(
    ({ path }) => walks(scan, path),
  );
  return { ...scan, queue, listed: new Map(), identities: new Map() };
}

/** Whether a walk of the root comes by a folder. */
export function walks(scan: Pick<TreeScan, 'root' | 'otherTrees'>, folder: string): boolean {
  const { path, scope } = scan.root;
  if (folder === path) return true;
  if (scope !== 'tree' || !isInside(folder, path)) return false;
  const parent = dirname(folder);
  return isEntered(basename(folder)) && !scan.otherTrees.has(folder) && walks(scan, parent);
}

export function isInside(path: string, folder: string): boolean {
  return path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

function isEntered(name: string): boolean {
  return !isPassedOver(name) && name !== defaultOutputName;
}

async function visit({ path, isDeep }: Walk['queue'][number], walk: Walk): Promise<Listing | null> {
  const { disk, pace, tally, root, listed, queue } = walk;
  const skip: Skip = (skipped, reason) => void tally.skipped.push({ path: skipped, reason });
  if (listed.has(path)) return null;
  try {
    const twin = twinOf(path, walk);
    if (twin !== null && twin !== path) {
      skip(path, { code: 'same-folder', twin });
      return null;
    }
    const listing = await listFolder(disk, path, pace, skip);
    listed.set(path, new Set(listing.folders));
    if (root.scope === 'tree')
      for (const name of listing.folders.toSorted().reverse()) enter(join(path, name), name, isDeep, walk, skip);
    return listing;
  } catch (error) {
    const code = errorCode(error);
    if (code === '') throw error;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') skip(path, unreadableReason(code, path));
    // Whether the folder is gone, the one above it knows.
    else if (walks(walk, dirname(path))) queue.push({ path: dirname(path), isDeep: false });
    return null;
  }
}

function enter(path: string, name: string, isDeep: boolean, walk: Walk, skip: Skip): void {
  if (walk.otherTrees.has(path)) return;
  if (name === defaultOutputName) skip(path, { code: 'earlier-results' });
  else if (isDeep || walk.folders.idOf(path) === null) walk.queue.push({ path, isDeep: true });
}

/** The path under which this very folder was walked already. */
function twinOf(path: string, { disk, identities }: Walk): string | null {
  const status = disk.status(path);
  // Some network disks number nothing.
  if (status === null || status.inode === 0n) return null;
  const identity = `${String(status.device)}:${String(status.inode)}`;
  const twin = identities.get(identity) ?? null;
  if (twin === null) identities.set(identity, path);
  return twin;
}

/** Whether the very root that was checked lies there still, and the library still has it. */
function isThere({ root, rows, disk }: Walk): boolean {
  return presentMarker(root.path, disk) === root.marker && rows.roots().some(({ id }) => id === root.id);
}

/** What is left to be recorded of these folders; null when the root went away. */
function writeSlice(slice: readonly Listing[], walk: Walk): readonly Leftover[] | null {
  const { root, rows, disk, tally, folders, named } = walk;
  // What was listed before a drive went away may already be what lies under its mount point: asked after, not before.
  if (!isThere(walk)) return null;
  const left: Leftover[] = [];
  const volume = root.marker === null ? null : volumeIn(root.marker);
  const skip: Skip = (path, reason) => void tally.skipped.push({ path, reason });
  walk.transaction(() => {
    for (const listing of slice) {
      const foreign = new Map<string, number>();
      const leftover = compareFolder(listing, {
        rows,
        tally,
        search: { rows, disk, placeOf: (row) => folders.placeOf(row, volume) },
        wanted: {
          disk,
          named: named.get(listing.folder) ?? new Set(),
          takesOthers: root.scope !== 'named',
          skip,
          onForeign: (extension) => foreign.set(extension, (foreign.get(extension) ?? 0) + 1),
        },
        folderId: folders.idOf(listing.folder),
        makeFolder: () => folders.make(root.id, listing.folder),
      });
      if (leftover !== null) left.push(leftover);
      if (foreign.size > 0) {
        const formats = [...foreign].map(([extension, count]) => ({ extension, count }));
        skip(listing.folder, { code: 'foreign-formats', formats });
      }
    }
  });
  return left;
}

function writeLeftovers([first, ...others]: readonly Leftover[], walk: Walk): readonly Leftover[] | null {
  if (!isThere(walk)) return null;
  if (first === undefined) return others;
  const left = walk.transaction(() => addLeftover(first, walk));
  return left === null ? others : [left, ...others];
}

/** Photos in folders that are no more. */
function loseFolders(walk: Walk): boolean {
  const { root, rows, tally, folders } = walk;
  const gone = folders.of(root.id).filter(({ path }) => isGone(path, walk));
  if (gone.length === 0) return true;
  if (!isThere(walk)) return false;
  walk.transaction(() => {
    for (const { id } of gone) {
      const left = [...rows.filesIn(id).values()];
      const lost = left.filter((row) => !row.missing).map((row) => row.id);
      if (lost.length > 0) rows.setMissing(lost, true);
      for (const photo of lost) tally.lost.add(photo);
      if (left.length === 0) rows.removeEmptyFolder(id);
    }
  });
  return true;
}

/** Only what was seen says that a folder is gone: the folder above it was listed, and had it not. */
function isGone(path: string, walk: Walk): boolean {
  if (path === walk.root.path || walk.listed.has(path)) return false;
  const parent = dirname(path);
  const siblings = walk.listed.get(parent);
  if (siblings !== undefined) return !siblings.has(basename(path)) && isEntered(basename(path));
  return isInside(path, walk.root.path) && isGone(parent, walk);
}
