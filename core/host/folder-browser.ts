/**
 * Folders as a window without the system's dialog sees them: those that the program was started with, and what lies in them. Nothing else can be
 * reached: no link is followed, a name cannot lead elsewhere, and what is hidden stays so.
 */
import { mkdir, readdir, realpath } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import type { Grants } from '../api/grants.ts';
import type { FolderView, PlaceView } from '../api/host-views.ts';
import { errorCode } from '../disk/file-ops.ts';
import { EnlargerError } from '../photo/failure.ts';
import { extensionOf, isPassedOver, readableExtensions } from '../photo/file-names.ts';
import { legalStem, maxNameBytes } from '../photo/output-name.ts';
import { unreadableMessage } from '../photo/unreadable.ts';

export interface FolderBrowser {
  /** What lies in a folder; null: where everything begins. Throws `not-found` for what is outside, gone or unreadable. */
  browse(folder: string | null): Promise<FolderView>;
  /** Makes a folder in another one. Throws `not-found`, `conflict` when there is something of this name, `not-writable`. */
  makeFolder(folder: string, name: string): Promise<PlaceView>;
  /** Whether a path leads into one of the roots; with no roots at all, everything does. */
  allows(path: string): Promise<boolean>;
}

/** `roots` are absolute paths; they are asked anew each time, because disks come and go. */
export function createFolderBrowser(roots: readonly string[], grants: Pick<Grants, 'issue'>): FolderBrowser {
  const place = (path: string): PlaceView => ({ grant: grants.issue(path), name: basename(path) || path, path });
  const presentRoots = async (): Promise<string[]> => {
    const real = await Promise.all(roots.map((root) => realpath(root).catch(() => null)));
    return [...new Set(real.filter((path) => path !== null))];
  };
  /** The folder without links, and the root that it is in. */
  const enter = async (folder: string): Promise<{ readonly path: string; readonly root: string }> => {
    // Node refuses a zero byte by an error of its own; what lies behind one has hidden from such checks before.
    const path = folder.includes('\0') ? null : await reading(folder, () => realpath(folder));
    const root = path === null ? undefined : (await presentRoots()).find((candidate) => isWithin(path, candidate));
    if (path === null || root === undefined)
      throw new EnlargerError('not-found', 'This folder is not among those that can be browsed here.');
    return { path, root };
  };
  return {
    async browse(folder) {
      if (folder === null)
        return { folder: null, parents: [], folders: (await presentRoots()).toSorted(byName).map(place), photos: 0 };
      const { path, root } = await enter(folder);
      const entries = (await reading(path, () => readdir(path, { withFileTypes: true }))).filter(
        ({ name }) => !isPassedOver(name),
      );
      const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
      const photos = entries.filter((entry) => entry.isFile() && readableExtensions.has(extensionOf(entry.name).toLowerCase()));
      return {
        folder: place(path),
        parents: pathsDownTo(path, root).map(place),
        folders: folders.toSorted(byName).map((name) => place(join(path, name))),
        photos: photos.length,
      };
    },
    async makeFolder(folder, name) {
      requirePlainName(name);
      const { path } = await enter(folder);
      const made = join(path, name);
      try {
        await mkdir(made);
      } catch (error) {
        throw makingFailure(error);
      }
      return place(made);
    },
    async allows(path) {
      if (roots.length === 0) return true;
      const real = await realpath(path).catch(() => null);
      return real !== null && (await presentRoots()).some((root) => isWithin(real, root));
    },
  };
}

/** Both without links. `/data-evil` is not within `/data`. */
function isWithin(path: string, root: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);
}

/** Of the folders above `path`, from `root` on. */
function pathsDownTo(path: string, root: string): string[] {
  if (path === root) return [];
  const parent = dirname(path);
  return [...pathsDownTo(parent, root), parent];
}

function byName(a: string, b: string): number {
  return a.localeCompare(b, undefined, { numeric: true });
}

async function reading<Value>(path: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    const message = unreadableMessage(errorCode(error), path);
    if (message === null) throw error;
    throw new EnlargerError('not-found', message, { cause: error });
  }
}

/** One part of a path that every system takes, and that the browser would show. */
function requirePlainName(name: string): void {
  const isPlain = legalStem(name) === name && Buffer.byteLength(name) <= maxNameBytes && !isPassedOver(name);
  if (isPlain) return;
  throw new EnlargerError(
    'not-writable',
    'A folder cannot have this name. Use letters, digits and spaces, without a dot at the beginning.',
  );
}

function makingFailure(error: unknown): unknown {
  switch (errorCode(error)) {
    case 'EEXIST':
      return new EnlargerError('conflict', 'There is a file or folder of this name already. Choose another name.', {
        cause: error,
      });
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new EnlargerError('not-writable', 'No folder can be made here. Choose another place.', { cause: error });
    case 'ENOSPC':
    case 'EDQUOT':
      return new EnlargerError('disk-full', 'The disk is full. Make room or choose another place.', { cause: error });
    case 'ENOENT':
    case 'ENOTDIR':
      return new EnlargerError('not-found', 'The folder went away. Check that its disk is connected.', { cause: error });
    default:
      return error;
  }
}
