/** What a path leads to, apart from how it is spelt. */
import { stat } from 'node:fs/promises';
import { errorCode } from './file-ops.ts';

/** Device and file number behind all links, or null when the path leads to nothing that this user may look at. */
export async function fileIdentity(path: string): Promise<string | null> {
  try {
    const { dev, ino } = await stat(path, { bigint: true });
    return `${String(dev)}:${String(ino)}`;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG', 'EACCES', 'EPERM'].includes(errorCode(error))) return null;
    throw error;
  }
}
