import { EnlargerError } from '../../photo/failure.ts';
import { hashFile } from '../hash-file.ts';

/** Throws `source-changed` when the file no longer has the hash of its facts, `not-found` when it cannot be read. */
export async function requireUnchanged(path: string, sha256: string): Promise<void> {
  if ((await hashFile(path)) === sha256) return;
  throw new EnlargerError(
    'source-changed',
    'The photo was changed by another program while it was worked on. Run the command again.',
    { retry: true },
  );
}
