/** Removes from a cache folder what dead runs left there. Nothing goes but what carries our own strict names. */
import { join } from 'node:path';
import type { FileOps } from '../disk/file-ops.ts';
import { isRun, mayLive, readJournals } from '../disk/runs.ts';
import { namesIn, removed } from '../disk/tidy.ts';
import type { CachePlace } from './cache-place.ts';
import { leasePattern } from './leases.ts';
import { draftPattern } from './run-drafts.ts';

/** Returns how many things went. What cannot be removed now is left for the next time. Never rejects. */
export async function sweepCache(place: CachePlace, files: FileOps): Promise<number> {
  const journals = await readJournals(place.runs);
  const known = new Map(journals.map(({ run, alive }) => [run, alive]));
  const isDead = (run: string | undefined): boolean => run !== undefined && isRun(run) && !(known.get(run) ?? mayLive(run));
  let count = 0;
  const remaining = new Set<string>();
  for (const name of await namesIn(place.drafts)) {
    const run = draftPattern.exec(name)?.[1];
    if (run === undefined || !isDead(run)) continue;
    if (await removed(files.removeTree(join(place.drafts, name)))) count += 1;
    else remaining.add(run);
  }
  for (const name of await namesIn(place.leases)) {
    const run = leasePattern.exec(name)?.[2];
    if (isDead(run) && (await removed(files.unlink(join(place.leases, name))))) count += 1;
  }
  // A journal goes last, so that whatever resisted is still known to be of a dead run.
  for (const { run, path, alive } of journals) {
    if (!alive && !remaining.has(run) && (await removed(files.unlink(path)))) count += 1;
  }
  return count;
}
