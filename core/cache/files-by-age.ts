/** Small files of a cache folder, the longest unused first. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileOps } from '../disk/file-ops.ts';
import { namesIn, removed } from '../disk/tidy.ts';

export interface AgedFile {
  readonly path: string;
  readonly bytes: number;
  readonly lastUseMs: number;
}

/** Files of a folder whose names match, the oldest first. What goes meanwhile is left out. */
export async function filesByAge(folder: string, pattern: RegExp): Promise<AgedFile[]> {
  const paths = (await namesIn(folder)).filter((name) => pattern.test(name)).map((name) => join(folder, name));
  const found = await Promise.all(
    paths.map(async (path) => {
      const entry = await stat(path).catch(() => null);
      return entry === null ? [] : [{ path, bytes: entry.size, lastUseMs: entry.mtimeMs }];
    }),
  );
  return found.flat().sort((a, b) => a.lastUseMs - b.lastUseMs);
}

export function bytesOf(files: readonly { readonly bytes: number }[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Removes the oldest, but never `kept`, until at most `limitBytes` are left; returns the bytes that are. */
export async function trimFiles(aged: readonly AgedFile[], limitBytes: number, kept: string, ops: FileOps): Promise<number> {
  let bytes = bytesOf(aged);
  for (const file of aged) {
    if (bytes <= limitBytes) break;
    if (file.path !== kept && (await removed(ops.unlink(file.path)))) bytes -= file.bytes;
  }
  return bytes;
}
