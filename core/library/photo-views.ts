/** One photo: as work needs it, as its own page shows it, and what the user says of it. */
import { failureSchema } from '../photo/failure.ts';
import { photoFactsSchema } from '../photo/facts.ts';
import type { PhotoPage, RootView } from '../photo/library-view.ts';
import { photoDetailsSchema } from '../photo/photo-details.ts';
import type { PhotoRecord } from '../photo/stores.ts';
import { isAway } from './away.ts';
import { list, type Connection } from './connection.ts';
import { filePath } from './file-path.ts';
import { parsed } from './json-column.ts';
import { requirePhotos, summary, summaryColumns, type SummaryColumns } from './photo-list.ts';
import { resultViews } from './result-rows.ts';

export interface PhotoViews {
  get(id: number): PhotoRecord | null;
  /** Throws `not-found`. `isCached`: whether the pixels of a result with this key are there. */
  page(id: number, isCached: (key: string) => boolean): PhotoPage;
  /** Returns how many photos changed. Throws `not-found` for a number that is none's, and changes nothing then. */
  rate(ids: readonly number[], rating: number): number;
  favour(ids: readonly number[], favourite: boolean): number;
  /** The folders that were added, and how many photos each brought. */
  rootViews(): RootView[];
}

interface RecordColumns {
  id: number;
  name: string;
  folder: string;
  facts: string | null;
  details: string | null;
  offline: number;
  failure: string | null;
  album: string | null;
}

const selectRecord = `SELECT p.id, p.name, f.path AS folder, CASE WHEN p.looked THEN t.facts END AS facts, t.details, ${isAway} AS offline, p.failure,
  (SELECT a.name FROM album_photos ap JOIN albums a ON a.id = ap.album_id WHERE ap.photo_id = p.id ORDER BY ap.album_id LIMIT 1) AS album
FROM photos p JOIN folders f ON f.id = p.folder_id LEFT JOIN photo_facts t ON t.photo_id = p.id WHERE p.id = ?`;

export function photoViews(connection: Connection): PhotoViews {
  const get = (id: number): PhotoRecord | null => {
    const row = connection.get<RecordColumns>(selectRecord, id);
    if (row === undefined) return null;
    return {
      id,
      path: filePath(row.folder, row.name),
      name: row.name,
      folder: row.folder,
      facts: parsed(photoFactsSchema, row.facts),
      details: parsed(photoDetailsSchema, row.details),
      offline: row.offline !== 0,
      failure: parsed(failureSchema, row.failure),
      album: row.album,
    };
  };
  /** Changes one column of those photos that have another value in it. */
  const set = (ids: readonly number[], column: 'rating' | 'favourite', value: number): number =>
    connection.transaction(() => {
      requirePhotos(connection, ids);
      const those = 'id IN (SELECT value FROM json_each(?))';
      if (column === 'rating')
        connection.run(`UPDATE photos SET rating_by_user = 1 WHERE ${those} AND rating_by_user = 0`, list(ids));
      return connection.run(`UPDATE photos SET ${column} = ? WHERE ${those} AND ${column} <> ?`, value, list(ids), value).changes;
    });
  return {
    get,
    page(id, isCached) {
      requirePhotos(connection, [id]);
      const columns = connection.get<SummaryColumns>(
        `SELECT ${summaryColumns} FROM photos p JOIN folders f ON f.id = p.folder_id WHERE p.id = ?`,
        id,
      );
      const record = get(id);
      if (columns === undefined || record === null) throw new RangeError(`photo ${id} went away`);
      const albums = connection.all<{ name: string }>(
        'SELECT a.name FROM album_photos ap JOIN albums a ON a.id = ap.album_id WHERE ap.photo_id = ? ORDER BY a.name',
        id,
      );
      const { facts, details, failure } = record;
      const results = resultViews(connection, { photoIds: [id] }, isCached);
      return { ...summary(columns), facts, details, failure, albums: albums.map(({ name }) => name), results };
    },
    rate: (ids, rating) => set(ids, 'rating', rating),
    favour: (ids, favourite) => set(ids, 'favourite', Number(favourite)),
    rootViews: () =>
      connection
        .all<Omit<RootView, 'watched' | 'offline'> & { watched: number; offline: number }>(
          `SELECT r.id, r.path, r.scope, r.watched, r.offline,
            (SELECT count(*) FROM folders f JOIN photos p ON p.folder_id = f.id WHERE f.root_id = r.id) AS photos
          FROM roots r ORDER BY r.path`,
        )
        .map((root) => ({ ...root, watched: root.watched !== 0, offline: root.offline !== 0 })),
  };
}
