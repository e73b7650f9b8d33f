/** Tables of the catalog. Every released version of this text is kept as a migration; see migrations.ts. */

/** "ENLG" in the file's header: says that a SQLite file is a catalog of ours. */
export const applicationId = 0x454e_4c47;

/** What a list can be filtered by, and what its outline shows; every sort index ends with it, so that even a walk through a whole index never touches a row. */
const walked = ['taken_ms', 'rating', 'favourite', 'enhanced', 'state', 'folder_id', 'ratio'];

/** The index that a list sorted by `column` walks. */
export function sortIndex(column: string): string {
  return `photos_by_${column}`;
}

function createSortIndex(column: string): string {
  const [before, after] = column === 'taken_ms' ? [['undated'], ['day']] : [[], []];
  const columns = [...before, column, 'id', ...walked.filter((other) => other !== column), ...after];
  return `CREATE INDEX ${sortIndex(column)} ON photos (${columns.join(', ')});`;
}

/**
 * Paths and names are TEXT with binary comparison: what the disk spells, byte for byte. Times are milliseconds since 1970, times of files
 * nanoseconds. JSON columns hold what the schemas of core/photo describe. What is long lies in `photo_facts`, so that rows that are walked and
 * changed are short. `taken_ms` is the time of the file where the photo tells none, and is `undated`; `day` is the camera's own. `ratio` is width over height in
 * thousandths, 0 where they are not known.
 */
export const schemaV1 = `
CREATE TABLE roots (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  path TEXT NOT NULL UNIQUE,
  scope TEXT NOT NULL CHECK (scope IN ('tree', 'flat', 'named')),
  watched INTEGER NOT NULL DEFAULT 0,
  marker TEXT,
  offline INTEGER NOT NULL DEFAULT 0,
  scanned_ms REAL
) STRICT;

CREATE TABLE folders (
  id INTEGER PRIMARY KEY,
  root_id INTEGER NOT NULL REFERENCES roots ON DELETE CASCADE,
  path TEXT NOT NULL UNIQUE
) STRICT;
CREATE INDEX folders_by_root ON folders (root_id);

CREATE TABLE photos (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  folder_id INTEGER NOT NULL REFERENCES folders,
  name TEXT NOT NULL,
  file_bytes INTEGER NOT NULL,
  mtime_ns INTEGER NOT NULL,
  inode TEXT,
  sha256 TEXT,
  looked INTEGER NOT NULL DEFAULT 0,
  missing INTEGER NOT NULL DEFAULT 0,
  damaged INTEGER NOT NULL DEFAULT 0,
  failure TEXT,
  width INTEGER,
  height INTEGER,
  pixels INTEGER NOT NULL DEFAULT 0,
  taken_at TEXT,
  taken_ms REAL NOT NULL,
  rating INTEGER NOT NULL DEFAULT 0,
  rating_by_user INTEGER NOT NULL DEFAULT 0,
  favourite INTEGER NOT NULL DEFAULT 0,
  thumbnail_bytes INTEGER,
  enhanced INTEGER NOT NULL DEFAULT 0,
  state TEXT NOT NULL DEFAULT 'none' CHECK (
    state IN ('none', 'queued', 'ready', 'accepted', 'rejected', 'exported', 'failed', 'damaged', 'offline')
  ),
  added_ms REAL NOT NULL,
  ratio INTEGER NOT NULL GENERATED ALWAYS AS (CAST(coalesce(max(1, round(1000.0 * width / height)), 0) AS INTEGER)) VIRTUAL,
  day TEXT GENERATED ALWAYS AS (substr(taken_at, 1, 10)) VIRTUAL,
  undated INTEGER NOT NULL GENERATED ALWAYS AS (taken_at IS NULL) VIRTUAL,
  UNIQUE (folder_id, name)
) STRICT;
CREATE INDEX photos_by_sha256 ON photos (sha256) WHERE sha256 IS NOT NULL;
CREATE INDEX photos_by_inode ON photos (inode) WHERE inode IS NOT NULL;
CREATE INDEX photos_to_look_at ON photos (id) WHERE looked = 0;
${['taken_ms', 'added_ms', 'name', 'file_bytes', 'pixels', 'rating'].map(createSortIndex).join('\n')}

CREATE TABLE left_out (
  folder_id INTEGER NOT NULL REFERENCES folders ON DELETE CASCADE,
  name TEXT NOT NULL,
  file_bytes INTEGER NOT NULL,
  mtime_ns INTEGER NOT NULL,
  PRIMARY KEY (folder_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE photo_facts (
  photo_id INTEGER PRIMARY KEY REFERENCES photos ON DELETE CASCADE,
  facts TEXT NOT NULL,
  details TEXT NOT NULL
) STRICT;

CREATE VIRTUAL TABLE photo_words USING fts5 (
  words, content = '', contentless_delete = 1, tokenize = 'ascii', prefix = '1 2 3', detail = none
);

CREATE TABLE albums (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  created_ms REAL NOT NULL
) STRICT;

CREATE TABLE album_photos (
  album_id INTEGER NOT NULL REFERENCES albums ON DELETE CASCADE,
  photo_id INTEGER NOT NULL REFERENCES photos ON DELETE CASCADE,
  position INTEGER NOT NULL,
  PRIMARY KEY (album_id, photo_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX albums_of_photo ON album_photos (photo_id, album_id);
CREATE INDEX photos_of_album ON album_photos (album_id, position);

CREATE TABLE results (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  photo_id INTEGER NOT NULL REFERENCES photos ON DELETE CASCADE,
  recipe TEXT NOT NULL,
  key TEXT NOT NULL,
  source_sha256 TEXT NOT NULL,
  model_id TEXT,
  model_version TEXT,
  model_sha256 TEXT,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  strength REAL,
  state TEXT NOT NULL CHECK (state IN ('pending', 'ready', 'accepted', 'rejected', 'exported')),
  failure TEXT,
  created_ms REAL NOT NULL,
  ready_ms REAL,
  UNIQUE (photo_id, key)
) STRICT;
CREATE INDEX results_by_state ON results (state, id);

CREATE TABLE exports (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  result_id INTEGER NOT NULL REFERENCES results ON DELETE CASCADE,
  key TEXT NOT NULL UNIQUE,
  state TEXT NOT NULL CHECK (state IN ('intent', 'written', 'done')),
  folder TEXT NOT NULL,
  name TEXT NOT NULL,
  settings TEXT NOT NULL,
  output TEXT,
  output_sha256 TEXT,
  output_bytes INTEGER,
  created_ms REAL NOT NULL,
  done_ms REAL
) STRICT;
CREATE INDEX exports_unfinished ON exports (id) WHERE state <> 'done';
CREATE INDEX exports_of_result ON exports (result_id);

CREATE TABLE jobs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL CHECK (kind IN ('enhance', 'export', 'thumbnail')),
  photo_id INTEGER REFERENCES photos ON DELETE CASCADE,
  result_id INTEGER REFERENCES results ON DELETE CASCADE,
  payload TEXT NOT NULL,
  priority INTEGER NOT NULL,
  position INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
  attempts INTEGER NOT NULL DEFAULT 0,
  interruptions INTEGER NOT NULL DEFAULT 0,
  failure TEXT,
  work_pixels INTEGER NOT NULL,
  added_ms REAL NOT NULL,
  settled_ms REAL
) STRICT;
CREATE INDEX jobs_to_do ON jobs (kind, priority DESC, position) WHERE state = 'queued';
CREATE INDEX jobs_by_state ON jobs (state, kind, id);
CREATE INDEX jobs_of_photo ON jobs (photo_id, kind, id);
CREATE INDEX jobs_of_result ON jobs (result_id);

CREATE TABLE settings (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`;
