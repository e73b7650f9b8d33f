/** Entry of the engine process: finds the way to its host and serves it until one of the two ends. */
import { flushCompileCache } from 'node:module';
import { constants, setPriority } from 'node:os';
import { readEngineEnv } from '../photo/engine-env.ts';
import type { FromEngine } from '../photo/engine-protocol.ts';
import { serveEngine, type EngineHandlers, type EngineTransport } from './serve.ts';

/** Exit code after a defect (EX_SOFTWARE of sysexits.h); the host settles what was pending. */
const defectExitCode = 70;

/** Electron's `process.parentPort`, as far as it is used here. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): void;
}

function findTransport(): EngineTransport {
  const { parentPort } = process as { parentPort?: ParentPort };
  if (parentPort !== undefined) {
    return {
      post: (message) => {
        parentPort.postMessage(message);
      },
      onMessage: (listener) => {
        parentPort.on('message', (event) => {
          listener(event.data);
        });
      },
    };
  }
  if (process.send === undefined) {
    process.stderr.write('This is the engine of Enlarger. It is started by the enlarger command, not by hand.\n');
    process.exit(2);
  }
  // A host that was killed cannot say goodbye: its end of the channel just closes. An orderly exit would wait for the tile that is in the
  // network, perhaps for ever.
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  return {
    post: (message) => {
      if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
    },
    onMessage: (listener) => {
      process.on('message', listener);
    },
  };
}

/** By then what is asked first has loaded its libraries, too. */
const flushAfterMs = 5000;

const transport = findTransport();
process.title = 'enlarger-engine';
lowerPriority();

/** Before any other thread is there: on Linux each has a priority of its own, which it gets from the one that starts it. */
function lowerPriority(): void {
  if (!readEngineEnv(process.env).inBackground) return;
  try {
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // Some containers forbid it: then everything is as quick as before, and nothing is wrong.
  }
}

/** After an unexpected error nothing in this process can be trusted: say it, and end. */
function die(what: string, error: unknown): void {
  const text = `${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  const message: FromEngine = { type: 'log', level: 'error', text };
  const exit = (): never => process.exit(defectExitCode);
  if (process.connected) {
    process.send?.(message, undefined, undefined, exit);
    setTimeout(exit, 500);
  } else {
    transport.post(message);
    setTimeout(exit, 100);
  }
}
process.on('uncaughtException', (error) => {
  die('uncaught exception', error);
});
process.on('unhandledRejection', (error) => {
  die('unhandled rejection', error);
});
// Ctrl-C goes to the whole process group; the host decides what becomes of the engine.
process.on('SIGINT', () => undefined);

const load = async (): Promise<EngineHandlers> => (await import('./handlers.ts')).handlers;
serveEngine(transport, load);
// Whoever starts an engine is about to ask something. A failure comes again, with its reason, when it does.
void load().catch(() => undefined);
// Whoever ends this process kills it: what it compiled would be lost to the next one.
setTimeout(flushCompileCache, flushAfterMs).unref();
