/** All roots and folders that the library knows, for the time of one scan. */
import type { RowPlace } from './identity.ts';
import type { FileRow, FolderRow, PhotoRows, RootRow } from './photo-rows.ts';
import { volumeIn } from './root-marker.ts';

export interface KnownFolders {
  idOf(path: string): number | null;
  /** Makes the folder's row when there is none. */
  make(rootId: number, path: string): number;
  of(rootId: number): FolderRow[];
  /**
   * Where a row says that its photo lies. A root that is away cannot be asked, except by files of its own volume: then the folder was renamed, not
   * unplugged.
   */
  placeOf(row: FileRow, askingVolume: string | null): RowPlace | null;
}

/** `roots` as they are now: those that are away have to be known as such. */
export function knownFolders(rows: PhotoRows, roots: readonly RootRow[]): KnownFolders {
  const rootById = new Map(roots.map((root) => [root.id, root]));
  const byId = new Map<number, { readonly path: string; readonly rootId: number }>();
  const byPath = new Map<string, number>();
  const note = (id: number, path: string, rootId: number): void => {
    byId.set(id, { path, rootId });
    byPath.set(path, id);
  };
  for (const root of roots) for (const { id, path } of rows.foldersOf(root.id)) note(id, path, root.id);
  return {
    idOf: (path) => byPath.get(path) ?? null,
    make(rootId, path) {
      const id = rows.ensureFolder(rootId, path);
      note(id, path, rootId);
      return id;
    },
    of: (rootId) => rows.foldersOf(rootId),
    placeOf(row, askingVolume) {
      const folder = byId.get(row.folderId);
      if (folder === undefined) return null;
      const root = rootById.get(folder.rootId);
      if (root === undefined) return null;
      const sameVolume = askingVolume !== null && root.marker !== null && volumeIn(root.marker) === askingVolume;
      return { folder: folder.path, reachable: !root.offline || sameVolume };
    },
  };
}
