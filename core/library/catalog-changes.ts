/**
 * What a list or a page would show otherwise now, whoever changed it: the catalog itself notes it, by triggers that live as long as the connection.
 * So no part of the program has to remember to tell.
 */
import { list, type Connection } from './connection.ts';

export interface CatalogChanges {
  /** Photos whose summary or page changed. */
  readonly ids: readonly number[];
  /** Photos, albums or roots came or went, or photos have another place in an order that does not follow from verdicts, ratings and states. */
  readonly listChanged: boolean;
  /** There may be photos that nobody looked at. */
  readonly unlooked: boolean;
}

/**
 * Begins to note. `onNoted` is called with the first change after each taking, from within the statement that makes it: it must not use the
 * catalog. Returns what takes the changes; a change that was rolled back may be among them.
 */
export function noteChanges(connection: Connection, onNoted: () => void): () => CatalogChanges {
  let ids = new Set<number>();
  let rootIds = new Set<number>();
  let listChanged = false;
  let unlooked = false;
  let isNoted = false;
  const noted = (): void => {
    if (isNoted) return;
    isNoted = true;
    onNoted();
  };
  connection.define('note_change', (id, list, look) => {
    if (typeof id === 'number') ids.add(id);
    listChanged ||= list === 1;
    unlooked ||= look === 1;
    noted();
  });
  connection.define('note_root', (id) => {
    if (typeof id === 'number') rootIds.add(id);
    listChanged = unlooked = true;
    noted();
  });
  connection.exec(triggers);
  return () => {
    const ofRoots = rootIds.size === 0 ? [] : photosOfRoots(connection, [...rootIds]);
    const changes = { ids: [...new Set([...ids, ...ofRoots])], listChanged, unlooked };
    ids = new Set();
    rootIds = new Set();
    listChanged = unlooked = isNoted = false;
    return changes;
  };
}

/** As one text: a hundred thousand rows that become objects one by one take ten times as long. */
function photosOfRoots(connection: Connection, rootIds: readonly number[]): number[] {
  const row = connection.get<{ ids: string }>(
    `SELECT json_group_array(p.id) AS ids FROM folders f JOIN photos p ON p.folder_id = f.id
    WHERE f.root_id IN (SELECT value FROM json_each(?))`,
    list(rootIds),
  );
  return JSON.parse(row?.ids ?? '[]') as number[];
}

/** Columns of a photo that decide its place in a list, or its shape there. */
const ordering = ['name', 'file_bytes', 'pixels', 'width', 'height', 'taken_ms', 'taken_at'];
/** Others that are seen in a list or on the photo's page. */
const shown = ['folder_id', 'looked', 'missing', 'damaged', 'failure', 'rating', 'favourite', 'enhanced', 'state', 'sha256'];
/** With a change of these, a photo that was not looked at may be one that can be now. */
const reaching = ['looked', 'missing', 'file_bytes', 'mtime_ns', 'folder_id', 'name'];

function differs(columns: readonly string[]): string {
  return `(${columns.map((column) => `old.${column} IS NOT new.${column}`).join(' OR ')})`;
}

/** What each says: the photo's number, whether lists changed, whether there may be something to look at. */
const triggers = `
CREATE TEMP TRIGGER note_photo_added AFTER INSERT ON main.photos BEGIN SELECT note_change(new.id, 1, NOT new.looked); END;
CREATE TEMP TRIGGER note_photo_removed AFTER DELETE ON main.photos BEGIN SELECT note_change(old.id, 1, 0); END;
CREATE TEMP TRIGGER note_photo AFTER UPDATE ON main.photos WHEN ${differs([...ordering, ...shown, 'mtime_ns'])} BEGIN
  SELECT note_change(
    CASE WHEN ${differs([...ordering, ...shown])} THEN new.id END, ${differs(ordering)}, NOT new.looked AND ${differs(reaching)}
  );
END;
CREATE TEMP TRIGGER note_result_added AFTER INSERT ON main.results BEGIN SELECT note_change(new.photo_id, 0, 0); END;
CREATE TEMP TRIGGER note_result_removed AFTER DELETE ON main.results BEGIN SELECT note_change(old.photo_id, 0, 0); END;
CREATE TEMP TRIGGER note_result AFTER UPDATE ON main.results BEGIN SELECT note_change(new.photo_id, 0, 0); END;
CREATE TEMP TRIGGER note_collected AFTER INSERT ON main.album_photos BEGIN SELECT note_change(new.photo_id, 1, 0); END;
CREATE TEMP TRIGGER note_discarded AFTER DELETE ON main.album_photos BEGIN SELECT note_change(old.photo_id, 1, 0); END;
CREATE TEMP TRIGGER note_album_added AFTER INSERT ON main.albums BEGIN SELECT note_change(NULL, 1, 0); END;
CREATE TEMP TRIGGER note_album_removed AFTER DELETE ON main.albums BEGIN SELECT note_change(NULL, 1, 0); END;
CREATE TEMP TRIGGER note_album AFTER UPDATE ON main.albums BEGIN
  SELECT note_change(NULL, 1, 0);
  SELECT note_change(photo_id, 1, 0) FROM main.album_photos WHERE album_id = new.id;
END;
CREATE TEMP TRIGGER note_root_added AFTER INSERT ON main.roots BEGIN SELECT note_change(NULL, 1, 0); END;
CREATE TEMP TRIGGER note_root_removed AFTER DELETE ON main.roots BEGIN SELECT note_change(NULL, 1, 0); END;
CREATE TEMP TRIGGER note_root AFTER UPDATE OF path, scope, watched ON main.roots BEGIN SELECT note_change(NULL, 1, 0); END;
CREATE TEMP TRIGGER note_root_away AFTER UPDATE OF offline ON main.roots WHEN new.offline <> old.offline BEGIN SELECT note_root(new.id); END;
`;
