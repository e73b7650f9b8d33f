/** What errors of SQLite and of the disk mean to a user of the library. */
import { errorCode } from '../disk/file-ops.ts';
import { EnlargerError } from '../photo/failure.ts';

/** Primary result codes of SQLite; the extended ones have more bits above. */
const sqliteMeanings = new Map([
  [5, 'in-use'],
  [8, 'read-only'],
  [10, 'disk'],
  [11, 'damaged'],
  [13, 'full'],
  [14, 'read-only'],
  [26, 'damaged'],
] as const);

const diskMeanings = new Map([
  ['ENOSPC', 'full'],
  ['EDQUOT', 'full'],
  ['EACCES', 'read-only'],
  ['EPERM', 'read-only'],
  ['EROFS', 'read-only'],
  ['EIO', 'disk'],
] as const);

type Meaning = 'in-use' | 'read-only' | 'disk' | 'damaged' | 'full';

/** Null for what is a defect of ours, such as wrong SQL, and for what is told in words already. */
function meaningOf(thrown: unknown): Meaning | null {
  if (thrown instanceof Error && 'errcode' in thrown && typeof thrown.errcode === 'number') {
    const primary: number = thrown.errcode & 0xff;
    return new Map<number, Meaning>(sqliteMeanings).get(primary) ?? null;
  }
  return new Map<string, Meaning>(diskMeanings).get(errorCode(thrown)) ?? null;
}

/**
 * Throws what a user can do something about, else `thrown` itself. `damage` makes the error for a file whose content is wrong: it knows of
 * backups.
 */
export function rethrow(thrown: unknown, path: string, damage: (what: string) => EnlargerError): never {
  const cause = thrown;
  switch (meaningOf(thrown)) {
    case 'in-use':
      throw new EnlargerError(
        'conflict',
        `This library is open in another Enlarger (${path}). Close that one first, or choose another folder with --library.`,
        { retry: true, cause },
      );
    case 'full':
      throw new EnlargerError('disk-full', `There is no room left for the library (${path}). Free some space and try again.`, {
        retry: true,
        cause,
      });
    case 'read-only':
      throw new EnlargerError('not-writable', `The library cannot be written (${path}). Allow writing to its folder.`, { cause });
    case 'disk':
      throw new EnlargerError(
        'not-writable',
        `The disk does not read or write the library (${path}). Check the disk and try again.`,
        {
          retry: true,
          cause,
        },
      );
    case 'damaged':
      throw damage(thrown instanceof Error ? thrown.message : String(thrown));
    case null:
      throw thrown;
  }
}
