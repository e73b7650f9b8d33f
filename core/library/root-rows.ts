/** Roots and the folders below them, as rows. */
import type { Connection } from './connection.ts';
import type { FolderRow, PhotoRows, RootRow } from './photo-rows.ts';

interface RootColumns {
  id: number;
  path: string;
  scope: RootRow['scope'];
  watched: number;
  marker: string | null;
  offline: number;
  scannedMs: number | null;
}

const selectRoots = 'SELECT id, path, scope, watched, marker, offline, scanned_ms AS scannedMs FROM roots';
const photosOfRoot = 'folder_id IN (SELECT id FROM folders WHERE root_id = ?)';

function rootRow({ watched, offline, ...columns }: RootColumns): RootRow {
  return { ...columns, watched: watched !== 0, offline: offline !== 0 };
}

type RootRows = Pick<
  PhotoRows,
  'roots' | 'addRoot' | 'setRoot' | 'setRootOffline' | 'removeRoot' | 'ensureFolder' | 'foldersOf' | 'removeEmptyFolder'
>;

export function rootRows(connection: Connection): RootRows {
  const rootByPath = (path: string): RootRow | undefined => {
    const row = connection.get<RootColumns>(`${selectRoots} WHERE path = ?`, path);
    return row && rootRow(row);
  };
  return {
    roots: () => connection.all<RootColumns>(`${selectRoots} ORDER BY id`).map(rootRow),
    addRoot({ path, scope, watched, marker }) {
      const known = rootByPath(path);
      if (known !== undefined) return known;
      const insert = 'INSERT INTO roots (path, scope, watched, marker) VALUES (?, ?, ?, ?)';
      const { lastId } = connection.run(insert, path, scope, Number(watched), marker);
      return { id: lastId, path, scope, watched, marker, offline: false, scannedMs: null };
    },
    setRoot(id, { scope, watched, marker, scannedMs }) {
      connection.transaction(() => {
        if (scope !== undefined) connection.run('UPDATE roots SET scope = ? WHERE id = ?', scope, id);
        if (watched !== undefined) connection.run('UPDATE roots SET watched = ? WHERE id = ?', Number(watched), id);
        if (marker !== undefined) connection.run('UPDATE roots SET marker = ? WHERE id = ?', marker, id);
        if (scannedMs !== undefined) connection.run('UPDATE roots SET scanned_ms = ? WHERE id = ?', scannedMs, id);
      });
    },
    setRootOffline(id, offline) {
      connection.run('UPDATE roots SET offline = ? WHERE id = ?', Number(offline), id);
    },
    removeRoot(id) {
      connection.transaction(() => {
        connection.run(`DELETE FROM photo_words WHERE rowid IN (SELECT id FROM photos WHERE ${photosOfRoot})`, id);
        connection.run(`DELETE FROM photos WHERE ${photosOfRoot}`, id);
        connection.run('DELETE FROM roots WHERE id = ?', id);
      });
    },
    ensureFolder(rootId, path) {
      const known = connection.get<{ id: number }>('SELECT id FROM folders WHERE path = ?', path);
      return known?.id ?? connection.run('INSERT INTO folders (root_id, path) VALUES (?, ?)', rootId, path).lastId;
    },
    foldersOf: (rootId) => connection.all<FolderRow>('SELECT id, path FROM folders WHERE root_id = ? ORDER BY path', rootId),
    removeEmptyFolder(id) {
      connection.run('DELETE FROM folders WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM photos WHERE folder_id = ?1)', id);
    },
  };
}
