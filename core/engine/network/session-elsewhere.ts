/** Sessions in a thread of their own, so that this one packs the next tile and takes the last one apart while a network runs. */
import { Worker } from 'node:worker_threads';
import type { Session, SessionFile } from './session-here.ts';
import type { ThreadCall, ThreadReply } from './session-thread.ts';

/** Runs of a session that may be under way: one that computes, and others that wait for it, packed already. */
export const runsAtOnce = 3;

/** The thread could not be started, or ended by itself. */
export class ThreadLost extends Error {
  override readonly name = 'ThreadLost';
}

type Call<Kind extends ThreadCall['type']> = Omit<Extract<ThreadCall, { type: Kind }>, 'id'>;
type Answer = Extract<ThreadReply, { ok: true }>;

/**
 * One thread for all sessions of the process: two that compute on a graphics processor side by side crash it. It lives as
 * long as the process, which it does not keep alive.
 */
class NetworkThread {
  readonly #worker: Worker;
  readonly #pending = new Map<number, { resolve: (answer: Answer) => void; reject: (error: Error) => void }>();
  #lastId = 0;

  constructor(onEnd: () => void) {
    this.#worker = new Worker(threadEntry());
    this.#worker.unref();
    this.#worker.on('message', (reply: ThreadReply) => {
      const pending = this.#pending.get(reply.id);
      this.#settle(reply.id);
      if (reply.ok) pending?.resolve(reply);
      else pending?.reject(new Error(reply.message));
    });
    const end = (cause: unknown): void => {
      onEnd();
      const lost = new ThreadLost('the thread of the network ended', { cause });
      for (const [id, { reject }] of [...this.#pending]) {
        this.#settle(id);
        reject(lost);
      }
    };
    this.#worker.on('error', end);
    this.#worker.on('exit', end);
  }

  async call<Kind extends ThreadCall['type']>(call: Call<Kind>): Promise<Answer> {
    const id = (this.#lastId += 1);
    if (this.#pending.size === 0) this.#worker.ref();
    return await new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#worker.postMessage({ ...call, id });
    });
  }

  #settle(id: number): void {
    this.#pending.delete(id);
    if (this.#pending.size === 0) this.#worker.unref();
  }
}

/** Beside this module in the sources; beside the engine's entry where it is bundled. */
function threadEntry(): URL {
  const name = import.meta.url.endsWith('.ts') ? 'session-thread.ts' : 'session-thread.js';
  return new URL(name, import.meta.url);
}

let thread: NetworkThread | null = null;

function startThread(): NetworkThread {
  try {
    const started = new NetworkThread(() => {
      if (thread === started) thread = null;
    });
    return started;
  } catch (error) {
    throw new ThreadLost('the thread of the network did not start', { cause: error });
  }
}

/** Values go through buffers that both threads see, one pair for each run under way; they grow with the tiles and are kept. Rejects with `ThreadLost`, or with what onnxruntime says. */
export async function openSessionElsewhere(file: SessionFile): Promise<Session> {
  const here = (thread ??= startThread());
  const { id: session } = await here.call<'open'>({ type: 'open', file });
  const lanes = Array.from({ length: runsAtOnce }, () => ({ values: shared(0), into: shared(0) }));
  let turn = 0;
  return {
    async run(values, dims, expected) {
      const lane = lanes[(turn += 1) % runsAtOnce]!;
      if (lane.values.length !== values.length) lane.values = shared(values.length);
      const answers = expected.reduce((product, side) => product * side, 1);
      if (lane.into.length !== answers) lane.into = shared(answers);
      lane.values.set(values);
      const { dims: answered, ms } = await here.call<'run'>({ type: 'run', session, dims, expected, ...lane });
      return { values: lane.into, dims: answered, ms };
    },
    async release() {
      await here.call<'release'>({ type: 'release', session });
    },
  };
}

function shared(length: number): Float32Array {
  return new Float32Array(new SharedArrayBuffer(length * Float32Array.BYTES_PER_ELEMENT));
}
