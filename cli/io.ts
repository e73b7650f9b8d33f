/** The streams of the process, with what must be known of them. Everything the command prints goes through here. */
import type { Screen } from './human.ts';

export interface Io {
  /** Writes to stdout, the place for results. Text ends with a newline. */
  readonly out: (text: string) => void;
  /** Writes to stderr, the place for people. */
  readonly err: (text: string) => void;
  /** Writes one line to stderr, without its newline given. */
  readonly say: (line: string) => void;
  /** Stderr as a place to redraw a progress line on. Not while stdout writes to the same terminal. */
  screen(options: { stdoutIsUsed: boolean }): Screen;
  /** Fires when the reader of stdout has gone (`| head`): nobody waits for more. */
  readonly outClosed: AbortSignal;
}

type OutputStream = NodeJS.WriteStream;

export function processIo(stdout: OutputStream, stderr: OutputStream, env: NodeJS.ProcessEnv): Io {
  const closed = new AbortController();
  let outIsOpen = true;
  let errIsOpen = true;
  // Without listeners a closed pipe is an uncaught exception with a stack trace.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    outIsOpen = false;
    closed.abort();
    if (error.code !== 'EPIPE' && error.code !== 'EOF' && errIsOpen)
      stderr.write(`enlarger: cannot write to stdout (${error.message})\n`);
  });
  stderr.on('error', () => {
    errIsOpen = false;
  });
  return {
    out: (text) => {
      if (outIsOpen) stdout.write(text);
    },
    err: (text) => {
      if (errIsOpen) stderr.write(text);
    },
    say: (line) => {
      if (errIsOpen) stderr.write(`${line}\n`);
    },
    screen: ({ stdoutIsUsed }) => ({
      write: (text) => {
        if (errIsOpen) stderr.write(text);
      },
      redraws: stderr.isTTY && env['TERM'] !== 'dumb' && !(stdoutIsUsed && stdout.isTTY),
      colours: stderr.isTTY && env['TERM'] !== 'dumb' && (env['NO_COLOR'] ?? '') === '',
      columns: () => stderr.columns || 80,
    }),
    outClosed: closed.signal,
  };
}
