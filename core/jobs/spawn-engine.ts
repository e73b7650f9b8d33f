/** Starts an engine process. The interface is small enough for Electron's `utilityProcess` to stand behind it too. */
import { fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ToEngine } from '../photo/engine-protocol.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
export type Log = (level: LogLevel, text: string) => void;

/** A running engine process, seen from its host. */
export interface EngineProcess {
  readonly pid: number | undefined;
  /** Sends one message. A message to a process that is gone is dropped: `onExit` tells of the death. */
  post(message: ToEngine): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called exactly once, also when the process could not be started (code null, signal null). */
  onExit(listener: (code: number | null, signal: string | null) => void): void;
  /** Ends the process at once, whatever it is doing. */
  kill(): void;
}

/** Starts one engine process each time it is called. */
export type SpawnEngine = () => EngineProcess;

export interface SpawnOptions {
  /** The engine's entry, `core/engine/main.ts`; hosts name it, nobody imports it. */
  readonly entry: URL;
  /** An empty folder: model files can then reach nothing by a relative name. See `openStateFolder`. */
  readonly cwd: string;
  /** Receives what the process writes to stdout and stderr, line by line. */
  readonly log?: Log;
  /** Variables on top of this process's own, asked at every start. */
  readonly env?: () => Readonly<Record<string, string>>;
}

/** A `SpawnEngine` for plain Node: `child_process.fork` with the Node that runs now. */
export function nodeEngine(options: SpawnOptions): SpawnEngine {
  return () => spawnEngine(options);
}

export function spawnEngine(options: SpawnOptions): EngineProcess {
  const child = fork(fileURLToPath(options.entry), [], {
    cwd: options.cwd,
    // A debugger port or a loader of the host must not be opened a second time in the engine.
    execArgv: [],
    // libvips would decode an SVG that is called .jpg; it reads this before anything of it is loaded.
    env: { ...process.env, ...options.env?.(), VIPS_BLOCK_UNTRUSTED: '1' },
    // Messages are small plain JSON data; the format is also what Electron's ports can carry.
    serialization: 'json',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  for (const [stream, level] of [
    [child.stdout, 'debug'],
    [child.stderr, 'warn'],
  ] as const) {
    if (stream !== null) createInterface({ input: stream }).on('line', (line) => options.log?.(level, line));
  }
  let exited = false;
  const exitListeners: ((code: number | null, signal: string | null) => void)[] = [];
  const exit = (code: number | null, signal: string | null): void => {
    if (exited) return;
    exited = true;
    for (const listener of exitListeners) listener(code, signal);
  };
  child.on('exit', exit);
  child.on('error', (error) => {
    options.log?.('error', `engine process: ${error.message}`);
    // Only a failed start has no pid; then no 'exit' follows.
    if (child.pid === undefined) exit(null, null);
  });
  return {
    pid: child.pid,
    post(message) {
      // The callback keeps a write to a closed channel from becoming an 'error' event.
      if (child.connected) child.send(message, () => undefined);
    },
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => void exitListeners.push(listener),
    kill: () => void child.kill('SIGKILL'),
  };
}
