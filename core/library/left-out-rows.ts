/**
 * Files that the user does not want in the library, though they lie in its folders. They stay out until they are added again by name or with their
 * folder; a file that has changed since is another one.
 */
import type { FileStamp } from '../photo/stores.ts';
import { list, type Connection } from './connection.ts';
import type { PhotoRows } from './photo-rows.ts';

type LeftOutRows = Pick<PhotoRows, 'leaveOut' | 'leftOutOf' | 'takeBack'>;

export function leftOutRows(connection: Connection, remove: PhotoRows['remove']): LeftOutRows {
  return {
    leaveOut: (ids) =>
      connection.transaction(() => {
        connection.run(
          `INSERT OR REPLACE INTO left_out (folder_id, name, file_bytes, mtime_ns)
          SELECT folder_id, name, file_bytes, mtime_ns FROM photos WHERE NOT missing AND id IN (SELECT value FROM json_each(?))`,
          list(ids),
        );
        return remove(ids);
      }),
    leftOutOf: (folderId) =>
      new Map(
        connection
          .all<{ name: string; bytes: number; mtimeNs: string }>(
            'SELECT name, file_bytes AS bytes, CAST(mtime_ns AS TEXT) AS mtimeNs FROM left_out WHERE folder_id = ?',
            folderId,
          )
          .map(({ name, bytes, mtimeNs }): [string, FileStamp] => [name, { bytes, mtimeNs: BigInt(mtimeNs) }]),
      ),
    takeBack(folderId, names) {
      if (names === null) connection.run('DELETE FROM left_out WHERE folder_id = ?', folderId);
      else
        connection.run(
          'DELETE FROM left_out WHERE folder_id = ? AND name IN (SELECT value FROM json_each(?))',
          folderId,
          list([...names]),
        );
    },
  };
}
