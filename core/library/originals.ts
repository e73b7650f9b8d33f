/**
 * The photos of a library as files that nothing may replace, known by what they are and not by how a path is spelt: one that is reached through a
 * link, another case or another Unicode composition is still that photo.
 */
import { realpath } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { fileIdentity } from '../disk/file-identity.ts';
import { foldName } from '../photo/output-name.ts';
import type { Catalog } from './catalog.ts';

export interface LibraryOriginals {
  /** True when writing to `path` would replace a photo. */
  reaches(path: string): Promise<boolean>;
  /** Whether photos lie in this folder itself. */
  lieIn(folder: string): Promise<boolean>;
}

/** Asks the catalog anew each time: photos come and go. */
export function libraryOriginals({ photos }: Pick<Catalog, 'photos'>): LibraryOriginals {
  const foldersAt = async (folder: string): Promise<number[]> => {
    const real = foldName(await realpath(folder).catch(() => folder));
    const known = photos.roots().flatMap(({ id }) => photos.foldersOf(id));
    return known.filter(({ path }) => foldName(path) === real).map(({ id }) => id);
  };
  const isPhotoFile = async (path: string): Promise<boolean> => {
    const identity = await fileIdentity(path);
    if (identity === null) return false;
    // Only the number is recorded, since devices change theirs: whether it is that very file the disk says.
    for (const { id } of photos.byInode(identity.slice(identity.indexOf(':') + 1))) {
      const known = photos.get(id);
      if (known !== null && (await fileIdentity(known.path)) === identity) return true;
    }
    return false;
  };
  return {
    async reaches(path) {
      if (await isPhotoFile(path)) return true;
      // Network disks may invent file numbers, so the folded name in the real folder counts as well.
      const name = foldName(basename(path));
      for (const folderId of await foldersAt(dirname(path)))
        for (const known of photos.filesIn(folderId).values()) if (foldName(known.name) === name) return true;
      return false;
    },
    async lieIn(folder) {
      const folderIds = await foldersAt(folder);
      return folderIds.some((id) => photos.filesIn(id).size > 0);
    },
  };
}
