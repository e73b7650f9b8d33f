/**
 * A name that a result takes on a disk without hard links: an empty file that nobody else can have made, replaced by the result a moment later. A
 * note beside the temp file names it, so that the next start can remove the empty file when the moment was the last one.
 */
import { lstat, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errorCode, type FileOps } from '../disk/file-ops.ts';
import { removed } from '../disk/tidy.ts';

/** Behind the temp file's name; the second form is the note while it is being written. */
export const noteSource = String.raw`\.name(?:\.\d+\.tmp)?`;

export function noteOf(temp: string): string {
  return `${temp}.name`;
}

/** Gives the temp file the name `path` if that is free, and says whether it was. */
export async function takeReserved(files: FileOps, temp: string, path: string): Promise<boolean> {
  // An empty file of somebody else must never be in a note.
  if (await exists(path)) return false;
  await files.writeText(noteOf(temp), basename(path));
  try {
    return await reserve(files, temp, path);
  } finally {
    // What resists goes with the temp file.
    await removed(files.unlink(noteOf(temp)));
  }
}

async function reserve(files: FileOps, temp: string, path: string): Promise<boolean> {
  try {
    await files.createExclusive(path);
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
  try {
    await files.rename(temp, path);
  } catch (error) {
    await files.unlink(path);
    throw error;
  }
  return true;
}

/** Removes the empty file that a dead run's note names; whatever else has that name by now stays. Never rejects. */
export async function releaseReserved(files: FileOps, note: string): Promise<void> {
  const name = await readFile(note, 'utf8').catch(() => '');
  if (name === '' || name.startsWith('.') || basename(name) !== name) return;
  const path = join(dirname(note), name);
  const entry = await lstat(path).catch(() => null);
  if (entry?.isFile() === true && entry.size === 0) await removed(files.unlink(path));
}

async function exists(path: string): Promise<boolean> {
  return await lstat(path).then(
    () => true,
    () => false,
  );
}
