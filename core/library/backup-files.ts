/** Backups as files: `backups/catalog-<time>-<reason>.db` beside the catalog. Each is a whole catalog. */
import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { errorCode } from '../disk/file-ops.ts';
import { EnlargerError } from '../photo/failure.ts';
import { openConnection } from './connection.ts';
import { problemsOf } from './verify.ts';

/** `daily`: made by itself; `asked`: by the user; `before-v2`: before the migration to version 2. */
export type BackupReason = 'daily' | 'asked' | `before-v${number}`;

export interface BackupFile {
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  readonly madeMs: number;
  readonly reason: BackupReason;
}

const namePattern = /^catalog-(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d\.\d{3})Z-(daily|asked|before-v\d+)\.db$/;

export function backupFolder(catalogPath: string): string {
  return join(dirname(catalogPath), 'backups');
}

export function backupName(madeMs: number, reason: BackupReason): string {
  return `catalog-${new Date(madeMs).toISOString().replaceAll(':', '-')}-${reason}.db`;
}

/** The newest first; unchecked. */
export function listBackups(catalogPath: string): BackupFile[] {
  const folder = backupFolder(catalogPath);
  return namesIn(folder)
    .flatMap((name) => {
      const parts = namePattern.exec(name);
      if (parts === null) return [];
      const [, day, hours, minutes, seconds, reason] = parts;
      const path = join(folder, name);
      const madeMs = Date.parse(`${String(day)}T${String(hours)}:${String(minutes)}:${String(seconds)}Z`);
      const bytes = statSync(path, { throwIfNoEntry: false })?.size;
      return bytes === undefined ? [] : [{ name, path, bytes, madeMs, reason: reason as BackupReason }];
    })
    .toSorted((a, b) => b.madeMs - a.madeMs);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/** Why a file is no good backup; null when it is. */
export function backupProblem(path: string): string | null {
  try {
    const connection = openConnection(path, { readOnly: true, damage: (what) => new EnlargerError('damaged', what) });
    try {
      return problemsOf(connection)[0] ?? null;
    } finally {
      connection.close();
    }
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Reads backups from the newest on until one is whole. */
export function newestGoodBackup(catalogPath: string): BackupFile | null {
  return listBackups(catalogPath).find(({ path }) => backupProblem(path) === null) ?? null;
}

/** The error for a catalog whose content is wrong: it says which backup is at hand and how to take it. */
export function damagedCatalog(catalogPath: string, what: string): EnlargerError {
  const backup = newestGoodBackup(catalogPath);
  const name = basename(catalogPath);
  const offer =
    backup === null
      ? `There is no good backup of it. Nothing was changed; move ${name} and the folder "backups" away to begin anew, your photos are not in it.`
      : `Nothing was changed. "enlarger library check --restore" puts the backup ${backup.name} in its place and keeps the damaged file.`;
  return new EnlargerError('damaged', `The library is damaged (${dirname(catalogPath)}: ${what}). ${offer}`);
}
