/** What the system says about a failed write, in words for the user. */
import { EnlargerError } from '../photo/failure.ts';
import { errorCode, type FileOps } from './file-ops.ts';

/**
 * Runs a step that writes into `folder`; its system errors become `disk-full` with figures, or `not-writable`. `elsewhere` is how the user
 * chooses another folder.
 */
export async function writing<Value>(
  files: FileOps,
  folder: string,
  neededBytes: number,
  step: () => Promise<Value>,
  elsewhere = '--out',
): Promise<Value> {
  try {
    return await step();
  } catch (error) {
    throw await writeFailure(error, files, folder, neededBytes, elsewhere);
  }
}

/**
 * What the disks themselves say after a library failed: it tells of a disk or folder that was taken from under it in words of its own. `trials`
 * write a little to each by `writing`. Null when they succeed, or fail of something else.
 */
export async function diskLoss(trials: () => Promise<void>): Promise<EnlargerError | null> {
  try {
    await trials();
    return null;
  } catch (error) {
    return error instanceof EnlargerError ? error : null;
  }
}

async function writeFailure(
  error: unknown,
  files: FileOps,
  folder: string,
  neededBytes: number,
  elsewhere: string,
): Promise<unknown> {
  if (error instanceof EnlargerError) return error;
  const code = errorCode(error);
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT': {
      const freeBytes = await files.freeBytes(folder).catch(() => null);
      const free = freeBytes === null ? '' : `; ${byteText(freeBytes)} are free`;
      return new EnlargerError(
        'disk-full',
        `The disk of ${folder} is full: about ${byteText(neededBytes)} are needed${free}. Make room or choose another folder with ${elsewhere}.`,
        { cause: error },
      );
    }
    case 'EACCES':
    case 'EPERM':
      return new EnlargerError(
        'not-writable',
        `The folder ${folder} does not allow writing. Choose another one with ${elsewhere}.`,
        {
          cause: error,
        },
      );
    case 'EROFS':
      return new EnlargerError(
        'not-writable',
        `The folder ${folder} is on a disk that can only be read. Choose another one with ${elsewhere}.`,
        { cause: error },
      );
    case 'EEXIST':
    case 'ENOTDIR':
      return new EnlargerError(
        'not-writable',
        `The folder ${folder} cannot be made, because a file has that name or that of a folder above it. Choose another one with ${elsewhere}.`,
        { cause: error },
      );
    case 'ENOENT':
      return new EnlargerError(
        'not-writable',
        `The folder ${folder} went away while it was written to. Check the disk and try again.`,
        { cause: error },
      );
    case 'ENAMETOOLONG':
      return new EnlargerError(
        'not-writable',
        `The path of ${folder} is too long to write into. Choose a shorter one with ${elsewhere}.`,
        { cause: error },
      );
    case '':
      return error;
    default:
      return new EnlargerError('not-writable', `Writing to ${folder} failed (${code}). Check the disk and try again.`, {
        cause: error,
      });
  }
}

/** Bytes in decimal units, as disks are sold and shown: `1.5 GB`. */
export function byteText(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const;
  let value = Math.max(0, bytes);
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? String(Math.round(value)) : value.toFixed(1)} ${units[unit] ?? ''}`;
}
