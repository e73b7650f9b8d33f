import { EnlargerError } from '../../photo/failure.ts';

/**
 * What a failed read or write of a scratch file means for the user: `disk-full` when no space is left,
 * `not-writable` when the place cannot be used. Anything else comes back as it was.
 */
export function scratchError(thrown: unknown): unknown {
  const code = thrown instanceof Error ? (thrown as NodeJS.ErrnoException).code : undefined;
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return new EnlargerError(
        'disk-full',
        'There is not enough free space for temporary files. Free some space on that disk, or choose another place for temporary files.',
        { cause: thrown },
      );
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new EnlargerError('not-writable', 'The folder for temporary files cannot be written. Check its permissions.', {
        cause: thrown,
      });
    default:
      return thrown;
  }
}

/** Runs `work` and says failures of the file system in the user's words. */
export function withScratchErrors<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (thrown) {
    throw scratchError(thrown);
  }
}
