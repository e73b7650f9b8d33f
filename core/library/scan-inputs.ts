/** What a user adds becomes roots, as few as can be: a folder within a root that is walked anyway needs none of its own. */
import { basename, dirname, resolve } from 'node:path';
import { errorCode } from '../disk/file-ops.ts';
import { EnlargerError, toFailure, type Failure } from '../photo/failure.ts';
import { unreadableMessage } from '../photo/unreadable.ts';
import type { PhotoRows, RootRow, RootScope } from './photo-rows.ts';
import { presentMarker } from './roots.ts';
import type { ScanDisk } from './scan-disk.ts';
import { isInside, walks, type TreeScan } from './scan-tree.ts';

export interface Admission {
  /** Where to look, by root. */
  readonly places: ReadonlyMap<number, NonNullable<TreeScan['only']>>;
  /** Names of the files that were named, by folder. */
  readonly named: ReadonlyMap<string, ReadonlySet<string>>;
  /** Folders that were named, as their root spells them. */
  readonly folders: readonly { readonly path: string; readonly recursive: boolean }[];
  /** Roots that lie under another name now. Without photos left they are nothing any more. */
  readonly renamed: readonly number[];
  readonly failed: { readonly path: string; readonly failure: Failure }[];
}

export interface AdmitOptions {
  readonly recursive: boolean;
  readonly watch: boolean;
}

/** Records the roots that `paths` need; to be called inside a transaction. What cannot be added is told, the rest goes on. */
export function admit(paths: readonly string[], options: AdmitOptions, rows: PhotoRows, disk: ScanDisk): Admission {
  const places = new Map<number, { deep: Set<string>; shallow: Set<string> }>();
  const placeIn = (rootId: number): { deep: Set<string>; shallow: Set<string> } => {
    const place = places.get(rootId) ?? { deep: new Set(), shallow: new Set() };
    places.set(rootId, place);
    return place;
  };
  const named = new Map<string, Set<string>>();
  const folders: { path: string; recursive: boolean }[] = [];
  const renamed: number[] = [];
  const failed: { path: string; failure: Failure }[] = [];
  for (const path of paths) {
    try {
      const input = readInput(path, options.recursive, disk);
      const { root, folder, formerly } = rootFor(input, options.watch, rows, disk);
      if (formerly !== null) renamed.push(formerly);
      if (input.scope === 'tree') {
        placeIn(root.id).deep.add(folder);
        for (const below of rows.roots()) if (isInside(below.path, folder)) placeIn(below.id).deep.add(below.path);
      } else placeIn(root.id).shallow.add(folder);
      if (input.name === null) folders.push({ path: folder, recursive: options.recursive });
      else named.set(folder, (named.get(folder) ?? new Set()).add(input.name));
    } catch (error) {
      failed.push({ path, failure: inputFailure(error, path) });
    }
  }
  return { places, named, folders, renamed, failed };
}

interface Input {
  readonly folder: string;
  /** Of a file; null for a folder. */
  readonly name: string | null;
  readonly scope: RootScope;
  readonly marker: string;
}

function readInput(path: string, recursive: boolean, disk: ScanDisk): Input {
  const real = disk.realPath(resolve(path));
  const kind = disk.status(real)?.kind;
  if (kind !== 'file' && kind !== 'folder')
    throw new EnlargerError('not-a-photo', 'This is no regular file. Name a photo or a folder.');
  const folder = kind === 'file' ? dirname(real) : real;
  disk.tryList(folder);
  const marker = presentMarker(folder, disk);
  if (marker === null) throw new EnlargerError('not-found', 'The folder went away. Check that its disk is connected.');
  const scope = kind === 'file' ? 'named' : recursive ? 'tree' : 'flat';
  return { folder, name: kind === 'file' ? basename(real) : null, scope, marker };
}

interface Home {
  readonly root: RootRow;
  /** The input's folder as the root spells it. */
  readonly folder: string;
  /** A root that this very folder was under another name. */
  readonly formerly: number | null;
}

/** The root that an input belongs to, made or widened where it must be. */
function rootFor(input: Input, watch: boolean, rows: PhotoRows, disk: ScanDisk): Home {
  const roots = rows.roots();
  const { folder, scope, marker } = input;
  const trees = new Set(roots.filter((root) => root.scope === 'tree').map(({ path }) => path));
  const around = roots.find((root) => isInside(folder, root.path) && walks({ root, otherTrees: trees }, folder));
  if (around !== undefined) return { root: widen(around, around.scope, watch, rows), folder, formerly: null };
  const own = roots.find(({ path }) => path === folder);
  if (own !== undefined) {
    // By naming it the user says that this is the folder, whatever was there before; of an empty one he cannot mean that.
    if (own.marker !== marker && disk.list(folder).length > 0) rows.setRoot(own.id, { marker });
    return { root: widen(own, scope, watch, rows), folder, formerly: null };
  }
  const twin = roots.find((root) => root.marker === marker);
  if (twin !== undefined && presentMarker(twin.path, disk) === marker)
    return { root: widen(twin, scope, watch, rows), folder: twin.path, formerly: null };
  const root = rows.addRoot({ path: folder, scope, watched: watch || twin?.watched === true, marker });
  // Roots below are walked by themselves; this one is for all that is in them.
  if (scope === 'tree') for (const below of roots) if (isInside(below.path, folder)) widen(below, 'tree', watch, rows);
  return { root, folder, formerly: twin?.id ?? null };
}

const breadth: readonly RootScope[] = ['named', 'flat', 'tree'];

function widen(root: RootRow, to: RootScope, watch: boolean, rows: PhotoRows): RootRow {
  const scope = breadth.indexOf(to) > breadth.indexOf(root.scope) ? to : root.scope;
  const watched = root.watched || watch;
  if (scope !== root.scope || watched !== root.watched) rows.setRoot(root.id, { scope, watched });
  return { ...root, scope, watched };
}

function inputFailure(error: unknown, path: string): Failure {
  const message = unreadableMessage(errorCode(error), path);
  return message === null ? toFailure(error) : { code: 'not-found', message };
}

/** What the user adds again need not stay out any more. To be called inside a transaction. */
export function takeBack({ named, folders }: Admission, rows: PhotoRows): void {
  for (const root of rows.roots()) {
    for (const folder of rows.foldersOf(root.id)) {
      const isWhole = folders.some(({ path, recursive }) => folder.path === path || (recursive && isInside(folder.path, path)));
      const names = named.get(folder.path);
      if (isWhole) rows.takeBack(folder.id, null);
      else if (names !== undefined) rows.takeBack(folder.id, names);
    }
  }
}

/** The photos that lie under what was added, by the rows as they are after the scan. */
export function photosOf({ named, folders }: Admission, rows: PhotoRows): number[] {
  const ids = new Set<number>();
  for (const root of rows.roots()) {
    for (const folder of rows.foldersOf(root.id)) {
      const names = named.get(folder.path);
      const isWhole = folders.some(({ path, recursive }) => folder.path === path || (recursive && isInside(folder.path, path)));
      if (names === undefined && !isWhole) continue;
      if (isWhole) for (const id of rows.presentIn(folder.id)) ids.add(id);
      else for (const row of rows.filesIn(folder.id).values()) if (!row.missing && names?.has(row.name) === true) ids.add(row.id);
    }
  }
  return [...ids].sort((a, b) => a - b);
}
