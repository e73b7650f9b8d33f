/** Decides, before any work, what a result may do with names that are taken. */
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Provenance } from '../photo/engine-protocol.ts';
import { foldName, siblingName, type TargetName } from '../photo/output-name.ts';
import type { ConflictPolicy } from '../photo/recipe.ts';
import type { Engine } from './engine-client.ts';
import type { PublishPolicy } from './publish.ts';
import { callTwice, type Job } from './run-plan.ts';

export type ConflictDecision = { skip: false; policy: PublishPolicy } | { skip: true; reason: string };

export interface ConflictChecker {
  decide(job: Job): Promise<ConflictDecision>;
}

/**
 * Under `skip`: a result of the same source and recipe is done already, whichever of its numbered names it has; a
 * result of ours from another source state or recipe stays and the new one gets the next free name; any other file
 * of that name is left alone, and so is the photo. Reads each target folder once.
 */
export function checkConflicts(policy: ConflictPolicy, engine: Engine, signal: AbortSignal): ConflictChecker {
  const indexes = new Map<string, Promise<SiblingIndex>>();
  const provenanceOf = async (path: string): Promise<Provenance | null> => {
    try {
      return await callTwice(engine, 'provenance', { path }, { signal });
    } catch (error) {
      if (signal.aborted) throw error;
      // A folder, a damaged file: whatever it is, we did not write it.
      return null;
    }
  };
  return {
    async decide(job) {
      if (policy !== 'skip') return { skip: false, policy };
      let index = indexes.get(job.folder);
      if (index === undefined) indexes.set(job.folder, (index = indexFolder(job.folder)));
      for (const name of (await index).siblings(job.name)) {
        const found = await provenanceOf(join(job.folder, name));
        if (found?.sourceSha256 === job.facts.sha256 && found.recipeDigest === job.recipeDigest) {
          return { skip: true, reason: `already done: ${join(job.shownFolder, name)}` };
        }
      }
      const planned = siblingName(job.name, job.name.first);
      if (!(await exists(join(job.folder, planned)))) return { skip: false, policy: 'only' };
      if ((await provenanceOf(join(job.folder, planned))) !== null) return { skip: false, policy: 'rename' };
      return { skip: true, reason: `another file has the name ${join(job.shownFolder, planned)}` };
    },
  };
}

interface SiblingIndex {
  /** Names in the folder that this target or one of its numbered siblings may have been given, plain one first. */
  siblings(target: TargetName): string[];
}

async function indexFolder(folder: string): Promise<SiblingIndex> {
  const bases = new Map<string, { number: number; name: string }[]>();
  const put = (base: string, number: number, name: string): void => {
    const entries = bases.get(foldName(base)) ?? [];
    entries.push({ number, name });
    bases.set(foldName(base), entries);
  };
  for (const name of await readdir(folder).catch(() => [])) {
    put(name, 0, name);
    const numbered = /^(.+) \((\d{1,6})\)(\.[^.]+)$/.exec(name);
    if (numbered !== null) put(`${numbered[1] ?? ''}${numbered[3] ?? ''}`, Number(numbered[2]), name);
  }
  return {
    siblings: (target) =>
      (bases.get(foldName(siblingName(target, 0))) ?? [])
        .toSorted((a, b) => a.number - b.number || (a.name < b.name ? -1 : 1))
        .map((entry) => entry.name),
  };
}

async function exists(path: string): Promise<boolean> {
  return await lstat(path).then(
    () => true,
    () => false,
  );
}
