/** The host's side of an engine: typed calls over a process that may die at any moment. */
import { engineMethods, fromEngineSchema } from '../photo/engine-protocol.ts';
import type { EngineMethod, EngineParams, EngineProgress, EngineResult, FromEngine } from '../photo/engine-protocol.ts';
import { EnlargerError, toError } from '../photo/failure.ts';
import type { EngineProcess, Log, SpawnEngine } from './spawn-engine.ts';
import { watchSilence, type SilenceWatch } from './watchdog.ts';

export interface CallOptions {
  /** Aborting cancels the call: it rejects with `cancelled`, at the latest after the grace time, with the process killed. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: EngineProgress) => void;
  /** Hard limit for the whole call; the process is killed after it. Default: none, only the watchdog. */
  readonly timeoutMs?: number;
}

export interface Engine {
  /** Rejects with an `EnlargerError`; `device-failed` with retry when the process died. The next call starts a new process. */
  call<Method extends EngineMethod>(
    method: Method,
    params: EngineParams<Method>,
    options?: CallOptions,
  ): Promise<EngineResult<Method>>;
  /** Starts the process ahead of the first call, which then waits less. A process that cannot start fails that call. */
  start(): void;
  /** What is asked from now on goes to a fresh process; the present one ends when it has nothing to do. */
  renew(): void;
  /** Ends the process within two seconds; pending calls reject with `cancelled`. A later call starts a new one. */
  close(): Promise<void>;
}

export interface EngineClientOptions {
  readonly log?: Log;
  /** How long a cancelled call may take to answer before the process is killed. Default 1500. */
  readonly cancelGraceMs?: number;
  /** Shortest silence that counts as a hang. Default 30 000. */
  readonly silenceLimitMs?: number;
}

interface Pending {
  readonly method: EngineMethod;
  readonly options: CallOptions;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: EnlargerError) => void;
  /** Stops timers and listeners of the call. */
  readonly release: () => void;
}

/** One engine process and what waits for it. */
interface Connection {
  readonly process: EngineProcess;
  readonly pending: Map<number, Pending>;
  readonly watch: SilenceWatch;
  /** Why this side killed the process; what still waits rejects with it. */
  verdict: EnlargerError | undefined;
  readonly exited: Promise<void>;
}

/** An engine that starts its process with the first call, and again after each death. */
export function createEngine(spawn: SpawnEngine, clientOptions: EngineClientOptions = {}): Engine {
  const { log, cancelGraceMs = 1500, silenceLimitMs = 30_000 } = clientOptions;
  let connection: Connection | undefined;
  /** Processes that finish what they were asked before it was renewed. */
  const leaving = new Set<Connection>();
  let lastId = 0;

  const kill = (target: Connection, verdict: EnlargerError): void => {
    target.verdict ??= verdict;
    // What is asked from now on goes to a fresh process, even before this one's death is reported.
    if (connection === target) connection = undefined;
    target.process.kill();
  };

  const open = (): Connection => {
    const process = start(spawn);
    let reportExit: () => void = () => undefined;
    const opened: Connection = {
      process,
      pending: new Map(),
      verdict: undefined,
      exited: new Promise((resolve) => (reportExit = resolve)),
      watch: watchSilence(silenceLimitMs, (silentMs) => {
        log?.('error', `engine ${String(process.pid)} silent for ${String(Math.round(silentMs))} ms, killed`);
        kill(opened, died('it stopped answering'));
      }),
    };
    process.onMessage((message) => {
      const parsed = fromEngineSchema.safeParse(message);
      if (parsed.success) {
        opened.watch.alive();
        receive(opened, parsed.data);
      } else {
        log?.('error', `engine ${String(process.pid)} sent an unreadable message: ${parsed.error.message}`);
        kill(opened, died('it sent an unreadable message'));
      }
    });
    process.onExit((code, signal) => {
      opened.watch.stop();
      if (connection === opened) connection = undefined;
      leaving.delete(opened);
      const error = opened.verdict ?? died(signal === null ? `exit code ${String(code ?? 'unknown')}` : `signal ${signal}`);
      log?.(opened.verdict === undefined ? 'warn' : 'debug', `engine ${String(process.pid)} ended (${signal ?? String(code)})`);
      for (const id of [...opened.pending.keys()])
        settle(opened, id, (pending) => {
          pending.reject(error);
        });
      reportExit();
    });
    return opened;
  };

  const receive = (from: Connection, message: FromEngine): void => {
    switch (message.type) {
      case 'ready':
      case 'heartbeat':
        return;
      case 'log':
        log?.(message.level, message.text);
        return;
      case 'progress':
        from.watch.step();
        from.pending.get(message.id)?.options.onProgress?.(message.progress);
        return;
      case 'reply': {
        const { outcome } = message;
        if (!outcome.ok) {
          settle(from, message.id, (pending) => {
            pending.reject(toError(outcome.failure));
          });
          return;
        }
        const method = from.pending.get(message.id)?.method;
        if (method === undefined) return;
        const value = engineMethods[method].result.safeParse(outcome.value);
        if (value.success)
          settle(from, message.id, (pending) => {
            pending.resolve(value.data);
          });
        else {
          log?.('error', `engine ${String(from.process.pid)} answered ${method} with something else: ${value.error.message}`);
          kill(from, died('it sent an unreadable answer'));
        }
      }
    }
  };

  const settle = (from: Connection, id: number, how: (pending: Pending) => void): void => {
    const pending = from.pending.get(id);
    if (pending === undefined) return;
    from.pending.delete(id);
    if (from.pending.size === 0) {
      from.watch.rest();
      if (leaving.has(from)) kill(from, cancelled());
    }
    pending.release();
    // A result that comes after the user stopped is not wanted any more.
    if (pending.options.signal?.aborted === true) pending.reject(cancelled());
    else how(pending);
  };

  const call = async (method: EngineMethod, params: unknown, options: CallOptions): Promise<unknown> => {
    if (options.signal?.aborted === true) throw cancelled();
    const target = (connection ??= open());
    const id = (lastId += 1);
    return await new Promise((resolve, reject) => {
      const timers: NodeJS.Timeout[] = [];
      const onAbort = (): void => {
        target.process.post({ type: 'cancel', id });
        // Whoever else waits in this process did not ask for its end; the aborted call itself settles as cancelled.
        timers.push(
          setTimeout(() => {
            kill(target, died('another request had to be stopped'));
          }, cancelGraceMs),
        );
      };
      if (options.timeoutMs !== undefined) {
        timers.push(
          setTimeout(() => {
            kill(target, died(`no answer within ${String(options.timeoutMs)} ms`));
          }, options.timeoutMs),
        );
      }
      options.signal?.addEventListener('abort', onAbort, { once: true });
      const release = (): void => {
        for (const timer of timers) clearTimeout(timer);
        options.signal?.removeEventListener('abort', onAbort);
      };
      target.pending.set(id, { method, options, resolve, reject, release });
      target.watch.begin();
      target.process.post({ type: 'request', id, method, params });
    });
  };

  return {
    async call<Method extends EngineMethod>(method: Method, params: EngineParams<Method>, options: CallOptions = {}) {
      return (await call(method, params, options)) as EngineResult<Method>;
    },
    start() {
      try {
        connection ??= open();
      } catch (error) {
        log?.('warn', `the engine could not be started ahead: ${String(error)}`);
      }
    },
    renew() {
      const present = connection;
      if (present === undefined) return;
      connection = undefined;
      leaving.add(present);
      if (present.pending.size === 0) kill(present, cancelled());
    },
    async close() {
      const closing = connection === undefined ? [...leaving] : [connection, ...leaving];
      if (closing.length === 0) return;
      for (const one of closing) kill(one, cancelled());
      const deadline = new Promise<void>((resolve) => setTimeout(resolve, 2000).unref());
      await Promise.race([Promise.all(closing.map(({ exited }) => exited)), deadline]);
    },
  };
}

function start(spawn: SpawnEngine): EngineProcess {
  try {
    return spawn();
  } catch (error) {
    throw new EnlargerError('device-failed', 'The engine process could not be started. Close other programs and try again.', {
      retry: true,
      cause: error,
    });
  }
}

function died(reason: string): EnlargerError {
  return new EnlargerError(
    'device-failed',
    `The engine process ended before it was done (${reason}). Try again; if it stays so, this photo or model cannot be processed here.`,
    { retry: true },
  );
}

function cancelled(): EnlargerError {
  return new EnlargerError('cancelled', 'Stopped as asked.');
}
