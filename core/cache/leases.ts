/**
 * Who is using which result, across processes: an empty file for each use, named by result and run. Whoever wants to remove a result to make
 * room says so by such a file first and only then looks whether it is used; whoever wants to use it says so first and only then looks whether
 * it is about to go. So of two that come at once at least one sees the other. What a dead run said means nothing and is swept.
 */
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { FileOps } from '../disk/file-ops.ts';
import { livingRuns, runSource } from '../disk/runs.ts';
import { namesIn, removed } from '../disk/tidy.ts';
import type { CachePlace } from './cache-place.ts';

/** Of both kinds; the last group tells a claim. */
export const leasePattern = new RegExp(String.raw`^([0-9a-f]{64})\.(${runSource})-\d{1,10}(\.claim)?$`);

export interface Lease {
  /** Does nothing the second time. Never rejects: what resists ends with the run. */
  release(): Promise<void>;
}

export interface Leases {
  /**
   * To be taken before the result is looked for. Never rejects: on a full disk one may still use what is there, only less safe from others.
   */
  take(key: string): Promise<Lease>;
  /** For removing a result that nobody uses; null when somebody does. Never rejects. */
  claim(key: string): Promise<Lease | null>;
  close(): Promise<void>;
}

/** Removing takes a rename; whoever claims for longer is stuck. */
const longestClaimMs = 2000;

/** `register`: see `RunDrafts`. */
export function openLeases(place: CachePlace, files: FileOps, register: () => Promise<string>): Leases {
  const open = new Set<string>();
  let made = 0;
  const release = async (path: string): Promise<void> => {
    if (open.has(path) && (await removed(files.unlink(path)))) open.delete(path);
  };
  const say = async (key: string, kind: '' | '.claim'): Promise<Lease> => {
    try {
      const path = join(place.leases, `${key}.${await register()}-${String((made += 1))}${kind}`);
      await files.makeFolder(place.leases);
      open.add(path);
      await files.createExclusive(path);
      return { release: () => release(path) };
    } catch {
      return { release: () => Promise.resolve() };
    }
  };
  const isSaid = async (key: string, kind: '.claim' | undefined): Promise<boolean> => {
    const runs = (await namesIn(place.leases)).flatMap((name) => {
      const [, of, run, isClaim] = leasePattern.exec(name) ?? [];
      return of === key && isClaim === kind && run !== undefined ? [run] : [];
    });
    if (runs.length === 0) return false;
    const isLiving = await livingRuns(place.runs);
    return runs.some((run) => isLiving(run));
  };
  return {
    async take(key) {
      const lease = await say(key, '');
      for (let waitedMs = 0; waitedMs < longestClaimMs && (await isSaid(key, '.claim')); waitedMs += 5) await setTimeout(5);
      return lease;
    },
    async claim(key) {
      const claim = await say(key, '.claim');
      if (!(await isSaid(key, undefined))) return claim;
      await claim.release();
      return null;
    },
    async close() {
      for (const path of [...open]) await release(path);
    },
  };
}
