/** @file Main process: files and folders that were given to the program from outside: its command line, "open with", a second start. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { app } from 'electron';
import { z } from 'zod';

/** What a second start hands to the first. It is a program of the same user, but it may be another version. */
const handedSchema = z.object({ paths: z.array(z.string()) });

export interface GivenFiles {
  /** False: another start of this program runs already and got the files; this one is to end. */
  readonly isFirst: boolean;
  /** What came so far, then what comes. `paths` are absolute, and none when somebody only wants to see the window. */
  onGiven(listener: (paths: readonly string[]) => void): void;
}

/** To be called before the program is ready: macOS tells the first files at once. */
export function receiveGivenFiles(): GivenFiles {
  const waiting = givenPaths(process.argv.slice(process.defaultApp ? 2 : 1), process.cwd());
  let listener: ((paths: readonly string[]) => void) | null = null;
  const give = (paths: readonly string[]): void => {
    if (listener === null) waiting.push(...paths);
    else listener(paths);
  };
  app.on('open-file', (event, path) => {
    event.preventDefault();
    give([path]);
  });
  app.on('second-instance', (_event, _argv, _workingDirectory, handed) => {
    const parsed = handedSchema.safeParse(handed);
    give(parsed.success ? parsed.data.paths : []);
  });
  return {
    isFirst: app.requestSingleInstanceLock({ paths: waiting }),
    onGiven(newListener) {
      listener = newListener;
      if (waiting.length > 0) newListener(waiting.splice(0));
    },
  };
}

/** The files and folders among arguments. Desktops hand over addresses (`file:///…`), shells paths, and Chromium adds switches of its own. */
export function givenPaths(args: readonly string[], workingDirectory: string): string[] {
  return args.flatMap((argument) => {
    const path = argument.startsWith('-') || argument === '' ? null : asPath(argument, workingDirectory);
    return path !== null && existsSync(path) ? [path] : [];
  });
}

function asPath(argument: string, workingDirectory: string): string | null {
  if (!argument.startsWith('file:')) return resolve(workingDirectory, argument);
  try {
    return fileURLToPath(argument);
  } catch {
    // A file on another computer, or no address at all.
    return null;
  }
}
