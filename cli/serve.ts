/** `enlarger serve`: the window in a browser. */
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { openLiveHost } from '../core/host/live-host.ts';
import type { HostShell } from '../core/host/shell.ts';
import { toFailure } from '../core/photo/failure.ts';
import { text, wholeNumber } from './enhance-options.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { listenForInterrupts } from './interrupts.ts';
import type { Io } from './io.ts';
import type { LibraryFlags } from './library-options.ts';
import { readBuiltWindow } from './serve/built-window.ts';
import { openBrowser } from './serve/open-browser.ts';
import { startServer, type ServerOptions } from './serve/server.ts';
import { escapeControls } from './text.ts';
import { UsageError } from './usage-error.ts';
import { namedLibrary } from './with-library.ts';
import { hostMeans } from './workplace.ts';

export interface ServeFlags extends LibraryFlags {
  readonly port?: string;
  readonly root?: readonly string[];
  readonly open?: boolean;
}

/** Works until it is told to end, which is how it is meant to end: exit code 0. A second signal ends it at once. */
export async function serve(io: Io, flags: ServeFlags): Promise<ExitCode> {
  const port = flags.port === undefined ? 0 : wholeNumber('--port', flags.port, 0, 65_535);
  const library = namedLibrary(flags);
  const roots = await rootFolders(flags.root ?? [homedir()]);
  const interrupts = listenForInterrupts(process, () => process.exit(exitCodes.interrupted));
  const { signal } = interrupts;
  try {
    const files = await readBuiltWindow(signal);
    if (files === null) return exitCodes.done;
    const shell: HostShell = { kind: 'browser', choose: null, reveal: null, roots };
    const host = await openLiveHost({ library, means: hostMeans(io.say), shell });
    try {
      await serveHost({ io, flags, signal }, { host, files, port });
    } finally {
      await host.close();
    }
    return exitCodes.done;
  } finally {
    interrupts.dispose();
  }
}

interface Run {
  readonly io: Io;
  readonly flags: ServeFlags;
  readonly signal: AbortSignal;
}

/** Serves until the signal is aborted. */
async function serveHost({ io, flags, signal }: Run, served: Omit<ServerOptions, 'onTrouble'>): Promise<void> {
  const server = await startServer({
    ...served,
    onTrouble: (error) => io.say(`enlarger: ${escapeControls(toFailure(error).message)}`),
  });
  try {
    const { url } = server;
    io.out(flags.json === true ? `${JSON.stringify({ type: 'listening', url })}\n` : `Enlarger is at ${url}\n`);
    io.say('Only this computer can reach it, and only by the whole address. Ctrl-C ends it.');
    if (flags.open === true && !(await openBrowser(server.onceUrl())))
      io.say('No browser could be opened here; open the address in one.');
    if (!signal.aborted) await once(signal, 'abort');
  } finally {
    await server.close();
  }
}

async function rootFolders(named: readonly string[]): Promise<string[]> {
  const folders = named.map((name) => resolve(text('--root', name)));
  for (const folder of folders) {
    const isFolder = await stat(folder).then(
      (status) => status.isDirectory(),
      () => false,
    );
    if (!isFolder) throw new UsageError(`--root takes folders that there are; ${folder} is none.`);
  }
  return folders;
}
