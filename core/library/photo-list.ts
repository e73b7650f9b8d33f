/**
 * Lists of photos. A text or an album names the candidates, of which the best `limit` are kept while all are read; without them the list walks the
 * index of its order, which holds all that can be filtered by. Either way the work is bounded by one pass over short rows. By time of capture, those
 * that tell none come last in either direction: such a list is two, one after the other.
 */
import { EnlargerError } from '../photo/failure.ts';
import type { PhotoChoice, PhotoList, PhotoQuery, PhotoSummary, photoSorts } from '../photo/library-view.ts';
import { hasState, shownState } from './away.ts';
import { list, type Connection, type SqlValue } from './connection.ts';
import { readCursor, writeCursor, type ListPlace } from './cursor.ts';
import { filePath } from './file-path.ts';
import { matchOf } from './photo-words.ts';
import { sortIndex } from './schema.ts';

/** The column that each order is by; the photo's number decides among equals. */
export const sortColumns: Record<(typeof photoSorts)[number], string> = {
  taken: 'taken_ms',
  added: 'added_ms',
  name: 'name',
  bytes: 'file_bytes',
  pixels: 'pixels',
  rating: 'rating',
};

/** A query without what decides the page. */
export type PhotoFilter = Omit<PhotoQuery, 'cursor' | 'limit'>;

export interface PhotoLists {
  /** Throws `not-found` for an unknown album, and for a cursor of another query. */
  list(query: PhotoQuery): PhotoList;
  count(filter: PhotoFilter): number;
  /** Those that there are, in the order asked for. */
  some(ids: readonly number[]): PhotoSummary[];
  /** Photos that a call means, each once: in the order given, of the album, or by time of capture. Throws `not-found` for what is unknown. */
  choose(choice: PhotoChoice): number[];
}

/** Of the photo `p` in the folder `f`. The key of the thumbnail is what `media-sources.ts` makes of the facts. */
export const summaryColumns = `p.id, p.name, f.path AS folder, p.width, p.height, p.file_bytes AS fileBytes, p.taken_at AS takenAt,
  p.rating, p.favourite, ${shownState} AS state, CASE WHEN p.looked THEN
    (SELECT p.sha256 || '-' || json_extract(t.facts, '$.orientation') FROM photo_facts t WHERE t.photo_id = p.id)
  END AS thumbnailKey`;

export interface SummaryColumns extends Omit<PhotoSummary, 'favourite' | 'path'> {
  folder: string;
  favourite: number;
}

export function summary({ folder, favourite, ...columns }: SummaryColumns): PhotoSummary {
  return { ...columns, path: filePath(folder, columns.name), favourite: favourite !== 0 };
}

export function photoLists(connection: Connection): PhotoLists {
  return {
    list: (query) => page(connection, query),
    count: (filter) => {
      const { from, where, values } = selection(connection, filter);
      return connection.get<{ count: number }>(`SELECT count(*) AS count FROM ${from}${where}`, ...values)?.count ?? 0;
    },
    some: (ids) => some(connection, ids),
    choose: (choice) => choose(connection, choice),
  };
}

interface PlacedRow extends SummaryColumns {
  part: number;
  place: number | string;
}

function page(connection: Connection, query: PhotoQuery): PhotoList {
  const after = readCursor(query);
  const rows: PlacedRow[] = [];
  for (const [part, term] of partsOf(query).entries()) {
    const limit = query.limit + 1 - rows.length;
    if (part < (after?.part ?? 0) || limit === 0) continue;
    const found = rowsAfter(connection, query, { term, after: part === after?.part ? after : null, limit });
    rows.push(...found.map((row) => ({ ...row, part })));
  }
  const shown = rows.slice(0, query.limit);
  const last = rows.length > shown.length ? shown.at(-1) : undefined;
  return {
    photos: shown.map(({ part: _part, place: _place, ...columns }) => summary(columns)),
    nextCursor: last === undefined ? null : writeCursor(query, { part: last.part, value: last.place, id: last.id }),
  };
}

/** Terms of SQL by which a list is taken apart; its parts follow each other, each in the order of the query. */
export function partsOf({ sort }: Pick<PhotoFilter, 'sort'>): readonly (string | null)[] {
  return sort === 'taken' ? ['p.undated = 0', 'p.undated = 1'] : [null];
}

interface Stretch extends Part {
  readonly limit: number;
}

function rowsAfter(connection: Connection, query: PhotoQuery, { limit, ...part }: Stretch): Omit<PlacedRow, 'part'>[] {
  const column = sortColumns[query.sort];
  const direction = query.descending ? 'DESC' : 'ASC';
  const { from, where, values } = selection(connection, query, part);
  // What a row shows is read for the chosen ones only.
  return connection.all<Omit<PlacedRow, 'part'>>(
    `SELECT ${summaryColumns}, p.${column} AS place
    FROM (SELECT p.id FROM ${from}${where} ORDER BY p.${column} ${direction}, p.id ${direction} LIMIT ?) AS chosen
    CROSS JOIN photos p ON p.id = chosen.id CROSS JOIN folders f ON f.id = p.folder_id
    ORDER BY p.${column} ${direction}, p.id ${direction}`,
    ...values,
    limit,
  );
}

function some(connection: Connection, ids: readonly number[]): PhotoSummary[] {
  return connection
    .all<SummaryColumns>(
      `SELECT ${summaryColumns} FROM json_each(?) AS wanted CROSS JOIN photos p ON p.id = wanted.value CROSS JOIN folders f ON f.id = p.folder_id
      ORDER BY wanted.key`,
      list(ids),
    )
    .map(summary);
}

export interface Selection {
  readonly from: string;
  readonly where: string;
  readonly values: readonly SqlValue[];
}

export interface Part {
  /** Of `partsOf`. */
  readonly term: string | null;
  /** Only what comes after this place. */
  readonly after?: ListPlace | null;
}

/** What a filter means in SQL: photos `p`, of the whole list or a part of it. Throws `not-found` for an unknown album. */
export function selection(
  connection: Connection,
  filter: PhotoFilter,
  { term: partTerm, after = null }: Part = { term: null },
): Selection {
  const terms: string[] = [];
  const values: SqlValue[] = [];
  const need = (term: string, ...needed: readonly SqlValue[]): void => {
    terms.push(term);
    values.push(...needed);
  };
  const column = sortColumns[filter.sort];
  let from = `photos p INDEXED BY ${sortIndex(column)}`;
  const text = filter.text?.trim() ?? '';
  if (text !== '') {
    const match = matchOf(text);
    from = 'photo_words w CROSS JOIN photos p ON p.id = w.rowid';
    if (match === null) need('0');
    else need('photo_words MATCH ?', match);
  }
  if (filter.album !== undefined) {
    const albumId = requireAlbum(connection, filter.album);
    if (text === '') {
      from = 'album_photos a CROSS JOIN photos p ON p.id = a.photo_id';
      need('a.album_id = ?', albumId);
    } else {
      need('EXISTS (SELECT 1 FROM album_photos a WHERE a.album_id = ? AND a.photo_id = p.id)', albumId);
    }
  }
  if (partTerm !== null) need(partTerm);
  if (after !== null) need(`(p.${column}, p.id) ${filter.descending ? '<' : '>'} (?, ?)`, after.value, after.id);
  if (filter.rootId !== undefined) need('p.folder_id IN (SELECT id FROM folders WHERE root_id = ?)', filter.rootId);
  if (filter.state !== undefined) need(hasState(filter.state), filter.state);
  if (filter.enhanced !== undefined) need('p.enhanced = ?', Number(filter.enhanced));
  if (filter.favourite !== undefined) need('p.favourite = ?', Number(filter.favourite));
  if (filter.minRating !== undefined) need('p.rating >= ?', filter.minRating);
  if (filter.takenFromMs !== undefined) need('p.taken_ms >= ?', filter.takenFromMs);
  if (filter.takenToMs !== undefined) need('p.taken_ms < ?', filter.takenToMs);
  return { from, where: terms.length === 0 ? '' : ` WHERE ${terms.join(' AND ')}`, values };
}

/** Number of the album with this name. Throws `not-found`. */
export function requireAlbum(connection: Connection, name: string): number {
  const album = connection.get<{ id: number }>('SELECT id FROM albums WHERE name = ?', name);
  if (album !== undefined) return album.id;
  throw new EnlargerError('not-found', `There is no album "${name}". "enlarger album list" shows all of them.`);
}

function choose(connection: Connection, choice: PhotoChoice): number[] {
  const ids = (sql: string, ...values: readonly SqlValue[]): number[] =>
    connection.all<{ id: number }>(sql, ...values).map(({ id }) => id);
  if ('ids' in choice) {
    const wanted = [...new Set(choice.ids)];
    requirePhotos(connection, wanted);
    return wanted;
  }
  if ('album' in choice) {
    const albumId = requireAlbum(connection, choice.album);
    return ids('SELECT photo_id AS id FROM album_photos WHERE album_id = ? ORDER BY position', albumId);
  }
  const { from, where, values } = selection(connection, { text: choice.text, sort: 'taken', descending: false });
  return ids(`SELECT p.id FROM ${from}${where} ORDER BY p.undated, p.taken_ms, p.id`, ...values);
}

/** Throws `not-found` when there is no photo with one of these numbers. */
export function requirePhotos(connection: Connection, ids: readonly number[]): void {
  const unknown = connection.get<{ id: number }>(
    'SELECT value AS id FROM json_each(?) WHERE value NOT IN (SELECT id FROM photos) LIMIT 1',
    list(ids),
  );
  if (unknown === undefined) return;
  throw new EnlargerError(
    'not-found',
    `There is no photo with the number ${unknown.id}. "enlarger library list" shows all of them.`,
  );
}
