/** The engine's shell: messages in, one request at a time to its handler, exactly one reply each. It knows nothing of pixels. */
import { engineMethods, toEngineSchema } from '../photo/engine-protocol.ts';
import type { EngineMethod, EngineParams, EngineProgress, EngineResult, FromEngine } from '../photo/engine-protocol.ts';
import { EnlargerError, isFailureCode, toFailure, type Outcome } from '../photo/failure.ts';
import { photoFraction } from '../photo/progress.ts';
import { silentMs } from './pulse.ts';

export type LogLevel = Extract<FromEngine, { type: 'log' }>['level'];

/** What a handler gets beside its parameters. */
export interface EngineContext {
  /** Aborted when the host cancels; to be looked at between tiles. */
  readonly signal: AbortSignal;
  /** Reports the fraction 0..1 of one stage; the shell makes the photo's never-falling fraction of it. */
  readonly progress: (stage: EngineProgress['stage'], fraction: number) => void;
  readonly log: (level: LogLevel, text: string) => void;
}

export type EngineHandlers = {
  [Method in EngineMethod]: (params: EngineParams<Method>, context: EngineContext) => Promise<EngineResult<Method>>;
};

/** The way to the host: `process.send` of a forked Node, or Electron's `process.parentPort`. */
export interface EngineTransport {
  post(message: FromEngine): void;
  onMessage(listener: (message: unknown) => void): void;
}

interface Request {
  readonly id: number;
  readonly method: EngineMethod;
  readonly params: unknown;
  readonly controller: AbortController;
}

const heartbeatMs = 1000;
/** Progress closer together than this tells nobody anything. */
const progressStep = 0.001;

/**
 * Serves until the process ends. `load` is called with the first request, so that the process is ready before the
 * heavy libraries are loaded; it is called again when it failed.
 */
export function serveEngine(transport: EngineTransport, load: () => Promise<EngineHandlers>): void {
  const queue: Request[] = [];
  let current: Request | undefined;
  const log = (level: LogLevel, text: string): void => {
    transport.post({ type: 'log', level, text });
  };

  const work = async (): Promise<void> => {
    if (current !== undefined) return;
    while ((current = queue.shift()) !== undefined) {
      const outcome = await answer(current, load, transport, log);
      transport.post({ type: 'reply', id: current.id, outcome });
    }
  };

  transport.onMessage((message) => {
    const parsed = toEngineSchema.safeParse(message);
    if (!parsed.success) {
      log('error', `unreadable message: ${parsed.error.message}`);
      refuse(message, transport);
      return;
    }
    if (parsed.data.type === 'cancel') {
      const { id } = parsed.data;
      if (current?.id === id) current.controller.abort();
      const waiting = queue.findIndex((request) => request.id === id);
      if (waiting < 0) return;
      // It is answered now, not when its turn comes: who hears nothing for a while ends this process, and what works in it.
      queue.splice(waiting, 1);
      transport.post({ type: 'reply', id, outcome: { ok: false, failure: toFailure(cancelled()) } });
      return;
    }
    const { id, method, params } = parsed.data;
    queue.push({ id, method, params, controller: new AbortController() });
    void work();
  });

  setInterval(() => {
    // Whoever hears nothing ends this process; a network that hangs in another thread must not look alive.
    if (silentMs() > heartbeatMs) return;
    transport.post({ type: 'heartbeat', residentBytes: process.memoryUsage.rss() });
  }, heartbeatMs).unref();
  transport.post({ type: 'ready', pid: process.pid });
}

async function answer(
  request: Request,
  load: () => Promise<EngineHandlers>,
  transport: EngineTransport,
  log: EngineContext['log'],
): Promise<Outcome<unknown>> {
  const { id, method, controller } = request;
  let reported = -1;
  const context: EngineContext = {
    signal: controller.signal,
    log,
    progress(stage, stageFraction) {
      const fraction = photoFraction(stage, stageFraction);
      if (fraction < reported + progressStep && !(fraction === 1 && reported < 1)) return;
      reported = fraction;
      transport.post({ type: 'progress', id, progress: { stage, fraction } });
    },
  };
  try {
    controller.signal.throwIfAborted();
    const params = engineMethods[method].params.safeParse(request.params);
    if (!params.success) throw new Error(`wrong parameters for ${method}: ${params.error.message}`);
    const handlers = await load();
    // The table's types tie a method to its parameters; TypeScript cannot follow that through a variable key.
    const handler = handlers[method] as (params: unknown, context: EngineContext) => Promise<unknown>;
    return { ok: true, value: await handler(params.data, context) };
  } catch (error) {
    // Whatever an aborted library call throws, the host asked for it.
    if (controller.signal.aborted && !isFailureCode(error, 'cancelled')) return { ok: false, failure: toFailure(cancelled()) };
    if (!(error instanceof EnlargerError)) log('error', error instanceof Error ? (error.stack ?? error.message) : String(error));
    return { ok: false, failure: toFailure(error) };
  }
}

/** A request that cannot be read still has a caller who waits, where it has a number. */
function refuse(message: unknown, transport: EngineTransport): void {
  const id = typeof message === 'object' && message !== null && 'id' in message ? message.id : undefined;
  if (typeof id !== 'number' || !Number.isSafeInteger(id)) return;
  transport.post({
    type: 'reply',
    id,
    outcome: { ok: false, failure: toFailure(new Error('the engine could not read the request')) },
  });
}

function cancelled(): EnlargerError {
  return new EnlargerError('cancelled', 'Stopped as asked.');
}
