/** What is said of files and folders that cannot be reached, by the system's error code. */
import { isUndecoded } from './file-names.ts';

/** Why something that was found, or named, cannot be opened, and what to do; null for errors that are no matter of the file. */
export function unreadableMessage(code: string, path: string): string | null {
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return isUndecoded(path)
        ? 'It cannot be opened, because its name holds letters in an old encoding (not Unicode). Rename it and try again.'
        : 'There is no such file or folder. Check the spelling, and that its disk is connected.';
    case 'ELOOP':
      return 'This link leads in a circle. Name the file itself.';
    case 'EACCES':
    case 'EPERM':
      return 'It cannot be opened, because this user may not read it. Change its permissions and try again.';
    case 'ENAMETOOLONG':
      return 'The path is too long for this system. Move the file or give a shorter path.';
    case 'EIO':
      return 'The disk reports an error when it is read. Check the disk and try again.';
    default:
      return null;
  }
}
