/** What is said of files and folders that cannot be reached, by the system's error code. */
import { isUndecoded } from './file-names.ts';

export const unreadableCodes = ['old-encoding', 'not-there', 'link-circle', 'forbidden', 'long-path', 'disk-error'] as const;
export type UnreadableCode = (typeof unreadableCodes)[number];

/** Why, and what to do, in English. */
export const unreadableTexts: Readonly<Record<UnreadableCode, string>> = {
  'old-encoding':
    'It cannot be opened, because its name holds letters in an old encoding (not Unicode). Rename it and try again.',
  'not-there': 'There is no such file or folder. Check the spelling, and that its disk is connected.',
  'link-circle': 'This link leads in a circle. Name the file itself.',
  forbidden: 'It cannot be opened, because this user may not read it. Change its permissions and try again.',
  'long-path': 'The path is too long for this system. Move the file or give a shorter path.',
  'disk-error': 'The disk reports an error when it is read. Check the disk and try again.',
};

/** Why something that was found, or named, cannot be opened; null for errors that are no matter of the file. `system`: the system's error code. */
export function unreadableCode(system: string, path: string): UnreadableCode | null {
  switch (system) {
    case 'ENOENT':
    case 'ENOTDIR':
      return isUndecoded(path) ? 'old-encoding' : 'not-there';
    case 'ELOOP':
      return 'link-circle';
    case 'EACCES':
    case 'EPERM':
      return 'forbidden';
    case 'ENAMETOOLONG':
      return 'long-path';
    case 'EIO':
      return 'disk-error';
    default:
      return null;
  }
}

/** The same as a sentence. */
export function unreadableMessage(system: string, path: string): string | null {
  const code = unreadableCode(system, path);
  return code === null ? null : unreadableTexts[code];
}
