/** Entry of the thread that runs networks: sessions are opened, run and released here, one call after the other. */
import { parentPort } from 'node:worker_threads';
import { openSessionHere, type SessionFile, type SessionHere } from './session-here.ts';

/** What the thread is asked. Buffers are shared: what is in them is not copied. */
export type ThreadCall =
  | { readonly id: number; readonly type: 'open'; readonly file: SessionFile }
  | {
      readonly id: number;
      readonly type: 'run';
      readonly session: number;
      readonly values: Float32Array;
      readonly dims: readonly number[];
      readonly expected: readonly number[];
      readonly into: Float32Array;
    }
  | { readonly id: number; readonly type: 'release'; readonly session: number };

/** The id of the call, and for `open` the number of the session. */
export type ThreadReply =
  | { readonly id: number; readonly ok: true; readonly dims: readonly number[]; readonly ms: number }
  | { readonly id: number; readonly ok: false; readonly message: string };

interface Opened {
  readonly session: SessionHere;
  /** The first answer showed the shape that was expected, so that later ones can go straight to where they are wanted. */
  isKnown: boolean;
}

const sessions = new Map<number, Opened>();

async function answer(call: ThreadCall): Promise<{ dims: readonly number[]; ms: number }> {
  if (call.type === 'open') {
    sessions.set(call.id, { session: await openSessionHere(call.file), isKnown: false });
    return { dims: [], ms: 0 };
  }
  const opened = sessions.get(call.session);
  if (opened === undefined) throw new Error('the session is closed');
  if (call.type === 'release') {
    sessions.delete(call.session);
    await opened.session.release();
    return { dims: [], ms: 0 };
  }
  const { values, dims, expected, into } = call;
  if (opened.isKnown) return await opened.session.run(values, dims, expected, into);
  const made = await opened.session.run(values, dims, expected);
  opened.isKnown = made.dims.join() === expected.join();
  if (opened.isKnown) into.set(made.values);
  return made;
}

async function reply(call: ThreadCall): Promise<void> {
  const { id } = call;
  const message = await answer(call).then(
    ({ dims, ms }): ThreadReply => ({ id, ok: true, dims, ms }),
    (error: unknown): ThreadReply => ({ id, ok: false, message: error instanceof Error ? error.message : String(error) }),
  );
  parentPort?.postMessage(message);
}

let last = Promise.resolve();
parentPort?.on('message', (call: ThreadCall) => {
  last = last.then(() => reply(call));
});
