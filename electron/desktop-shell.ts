/** @file Main process: what only a desktop can do for the library. */
import { isAbsolute } from 'node:path';
import { shell } from 'electron';
import type { HostShell } from '../core/host/shell.ts';
import { EnlargerError } from '../core/photo/failure.ts';
import type { Dialogs } from './dialogs.ts';

export function desktopShell(dialogs: Dialogs): HostShell {
  return {
    kind: 'desktop',
    choose: (what) => dialogs.choose(what),
    reveal(path) {
      // Part of a name behind a zero byte has hidden another file from such checks before.
      if (!isAbsolute(path) || path.includes('\0'))
        return Promise.reject(new EnlargerError('not-found', 'This file cannot be shown: its name is no path.'));
      shell.showItemInFolder(path);
      return Promise.resolve();
    },
    roots: [],
  };
}
