/** Decides, before any work, what a result may do with names that are taken. */
import { lstat, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Failure } from '../photo/failure.ts';
import { foldName, siblingName, type TargetName } from '../photo/output-name.ts';
import { fileIdentity } from '../disk/file-identity.ts';
import type { PublishPolicy } from './publish.ts';
import { provenanceOf, type PlannedPhoto } from './run-plan.ts';
import type { EnhanceRun } from './run.ts';

export type ConflictDecision =
  { kind: 'make'; policy: PublishPolicy } | { kind: 'skip'; reason: string; gist: string } | { kind: 'refuse'; failure: Failure };

export interface ConflictChecker {
  decide(photo: PlannedPhoto): Promise<ConflictDecision>;
}

/**
 * Under `skip`: a result of the same source and recipe is done already, whichever of its numbered names it has; a
 * result of ours from another source state or recipe stays and the new one gets the next free name; any other file
 * of that name is left alone, and so is the photo. Reads each target folder once. Under `overwrite`: in a folder where
 * originals of the run lie, any other file may be an original too, so that only results of ours are replaced there.
 */
export function checkConflicts(
  { conflict: policy, engine, signal }: Pick<EnhanceRun, 'conflict' | 'engine' | 'signal'>,
  originals: readonly string[],
): ConflictChecker {
  const indexes = new Map<string, Promise<SiblingIndex>>();
  let homes: Promise<Set<string | null>> | undefined;
  const isOurs = async (path: string): Promise<boolean> => (await provenanceOf(engine, path, signal)) !== null;
  const overwrite = async (photo: PlannedPhoto): Promise<ConflictDecision> => {
    const planned = siblingName(photo.name, photo.name.first);
    const path = join(photo.folder, planned);
    homes ??= foldersOf(originals);
    if ((await homes).has(await fileIdentity(photo.folder)) && (await exists(path)) && !(await isOurs(path)))
      return { kind: 'refuse', failure: wouldReplace(join(photo.shownFolder, planned)) };
    return { kind: 'make', policy: 'overwrite' };
  };
  return {
    async decide(photo) {
      if (policy === 'overwrite') return await overwrite(photo);
      if (policy === 'rename') return { kind: 'make', policy };
      let index = indexes.get(photo.folder);
      if (index === undefined) indexes.set(photo.folder, (index = indexFolder(photo.folder)));
      for (const name of (await index).siblings(photo.name)) {
        const found = await provenanceOf(engine, join(photo.folder, name), signal);
        if (found?.sourceSha256 === photo.facts.sha256 && found.recipeDigest === photo.recipeDigest) {
          return { kind: 'skip', reason: `already done: ${join(photo.shownFolder, name)}`, gist: 'already done' };
        }
      }
      const planned = siblingName(photo.name, photo.name.first);
      if (!(await exists(join(photo.folder, planned)))) return { kind: 'make', policy: 'only' };
      if (await isOurs(join(photo.folder, planned))) return { kind: 'make', policy: 'rename' };
      return {
        kind: 'skip',
        reason: `another file has the name ${join(photo.shownFolder, planned)}`,
        gist: 'another file has the name',
      };
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

/** Real folders, by identity, that hold these files. */
async function foldersOf(paths: readonly string[]): Promise<Set<string | null>> {
  const folders = new Set(paths.map((path) => dirname(path)));
  const identities = await Promise.all([...folders].map((folder) => fileIdentity(folder)));
  return new Set(identities.filter((identity) => identity !== null));
}

function wouldReplace(path: string): Failure {
  return {
    code: 'conflict',
    message: `The result would replace ${path}, which lies among your photos and was not made by Enlarger. Choose another folder, or let the file get a number.`,
  };
}

async function exists(path: string): Promise<boolean> {
  return await lstat(path).then(
    () => true,
    () => false,
  );
}
