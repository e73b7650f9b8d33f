/** Files as rows: where a photo lies, and by what a changed file is known. */
import { isThere } from './away.ts';
import { list, type Connection } from './connection.ts';
import type { FileMove, FileRow, PhotoRows } from './photo-rows.ts';
import { filePath } from './file-path.ts';
import { refreshStates } from './photo-state.ts';
import { photoDetailsSchema } from '../photo/photo-details.ts';
import { parsed } from './json-column.ts';
import { setWords } from './photo-words.ts';

interface FileColumns {
  id: number;
  folderId: number;
  name: string;
  bytes: number;
  /** Text, because nanoseconds are beyond what a number holds. */
  mtimeNs: string;
  inode: string | null;
  sha256: string | null;
  looked: number;
  missing: number;
}

const selectFiles = `SELECT id, folder_id AS folderId, name, file_bytes AS bytes, CAST(mtime_ns AS TEXT) AS mtimeNs, inode, sha256,
  looked, missing FROM photos`;

function fileRow({ bytes, mtimeNs, looked, missing, ...columns }: FileColumns): FileRow {
  return { ...columns, stamp: { bytes, mtimeNs: BigInt(mtimeNs) }, looked: looked !== 0, missing: missing !== 0 };
}

type FileRows = Pick<
  PhotoRows,
  | 'filesIn'
  | 'file'
  | 'bySha256'
  | 'byInode'
  | 'knownInodes'
  | 'presentIn'
  | 'addFiles'
  | 'moveFiles'
  | 'setStamp'
  | 'touch'
  | 'setMissing'
  | 'toLookAt'
  | 'countToLookAt'
  | 'unlooked'
  | 'isUntouched'
  | 'remove'
>;

export function fileRows(connection: Connection): FileRows {
  const files = (where: string, value: string | number): FileRow[] =>
    connection.all<FileColumns>(`${selectFiles} WHERE ${where}`, value).map(fileRow);
  return {
    filesIn: (folderId) => new Map(files('folder_id = ?', folderId).map((file) => [file.name, file])),
    file: (id) => files('id = ?', id)[0] ?? null,
    bySha256: (sha256) => files('sha256 = ? ORDER BY id', sha256),
    byInode: (inode) => files('inode = ? ORDER BY id', inode),
    knownInodes: (inodes) =>
      new Set(
        connection
          .all<{ inode: string }>(
            'SELECT value AS inode FROM json_each(?) WHERE value IN (SELECT inode FROM photos)',
            list(inodes),
          )
          .map(({ inode }) => inode),
      ),
    presentIn: (folderId) =>
      connection
        .all<{ id: number }>('SELECT id FROM photos WHERE folder_id = ? AND missing = 0 ORDER BY name', folderId)
        .map(({ id }) => id),
    addFiles: (folderId, added, addedMs) =>
      connection.transaction(() => {
        const place = placeOf(connection, folderId);
        const insert = `INSERT INTO photos (folder_id, name, file_bytes, mtime_ns, inode, taken_ms, added_ms)
          VALUES (?, ?, ?, ?, ?, ?, ?)`;
        return added.map(({ name, stamp: { bytes, mtimeNs }, inode }) => {
          const takenMs = Number(mtimeNs / 1_000_000n);
          const { lastId } = connection.run(insert, folderId, name, bytes, mtimeNs, inode, takenMs, addedMs);
          setWords(connection, lastId, { ...place, name, details: null });
          return lastId;
        });
      }),
    moveFiles(moves, missingIds = new Set()) {
      connection.transaction(() => {
        // No file name holds a slash: until all have left, nobody takes a name that another one is about to get.
        for (const { id } of moves) connection.run("UPDATE photos SET name = '/' || id WHERE id = ?", id);
        for (const move of moves) placeFile(connection, move, missingIds.has(move.id));
        const ids = moves.map(({ id }) => id);
        refreshStates(connection, ids);
      });
    },
    setStamp(id, { bytes, mtimeNs }, inode) {
      const update = `UPDATE photos SET file_bytes = ?, mtime_ns = ?, inode = ?, looked = 0 WHERE id = ?`;
      connection.run(update, bytes, mtimeNs, inode, id);
    },
    touch(id, { bytes, mtimeNs }, inode) {
      connection.run('UPDATE photos SET file_bytes = ?, mtime_ns = ?, inode = ? WHERE id = ?', bytes, mtimeNs, inode, id);
    },
    setMissing(ids, missing) {
      connection.transaction(() => {
        connection.run('UPDATE photos SET missing = ? WHERE id IN (SELECT value FROM json_each(?))', Number(missing), list(ids));
        refreshStates(connection, ids);
      });
    },
    toLookAt: (limit, afterId = 0) =>
      connection
        .all<{ id: number; folder: string; name: string; bytes: number; mtimeNs: string }>(
          `SELECT p.id, f.path AS folder, p.name, p.file_bytes AS bytes, CAST(p.mtime_ns AS TEXT) AS mtimeNs
          FROM photos p JOIN folders f ON f.id = p.folder_id
          WHERE p.looked = 0 AND ${isThere} AND p.id > ? ORDER BY p.id LIMIT ?`,
          afterId,
          limit,
        )
        .map(({ id, folder, name, bytes, mtimeNs }) => ({
          id,
          path: filePath(folder, name),
          stamp: { bytes, mtimeNs: BigInt(mtimeNs) },
        })),
    countToLookAt: () =>
      connection.get<{ count: number }>(`SELECT count(*) AS count FROM photos p WHERE p.looked = 0 AND ${isThere}`)?.count ?? 0,
    unlooked: (ids) =>
      connection
        .all<{ id: number }>(
          `SELECT p.id FROM json_each(?) AS wanted CROSS JOIN photos p ON p.id = wanted.value
          WHERE p.looked = 0 AND ${isThere} ORDER BY wanted.key`,
          list(ids),
        )
        .map(({ id }) => id),
    isUntouched: (id) =>
      connection.get(
        `SELECT 1 FROM photos p WHERE p.id = ? AND p.rating_by_user = 0 AND p.favourite = 0
          AND NOT EXISTS (SELECT 1 FROM album_photos a WHERE a.photo_id = p.id)
          AND NOT EXISTS (SELECT 1 FROM results r WHERE r.photo_id = p.id)`,
        id,
      ) !== undefined,
    remove: (ids) =>
      connection.transaction(() => {
        connection.run('DELETE FROM photo_words WHERE rowid IN (SELECT value FROM json_each(?))', list(ids));
        return connection.run('DELETE FROM photos WHERE id IN (SELECT value FROM json_each(?))', list(ids)).changes;
      }),
  };
}

interface Place {
  folder: string;
  root: string;
}

function placeOf(connection: Connection, folderId: number): Place {
  const place = connection.get<Place>(
    'SELECT f.path AS folder, r.path AS root FROM folders f JOIN roots r ON r.id = f.root_id WHERE f.id = ?',
    folderId,
  );
  if (place === undefined) throw new RangeError(`no folder ${folderId}`);
  return place;
}

function placeFile(connection: Connection, { id, folderId, name, stamp, inode }: FileMove, missing: boolean): void {
  const place = placeOf(connection, folderId);
  const update = `UPDATE photos SET folder_id = ?, name = ?, missing = ? WHERE id = ?`;
  connection.run(update, folderId, name, Number(missing), id);
  if (stamp !== undefined)
    connection.run('UPDATE photos SET file_bytes = ?, mtime_ns = ? WHERE id = ?', stamp.bytes, stamp.mtimeNs, id);
  if (inode !== undefined) connection.run('UPDATE photos SET inode = ? WHERE id = ?', inode, id);
  const known = connection.get<{ details: string }>('SELECT details FROM photo_facts WHERE photo_id = ?', id);
  setWords(connection, id, { ...place, name, details: parsed(photoDetailsSchema, known?.details ?? null) });
}
