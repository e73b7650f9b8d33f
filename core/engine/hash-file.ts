import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { EnlargerError } from '../photo/failure.ts';

const chunkBytes = 1 << 20;

/** SHA-256 of a file's bytes, lower-case hex. Throws `not-found` when the file cannot be read. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    await using file = await open(path, 'r');
    const chunk = Buffer.allocUnsafe(chunkBytes);
    for (;;) {
      const { bytesRead } = await file.read(chunk, 0, chunkBytes, null);
      if (bytesRead === 0) return hash.digest('hex');
      hash.update(chunk.subarray(0, bytesRead));
    }
  } catch (thrown) {
    throw new EnlargerError(
      'not-found',
      'The file is gone or can no longer be read. Check that it is still there and that you may open it.',
      { cause: thrown },
    );
  }
}
