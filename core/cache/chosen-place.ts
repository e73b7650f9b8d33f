/** A folder for the cache that the user chose: a folder of ours inside of it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { FileOps } from '../disk/file-ops.ts';
import { writing } from '../disk/write-failure.ts';
import { cacheFolderName } from '../photo/file-names.ts';

const probeBytes = 1000;

/** Makes the cache's folder inside `folder`, which may be that folder itself, and tries to write. Throws `not-writable` or `disk-full`. */
export async function makeChosenPlace(folder: string, files: FileOps): Promise<string> {
  const directory = basename(folder) === cacheFolderName ? folder : join(folder, cacheFolderName);
  await writing(
    files,
    directory,
    probeBytes,
    async () => {
      await files.makeFolder(directory);
      // Permission bits tell little about read-only mounts and quotas: trying does.
      await rm(await mkdtemp(join(directory, 'probe-')), { recursive: true });
    },
    'the settings',
  );
  return directory;
}
