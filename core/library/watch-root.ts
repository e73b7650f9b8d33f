/** Hears of changes below one folder. What is heard is only a hint: events get lost, come late, and name what is gone again. */
import { watch, type FSWatcher } from 'node:fs';
import { basename, join } from 'node:path';
import { errorCode } from '../disk/file-ops.ts';
import { defaultOutputName, isPassedOver } from '../photo/file-names.ts';
import type { ScanDisk } from './scan-disk.ts';
import { createPace } from './scan-pace.ts';
import { isInside } from './scan-tree.ts';

export interface RootWatch {
  close(): void;
}

export interface RootWatchOptions {
  readonly path: string;
  /** With all folders below. */
  readonly isDeep: boolean;
  readonly disk: Pick<ScanDisk, 'list' | 'status'>;
  /** Nothing is heard of these, nor of what lies in them. */
  readonly ownFolders: ReadonlySet<string>;
  /** Something may have changed at this path; null: anywhere. */
  readonly onHint: (path: string | null) => void;
  /** Not everything can be heard of: too many folders for the system, or an error. Nothing is heard of any more then. */
  readonly onDeaf: (error: unknown) => void;
}

/**
 * Linux has no watch for a whole tree: Node imitates one by a watch for each single file, of which a library would take a hundred thousand. A
 * watch for each folder hears the same.
 */
export function watchRoot(options: RootWatchOptions): RootWatch {
  return process.platform === 'linux' ? watchFolders(options) : watchTree(options);
}

function watchTree({ path, isDeep, ownFolders, onHint, onDeaf }: RootWatchOptions): RootWatch {
  const onName = (name: string | null): void => {
    const place = name === null ? null : join(path, name);
    if (place === null || ![...ownFolders].some((folder) => place === folder || isInside(place, folder))) onHint(place);
  };
  return watchOne(path, isDeep, onName, onDeaf);
}

function watchFolders(options: RootWatchOptions): RootWatch {
  const { path: root, isDeep, disk, ownFolders, onHint, onDeaf } = options;
  const watches = new Map<string, RootWatch>();
  const pace = createPace();
  let isClosed = false;
  const close = (): void => {
    isClosed = true;
    for (const one of watches.values()) one.close();
    watches.clear();
  };
  const giveUp = (error: unknown): void => {
    if (isClosed) return;
    close();
    onDeaf(error);
  };
  const forget = (folder: string): void => {
    for (const [path, one] of watches) {
      if (path !== folder && !isInside(path, folder)) continue;
      one.close();
      watches.delete(path);
    }
  };
  const onEvent = (folder: string, name: string | null): void => {
    if (name === null) onHint(null);
    else if (!isPassedOver(name)) {
      const path = join(folder, name);
      if (ownFolders.has(path)) return;
      onHint(path);
      if (!isDeep) return;
      if (watches.has(path)) forget(path);
      if (isWatchable(path, disk)) void enter(path);
    }
  };
  const add = (path: string): readonly string[] => {
    watches.get(path)?.close();
    watches.set(
      path,
      watchOne(path, false, (name) => onEvent(path, name), giveUp),
    );
    const below = isDeep ? disk.list(path).filter(({ name, kind }) => kind === 'folder' && isEntered(name)) : [];
    return below.map(({ name }) => join(path, name)).filter((folder) => !ownFolders.has(folder));
  };
  const enter = async (top: string): Promise<void> => {
    const open = [top];
    for (let path = open.pop(); path !== undefined && !isClosed; path = open.pop()) {
      try {
        open.push(...add(path));
      } catch (error) {
        // A folder that is gone again, or may not be read, has nothing to tell.
        if (path !== root && ['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM'].includes(errorCode(error))) forget(path);
        else giveUp(error);
      }
      if (pace.isOver()) await pace.rest();
    }
  };
  void enter(root);
  return { close };
}

function isEntered(name: string): boolean {
  return !isPassedOver(name) && name !== defaultOutputName;
}

function isWatchable(path: string, disk: RootWatchOptions['disk']): boolean {
  if (!isEntered(basename(path))) return false;
  try {
    return disk.status(path)?.kind === 'folder';
  } catch (error) {
    if (errorCode(error) === '') throw error;
    return false;
  }
}

function watchOne(
  path: string,
  recursive: boolean,
  onEvent: (name: string | null) => void,
  onError: (error: unknown) => void,
): RootWatch {
  const watcher: FSWatcher = watch(path, { recursive, persistent: false });
  watcher.on('change', (_, name) => onEvent(typeof name === 'string' ? name : null));
  watcher.on('error', onError);
  return { close: () => watcher.close() };
}
