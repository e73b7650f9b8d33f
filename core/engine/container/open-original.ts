import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { EnlargerError } from '../../photo/failure.ts';

/**
 * Opens an original for reading only. Anything but a regular file is refused after opening, on the open
 * file, so that nothing can be put in its place in between; a FIFO without a writer does not block.
 */
export async function openOriginal(path: string): Promise<{ handle: FileHandle; size: number }> {
  const handle = await openReadOnly(path);
  try {
    const status = await handle.stat();
    if (status.isDirectory())
      throw new EnlargerError('not-a-photo', 'This is a folder. Choose the photos in it, or give it to a run over folders.');
    if (!status.isFile()) throw new EnlargerError('not-a-photo', 'This is a device or a pipe, not a photo. Choose a file.');
    return { handle, size: status.size };
  } catch (thrown) {
    await handle.close();
    throw thrown;
  }
}

async function openReadOnly(path: string): Promise<FileHandle> {
  try {
    // Windows has no O_NONBLOCK, and no FIFO that could block.
    return await open(path, constants.O_RDONLY | ((constants as Partial<typeof constants>).O_NONBLOCK ?? 0));
  } catch (thrown) {
    throw openError(thrown);
  }
}

function openError(thrown: unknown): unknown {
  const code = thrown instanceof Error ? (thrown as NodeJS.ErrnoException).code : undefined;
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
    case 'ENAMETOOLONG':
    case 'ELOOP':
    case 'EINVAL':
    case 'ERR_INVALID_ARG_VALUE':
      return new EnlargerError('not-found', 'There is no such file. Check the name and that its drive is connected.', {
        cause: thrown,
      });
    case 'EACCES':
    case 'EPERM':
      return new EnlargerError(
        'not-found',
        'The file may not be read. Ask its owner for permission to read it, or copy it to a folder of yours.',
        { cause: thrown },
      );
    case 'EISDIR':
      return new EnlargerError('not-a-photo', 'This is a folder. Choose the photos in it, or give it to a run over folders.', {
        cause: thrown,
      });
    case 'ENXIO':
    case 'ENODEV':
    case 'EOPNOTSUPP':
      return new EnlargerError('not-a-photo', 'This is a device or a pipe, not a photo. Choose a file.', { cause: thrown });
    case 'EIO':
      return new EnlargerError('damaged', 'The drive reports an error where the file lies. Copy the file from a backup.', {
        cause: thrown,
      });
    default:
      return thrown;
  }
}
