/**
 * How a result reaches its name: it is written under a temp name in the target folder, flushed, and given its final
 * name in one step that never replaces a file unless that was asked for. Nobody ever sees half a file.
 */
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { EnlargerError } from '../photo/failure.ts';
import { maxNameBytes, siblingName, type TargetName } from '../photo/output-name.ts';
import { errorCode, type FileOps } from '../disk/file-ops.ts';
import type { Originals } from './originals.ts';
import { takeReserved } from './reservation.ts';

/** `only`: the first name or none; the file that has it stays. */
export type PublishPolicy = 'rename' | 'only' | 'overwrite';

export interface Publication {
  /** The finished temp file; in `folder`, and gone afterwards. */
  readonly temp: string;
  readonly folder: string;
  readonly name: TargetName;
  readonly policy: PublishPolicy;
  readonly originals: Originals;
}

/** eCryptfs and some network disks take fewer bytes than the usual 255. */
export const shortNameBytes = 140;

/**
 * Publishes and returns the final path, or null when `only` found the name taken. Throws `conflict` when
 * overwriting would reach an original or a folder, and the system's errors as they are.
 */
export async function publish(files: FileOps, publication: Publication): Promise<string | null> {
  await files.sync(publication.temp);
  try {
    return await publishWithin(files, publication, maxNameBytes);
  } catch (error) {
    if (errorCode(error) !== 'ENAMETOOLONG') throw error;
    return await publishWithin(files, publication, shortNameBytes);
  }
}

async function publishWithin(files: FileOps, publication: Publication, maxBytes: number): Promise<string | null> {
  const { temp, folder, name, policy, originals } = publication;
  if (policy === 'overwrite') {
    const path = join(folder, siblingName(name, name.first, maxBytes));
    await refuseIrreplaceable(path, originals);
    await files.rename(temp, path);
    await files.syncFolder(folder);
    return path;
  }
  for (let number = name.first; ; number += 1) {
    const path = join(folder, siblingName(name, number, maxBytes));
    if (!(await originals.reaches(path)) && (await takeName(files, temp, path))) {
      try {
        await files.syncFolder(folder);
      } catch (error) {
        // Not certain to survive a power cut, so not done: then nothing is to stay of it either.
        await files.unlink(path);
        throw error;
      }
      return path;
    }
    if (policy === 'only') return null;
  }
}

/** Gives the temp file the name `path` if that is free, and says whether it was. */
async function takeName(files: FileOps, temp: string, path: string): Promise<boolean> {
  try {
    await files.link(temp, path);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EEXIST') return false;
    // Disks without hard links: exFAT, many network shares. A plain rename would replace a file that appeared a moment ago.
    if (['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EACCES', 'EINVAL'].includes(code))
      return await takeReserved(files, temp, path);
    throw error;
  }
  await files.unlink(temp).catch(() => {
    // The result stands under its name already; a second name that would not go is the janitor's, not a failure.
  });
  return true;
}

async function refuseIrreplaceable(path: string, originals: Originals): Promise<void> {
  if (await originals.reaches(path)) {
    throw new EnlargerError(
      'conflict',
      `The result would replace an original (${path}). Choose another folder, or let the file get a number.`,
    );
  }
  const existing = await lstat(path).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  });
  if (existing === null) return;
  if (!existing.isFile() && !existing.isSymbolicLink()) {
    throw new EnlargerError(
      'conflict',
      `Something that is no file stands in the way at ${path}. Move it, or choose another folder.`,
    );
  }
  // A folder that may be written lets us replace a file that may not; whoever protected it meant the file.
  if (existing.isFile() && (existing.mode & 0o222) === 0) {
    throw new EnlargerError(
      'not-writable',
      `The file ${path} is write-protected and was not replaced. Allow writing to it, or let the new file get a number.`,
    );
  }
}
