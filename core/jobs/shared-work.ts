/** Work that several callers want at once, done once for all of them. */
import { EnlargerError } from '../photo/failure.ts';

export interface SharedWork<Value> {
  /** The work of this key: joins what is under way, or begins it. It is stopped when every caller's signal has aborted. */
  join(key: string, signal: AbortSignal, work: (signal: AbortSignal) => Promise<Value>): Promise<Value>;
}

interface Task<Value> {
  readonly result: Promise<Value>;
  readonly stop: AbortController;
  waiting: number;
}

export function shareWork<Value>(): SharedWork<Value> {
  const tasks = new Map<string, Task<Value>>();

  const begin = (key: string, work: (signal: AbortSignal) => Promise<Value>): Task<Value> => {
    const stop = new AbortController();
    const task: Task<Value> = {
      stop,
      waiting: 0,
      result: work(stop.signal).finally(() => {
        if (tasks.get(key) === task) tasks.delete(key);
      }),
    };
    // Whoever waited may have gone; then nobody is there to hear how it ended.
    task.result.catch(() => undefined);
    tasks.set(key, task);
    return task;
  };

  return {
    async join(key, signal, work) {
      if (signal.aborted) throw gone();
      const task = tasks.get(key) ?? begin(key, work);
      task.waiting += 1;
      return await new Promise<Value>((resolve, reject) => {
        const onAbort = (): void => {
          task.waiting -= 1;
          if (task.waiting === 0) {
            tasks.delete(key);
            task.stop.abort();
          }
          reject(gone());
        };
        signal.addEventListener('abort', onAbort, { once: true });
        task.result.then(resolve, reject).finally(() => {
          signal.removeEventListener('abort', onAbort);
        });
      });
    },
  };
}

function gone(): EnlargerError {
  return new EnlargerError('cancelled', 'Nobody waits for this any more.');
}
