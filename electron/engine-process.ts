/** @file Main process: starts an engine as a utility process of Electron, and sees it as any host sees one. */
import { createInterface } from 'node:readline';
import { app, utilityProcess, type Details } from 'electron';
import type { EngineProcess, Log, SpawnEngine, SpawnOptions } from '../core/jobs/spawn-engine.ts';

export interface DesktopSpawnOptions extends Pick<SpawnOptions, 'cwd' | 'log' | 'env'> {
  /** The bundled engine, which may lie in the program's archive. */
  readonly entry: string;
}

/** A `SpawnEngine` for the desktop. To be called when the program is ready. */
export function desktopEngine(options: DesktopSpawnOptions): SpawnEngine {
  return () => spawnEngine(options);
}

/** The reason of a death may be told a moment after the death. */
const reasonWaitMs = 1000;
let started = 0;

function spawnEngine({ entry, cwd, log, env }: DesktopSpawnOptions): EngineProcess {
  // The reason of a death comes with this name alone.
  const serviceName = `Enlarger Engine ${(started += 1)}`;
  const child = utilityProcess.fork(entry, [], {
    serviceName,
    cwd,
    execArgv: [],
    // libvips would decode an SVG that is called .jpg; it reads this before anything of it is loaded.
    env: { ...process.env, ...env?.(), VIPS_BLOCK_UNTRUSTED: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  forwardLines(child.stdout, 'debug', log);
  forwardLines(child.stderr, 'warn', log);

  let isOver = false;
  let isKilled = false;
  const exitListeners: ((code: number | null, signal: string | null) => void)[] = [];
  const exit = (code: number | null): void => {
    if (isOver) return;
    isOver = true;
    for (const listener of exitListeners) listener(code, null);
  };
  const onGone = (_event: unknown, { type, name, reason, exitCode }: Details): void => {
    if (type !== 'Utility' || name !== serviceName) return;
    log?.(reason === 'clean-exit' ? 'debug' : 'warn', `${serviceName} is gone: ${reason} (${exitCode})`);
    exit(reason === 'launch-failed' ? null : exitCode);
  };
  app.on('child-process-gone', onGone);
  child.once('exit', (code) => {
    setTimeout(() => app.off('child-process-gone', onGone), reasonWaitMs).unref();
    exit(code);
  });
  child.on('error', (type, location) => log?.('error', `${serviceName}: ${type} in ${location}`));
  child.once('spawn', () => {
    if (isKilled) child.kill();
  });

  return {
    get pid() {
      return child.pid;
    },
    post(message) {
      if (!isOver) child.postMessage(message);
    },
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => void exitListeners.push(listener),
    kill() {
      isKilled = true;
      // Before it runs it cannot be killed: `spawn` sees to it.
      child.kill();
    },
  };
}

function forwardLines(stream: NodeJS.ReadableStream | null, level: Parameters<Log>[0], log: Log | undefined): void {
  if (stream !== null) createInterface({ input: stream }).on('line', (text) => log?.(level, text));
}
