/** Albums: named orders of photos. A photo may be in any number of them. */
import { EnlargerError } from '../photo/failure.ts';
import type { AlbumView } from '../photo/library-view.ts';
import { list, type Connection } from './connection.ts';
import { requireAlbum, requirePhotos } from './photo-list.ts';

export interface Albums {
  list(): AlbumView[];
  /** Throws `conflict` when there is one of this name. */
  create(name: string): AlbumView;
  /** Throws `not-found`, and `conflict` when another one has the new name. */
  rename(name: string, to: string): AlbumView;
  /** The photos stay. Throws `not-found`. */
  delete(name: string): void;
  /** Adds at the end, in this order; returns how many were not in it before. Throws `not-found`. */
  add(name: string, photoIds: readonly number[]): number;
  /** Takes photos out; returns how many were in it. Throws `not-found`. */
  remove(name: string, photoIds: readonly number[]): number;
}

const selectAlbums = `SELECT name, (SELECT count(*) FROM album_photos WHERE album_id = id) AS photos, created_ms AS createdMs FROM albums`;

export function albums(connection: Connection, now: () => number): Albums {
  const view = (id: number): AlbumView => {
    const found = connection.get<AlbumView>(`${selectAlbums} WHERE id = ?`, id);
    if (found === undefined) throw new RangeError(`no album ${id}`);
    return { ...found };
  };
  const refuseTwin = (name: string): void => {
    if (connection.get('SELECT 1 FROM albums WHERE name = ?', name) === undefined) return;
    throw new EnlargerError('conflict', `There is an album "${name}" already. Choose another name.`);
  };
  return {
    list: () => connection.all<AlbumView>(`${selectAlbums} ORDER BY name`).map((album) => ({ ...album })),
    create: (name) =>
      connection.transaction(() => {
        refuseTwin(name);
        return view(connection.run('INSERT INTO albums (name, created_ms) VALUES (?, ?)', name, now()).lastId);
      }),
    rename: (name, to) =>
      connection.transaction(() => {
        const id = requireAlbum(connection, name);
        if (to !== name) refuseTwin(to);
        connection.run('UPDATE albums SET name = ? WHERE id = ?', to, id);
        return view(id);
      }),
    delete(name) {
      connection.transaction(() => connection.run('DELETE FROM albums WHERE id = ?', requireAlbum(connection, name)));
    },
    add: (name, photoIds) =>
      connection.transaction(() => {
        const id = requireAlbum(connection, name);
        requirePhotos(connection, photoIds);
        return connection.run(
          `INSERT OR IGNORE INTO album_photos (album_id, photo_id, position)
          SELECT ?1, value, key + (SELECT coalesce(max(position) + 1, 0) FROM album_photos WHERE album_id = ?1) FROM json_each(?2)`,
          id,
          list(photoIds),
        ).changes;
      }),
    remove: (name, photoIds) =>
      connection.transaction(() => {
        const id = requireAlbum(connection, name);
        const remove = 'DELETE FROM album_photos WHERE album_id = ? AND photo_id IN (SELECT value FROM json_each(?))';
        return connection.run(remove, id, list(photoIds)).changes;
      }),
  };
}
