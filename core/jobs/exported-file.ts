/** Files that exports made, found again: by name, size and content. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { hashFile } from '../disk/hash-file.ts';
import type { ExportOrder } from '../photo/export-plan.ts';
import { foldName, maxNameBytes, siblingName, type TargetName } from '../photo/output-name.ts';
import type { ExportRecord, ExportStore } from '../photo/stores.ts';
import { shortNameBytes } from './publish.ts';

/** Whether the file of a done export is still there as it was written. */
export async function isStillThere({ output, outputSha256, outputBytes }: ExportRecord): Promise<boolean> {
  return output !== null && (await isFile(output, outputSha256, outputBytes));
}

/**
 * Path of the file that an interrupted export had given its name already, or null. It is the one in its folder that has one of its names and its
 * content, and belongs to no other export.
 */
export async function findWritten(
  record: ExportRecord,
  { name }: ExportOrder,
  exports: Pick<ExportStore, 'byOutput'>,
): Promise<string | null> {
  if (record.state !== 'written') return null;
  const names = await readdir(record.folder).catch(() => []);
  for (const found of names.filter((candidate) => isSibling(candidate, name))) {
    const path = join(record.folder, found);
    if (exports.byOutput(path) === null && (await isFile(path, record.outputSha256, record.outputBytes))) return path;
  }
  return null;
}

/** Whether publishing may have given this name: plain, numbered, or cut for a disk that takes no long ones. */
function isSibling(candidate: string, name: TargetName): boolean {
  const number = Number(/ \((\d{1,6})\)\.[^.]+$/.exec(candidate)?.[1] ?? 0);
  return [maxNameBytes, shortNameBytes].some((maxBytes) =>
    [0, number].some((tried) => foldName(siblingName(name, tried, maxBytes)) === foldName(candidate)),
  );
}

async function isFile(path: string, sha256: string | null, bytes: number | null): Promise<boolean> {
  try {
    const entry = await stat(path);
    return entry.isFile() && entry.size === bytes && (await hashFile(path)) === sha256;
  } catch {
    // Gone, or not to be read: then it is not there for the user either.
    return false;
  }
}
