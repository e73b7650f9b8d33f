/** @file What a build was made from, as one word: another word, and it is stale. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** Folders and files, relative to the repository, that a build of the window depends on. */
const SOURCES = ['renderer', 'core/photo', 'core/api', 'build/renderer', 'build/icons', 'package-lock.json'] as const;

/** The stamp in a build. It has no extension, so that it is no file of the page. */
const STAMP = 'stamp';

/** A hash of name, size and time of every source: a look at some hundred files, nothing is read. */
export function stampOfSources(root: string, sources: readonly string[] = SOURCES): string {
  const hash = createHash('sha256');
  for (const file of sources.flatMap((source) => filesOf(root, source))) {
    const { size, mtimeMs } = statSync(path.join(root, file));
    hash.update(`${file}\0${String(size)}\0${String(mtimeMs)}\0`);
  }
  return hash.digest('hex');
}

/** The stamp of a build, or null when there is none. */
export function stampOfBuild(outDirectory: string): string | null {
  try {
    return readFileSync(path.join(outDirectory, STAMP), 'utf8');
  } catch {
    return null; // Never built, or its folder was taken away: either way it has to be built.
  }
}

/** The path of the stamp in a build. */
export function stampFile(outDirectory: string): string {
  return path.join(outDirectory, STAMP);
}

function filesOf(root: string, source: string): string[] {
  const found = path.join(root, source);
  const stats = statSync(found, { throwIfNoEntry: false });
  if (stats === undefined) return [];
  if (stats.isFile()) return [source];
  return readdirSync(found, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .sort();
}
