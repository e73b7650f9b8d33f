/** Making backups, and taking one back. */
import { copyFileSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EnlargerError } from '../photo/failure.ts';
import {
  backupFolder,
  backupName,
  backupProblem,
  damagedCatalog,
  listBackups,
  newestGoodBackup,
  type BackupFile,
  type BackupReason,
} from './backup-files.ts';
import { rethrow } from './catalog-failure.ts';
import { openConnection, type Connection } from './connection.ts';
import { packWords } from './photo-words.ts';
import { exists, placeFile, syncFolder } from './place-file.ts';

const keptOfAKind = 7;
const dayMs = 24 * 60 * 60 * 1000;
const partPattern = /^catalog-\d+\.part(?:-journal)?$/;

/**
 * Copies the catalog as it is now and reads the whole copy; only then older ones go. Throws `damaged` when the catalog cannot be copied whole,
 * `disk-full` and `not-writable`. Not to be called in a transaction.
 */
export function makeBackup(connection: Connection, reason: BackupReason, nowMs: number): BackupFile {
  const folder = backupFolder(connection.path);
  try {
    mkdirSync(folder, { recursive: true });
    // What a killed program left: whoever holds the catalog is the only one to make backups of it.
    for (const name of readdirSync(folder)) if (partPattern.test(name)) rmSync(join(folder, name));
    const part = join(folder, `catalog-${process.pid}.part`);
    try {
      connection.run('VACUUM INTO ?', part);
      const problem = backupProblem(part);
      if (problem !== null) throw damagedCatalog(connection.path, problem);
      const backup = place(part, folder, reason, nowMs);
      // A log that gets lost later must not take the catalog back behind its backup.
      connection.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      rotate(connection.path);
      return backup;
    } finally {
      rmSync(part, { force: true });
    }
  } catch (error) {
    return rethrow(error, folder, (what) => damagedCatalog(connection.path, what));
  }
}

function place(part: string, folder: string, reason: BackupReason, nowMs: number): BackupFile {
  const { size: bytes } = statSync(part);
  let madeMs = nowMs;
  while (exists(join(folder, backupName(madeMs, reason)))) madeMs += 1;
  const name = backupName(madeMs, reason);
  const path = join(folder, name);
  if (!placeFile(part, path)) throw new EnlargerError('conflict', `Something took the name ${path}. Make the backup again.`);
  return { name, path, bytes, madeMs, reason };
}

/** Keeps the newest seven of those made by themselves and of those asked for, and the newest before each migration. */
function rotate(catalogPath: string): void {
  const seen = new Map<BackupReason, number>();
  for (const { path, reason } of listBackups(catalogPath)) {
    const count = (seen.get(reason) ?? 0) + 1;
    seen.set(reason, count);
    if (count > (reason === 'daily' || reason === 'asked' ? keptOfAKind : 1)) rmSync(path);
  }
}

/**
 * Makes the daily backup when the newest one is a day old and something changed since; returns it, or null. The index of words is packed before:
 * what an import left of it in pieces costs every search.
 */
export function backUpIfDue(connection: Connection, nowMs: number): BackupFile | null {
  const newest = listBackups(connection.path).find(({ reason }) => reason === 'daily');
  if (newest !== undefined) {
    const files = [connection.path, `${connection.path}-wal`];
    const changedMs = Math.max(...files.map((path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0));
    if (nowMs - newest.madeMs < dayMs || changedMs <= newest.madeMs) return null;
  }
  packWords(connection);
  return makeBackup(connection, 'daily', nowMs);
}

export interface Restoration {
  readonly backup: BackupFile;
  /** Where the damaged catalog lies now; null when there was none. */
  readonly aside: string | null;
}

/**
 * Puts the newest good backup in the place of a catalog that is not open. The old file and its log stay beside it under the name
 * `catalog-damaged-<time>.db`. Killed in between, the next call finishes it. Throws `conflict` when the catalog is open, `not-found` without a
 * good backup.
 */
export function restoreBackup(catalogPath: string, nowMs: number): Restoration {
  try {
    refuseWhileOpen(catalogPath);
    const backup = newestGoodBackup(catalogPath);
    if (backup === null) throw new EnlargerError('not-found', `There is no good backup in ${backupFolder(catalogPath)}.`);
    const part = `${catalogPath}.${process.pid}.new`;
    copyFileSync(backup.path, part);
    const aside = moveAside(catalogPath, nowMs);
    if (!placeFile(part, catalogPath)) refuseInUse(catalogPath);
    return { backup, aside };
  } catch (error) {
    return rethrow(error, catalogPath, (what) => damagedCatalog(catalogPath, what));
  }
}

function refuseWhileOpen(catalogPath: string): void {
  if (!exists(catalogPath)) return;
  // Reading only: closing this connection must not write the log of a damaged catalog into it.
  const connection = openConnection(catalogPath, { readOnly: true, damage: (what) => new EnlargerError('damaged', what) });
  try {
    connection.get('PRAGMA schema_version');
  } catch (error) {
    if (error instanceof EnlargerError && error.code === 'conflict') throw error;
    // Whatever else is wrong with it is why it gets replaced.
  } finally {
    connection.close();
  }
}

function refuseInUse(catalogPath: string): never {
  throw new EnlargerError(
    'conflict',
    `Another Enlarger made a library at the same time (${catalogPath}). Look at that one first.`,
  );
}

/** The log goes too: it belongs to the old file, and would be read into the new one. */
function moveAside(catalogPath: string, nowMs: number): string | null {
  const stamp = new Date(nowMs).toISOString().replaceAll(':', '-');
  let aside = join(dirname(catalogPath), `catalog-damaged-${stamp}.db`);
  for (let number = 2; exists(aside) || exists(`${aside}-wal`); number += 1)
    aside = join(dirname(catalogPath), `catalog-damaged-${stamp}-${number}.db`);
  let moved = false;
  for (const suffix of ['', '-wal', '-journal']) {
    if (!exists(catalogPath + suffix)) continue;
    renameSync(catalogPath + suffix, aside + suffix);
    moved = true;
  }
  rmSync(`${catalogPath}-shm`, { force: true });
  syncFolder(dirname(catalogPath));
  return moved ? aside : null;
}
