/** Opening the file of a catalog: what is not ours, too new or damaged is refused as it is, and nothing is begun anew without being asked. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { EnlargerError } from '../photo/failure.ts';
import { damagedCatalog, listBackups, newestGoodBackup } from './backup-files.ts';
import { makeBackup } from './backup.ts';
import { rethrow } from './catalog-failure.ts';
import { openConnection, type Connection } from './connection.ts';
import { latestVersion, migrate, versionOf, type Migration } from './migrations.ts';
import { bytesOf, exists, placeFile } from './place-file.ts';
import { applicationId } from './schema.ts';
import { identityOf, quickProblem } from './verify.ts';

/** Older ones can corrupt a file that has a write-ahead log (sqlite.org/wal.html, "the WAL-reset bug"). */
const oldestSqlite = [3, 51, 3] as const;
/** Another process may just be looking whether it may open the file. */
const lockTimeoutMs = 500;
/** SQLite takes anything shorter for a database without tables. */
const smallestPageBytes = 512;
/** Up to here a file is read through when it is opened; that takes about 4 ms a megabyte. */
const readThroughBytes = 64 * 1024 * 1024;

/** Opens, makes or brings up to date. Throws `conflict`, `damaged` with an offer, `unsupported-format`, `disk-full`, `not-writable`. */
export function openCatalogFile(path: string, migrations: readonly Migration[], now: () => number): Connection {
  const damage = (what: string): EnlargerError => damagedCatalog(path, what);
  requireSqlite();
  try {
    mkdirSync(dirname(path), { recursive: true });
    if (bytesOf(path) === null) create(path, migrations);
    if ((bytesOf(path) ?? 0) < smallestPageBytes) throw damage('it is empty');
    if ((bytesOf(`${path}-wal`) ?? 0) > 0) inspectWithLog(path, migrations);
    const connection = openConnection(path, { lockTimeoutMs, damage });
    try {
      prepare(connection, migrations, now);
      removeLeftovers(path);
      return connection;
    } catch (error) {
      connection.close();
      throw error;
    }
  } catch (error) {
    return rethrow(error, path, damage);
  }
}

/** A catalog that is gone when it is closed: nothing of it is ever on a disk. */
export function openCatalogInMemory(migrations: readonly Migration[]): Connection {
  requireSqlite();
  const connection = openConnection(':memory:', { damage: (what) => new EnlargerError('damaged', what) });
  fill(connection, migrations);
  return connection;
}

function requireSqlite(): void {
  const version = process.versions['sqlite'] ?? '';
  if (!isAtLeast(version, oldestSqlite)) {
    const message = `This Node carries SQLite ${version}, which can damage a library. Use the Node of package-lock.json.`;
    throw new EnlargerError('internal', message);
  }
}

function isAtLeast(version: string, oldest: readonly number[]): boolean {
  const parts = version.split('.').map(Number);
  for (const [index, wanted] of oldest.entries()) {
    const part = parts[index] ?? 0;
    if (part !== wanted) return part > wanted;
  }
  return true;
}

/** Under a temporary name, so that a catalog is whole from the first moment and an empty file is always a damaged one. */
function create(path: string, migrations: readonly Migration[]): void {
  if (exists(`${path}-wal`) || listBackups(path).length > 0) throw damagedCatalog(path, `${basename(path)} is missing`);
  const temp = `${path}.${process.pid}-${randomBytes(4).toString('hex')}.new`;
  try {
    const connection = openConnection(temp, { damage: (what) => new EnlargerError('damaged', what) });
    try {
      fill(connection, migrations);
    } finally {
      connection.close();
    }
    placeFile(temp, path);
  } catch (error) {
    // Another process made one at the same time, and tidied ours away: that is the one to open.
    if (!exists(path)) throw error;
  }
}

function fill(connection: Connection, migrations: readonly Migration[]): void {
  connection.exec(`PRAGMA application_id = ${applicationId}`);
  migrate(connection, migrations, () => undefined);
}

/**
 * After an unclean end the log holds changes. A connection that may write would put them into the file when it is closed, even if they turn out to be
 * foreign or broken: so it is read by one that cannot.
 */
function inspectWithLog(path: string, migrations: readonly Migration[]): void {
  const options = { readOnly: true, lockTimeoutMs, damage: (what: string) => damagedCatalog(path, what) };
  const connection = openConnection(path, options);
  try {
    inspect(connection, migrations);
  } finally {
    connection.close();
  }
}

function inspect(connection: Connection, migrations: readonly Migration[]): void {
  const { path } = connection;
  if (identityOf(connection) !== applicationId) {
    if (newestGoodBackup(path) !== null) throw damagedCatalog(path, 'its header is wrong');
    throw new EnlargerError(
      'unsupported-format',
      `${path} is not a catalog of Enlarger and was not touched. Choose another folder with --library.`,
    );
  }
  const version = versionOf(connection);
  const latest = latestVersion(migrations);
  if (version > latest) {
    throw new EnlargerError(
      'unsupported-format',
      `This library was made by a newer Enlarger (version ${version} of the catalog, this one knows ${latest}). It was not touched. Update Enlarger.`,
    );
  }
  if (version < 1) throw damagedCatalog(path, 'its header is wrong');
  const bytes = bytesOf(path) ?? 0;
  const problem = bytes <= readThroughBytes ? quickProblem(connection) : null;
  if (problem !== null) throw damagedCatalog(path, problem);
}

/** From here on the file is ours alone: the lock is the system's, and goes with the process however that ends. */
function prepare(connection: Connection, migrations: readonly Migration[], now: () => number): void {
  connection.exec('PRAGMA locking_mode = EXCLUSIVE');
  inspect(connection, migrations);
  const mode = connection.get<{ mode: string }>('PRAGMA journal_mode = WAL');
  if (Object.values(mode ?? {})[0] !== 'wal') {
    const message = `The disk of the library cannot keep a log (${connection.path}). Choose another folder with --library.`;
    throw new EnlargerError('not-writable', message);
  }
  connection.exec('PRAGMA synchronous = FULL');
  connection.exec('PRAGMA foreign_keys = ON');
  connection.exec('PRAGMA cache_size = -65536');
  connection.exec('PRAGMA journal_size_limit = 67108864');
  // Reading took the lock already, but for writing only this shows that the disk lets us.
  connection.transaction(() => undefined);
  if (versionOf(connection) === latestVersion(migrations)) return;
  migrate(connection, migrations, (version) => makeBackup(connection, `before-v${version}`, now()));
  // An older program that looks at the file alone is to see the new version.
  connection.exec('PRAGMA wal_checkpoint(TRUNCATE)');
}

/** Shared memory of a reader, and catalogs that were never finished. */
function removeLeftovers(path: string): void {
  rmSync(`${path}-shm`, { force: true });
  const unfinished = `${basename(path)}.`;
  for (const name of readdirSync(dirname(path)))
    if (name.startsWith(unfinished) && /\.new(?:-journal)?$/.test(name)) rmSync(join(dirname(path), name), { force: true });
}
