/**
 * The originals of a run, known by what they are and not by how they are spelt: a path that reaches one through a
 * link, another case or another Unicode composition is still that original.
 */
import { realpath } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { foldName } from '../photo/output-name.ts';
import { fileIdentity } from '../disk/file-identity.ts';

export interface Originals {
  /** True when writing to `path` would replace an original. */
  reaches(path: string): Promise<boolean>;
}

/** Learns the originals at these paths. One that is gone by now cannot be harmed any more and is left out. */
export async function knowOriginals(paths: readonly string[]): Promise<Originals> {
  const identities = new Set<string>();
  const names = new Set<string>();
  for (const path of paths) {
    const identity = await fileIdentity(path);
    if (identity === null) continue;
    identities.add(identity);
    for (const spelt of new Set([path, await realpath(path)])) {
      const name = await nameIdentity(spelt);
      if (name !== null) names.add(name);
    }
  }
  return {
    async reaches(path) {
      const identity = await fileIdentity(path);
      if (identity !== null && identities.has(identity)) return true;
      // Network disks may invent file numbers, so the folded name in the real folder counts as well.
      const name = await nameIdentity(path);
      return name !== null && names.has(name);
    },
  };
}

async function nameIdentity(path: string): Promise<string | null> {
  const folder = await fileIdentity(dirname(path));
  return folder === null ? null : `${folder}/${foldName(basename(path))}`;
}
