/** Words that stand for paths: whoever asks over the contract can only name what the host itself got from the user. */
import { randomBytes } from 'node:crypto';
import { EnlargerError } from '../photo/failure.ts';

export interface Grants {
  /** A word for a path that came from the host's own dialog, drop or command line. The same path keeps its word. */
  issue(path: string): string;
  /** The path behind a word. Throws `not-found`. */
  resolve(grant: string): string;
}

/** They live as long as the host; a word has 128 random bits. */
export function createGrants(): Grants {
  const words = new Map<string, string>();
  const paths = new Map<string, string>();
  return {
    issue(path) {
      const known = words.get(path);
      if (known !== undefined) return known;
      const word = randomBytes(16).toString('base64url');
      words.set(path, word);
      paths.set(word, path);
      return word;
    },
    resolve(grant) {
      const path = paths.get(grant);
      if (path === undefined)
        throw new EnlargerError(
          'not-found',
          'This file or folder was not chosen since the program was started. Choose it again.',
        );
      return path;
    },
  };
}
