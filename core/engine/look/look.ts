/** Many photos at once. */
import { availableParallelism } from 'node:os';
import type { EngineParams, EngineResult, Looked } from '../../photo/engine-protocol.ts';
import { EnlargerError, toFailure } from '../../photo/failure.ts';
import type { EngineContext } from '../serve.ts';
import { Limiter } from './limiter.ts';
import { FileBuffer, lookAt } from './look-at.ts';

/** What all photos that are decoded may hold together, by the estimates from their headers. */
const memoryBudgetBytes = 768 * 2 ** 20;
/** One for all requests: a host asks for the next photos while the last are still looked at. */
const memory = new Limiter(memoryBudgetBytes);
/** While some are decoded, others are read from a disk that may be slow. */
const atOnce = Math.max(4, 2 * availableParallelism());

/** Looks at each, in order; a photo that cannot be looked at is a failure of its own. Throws `cancelled` when the signal aborts. */
export async function look({ items }: EngineParams<'look'>, context: EngineContext): Promise<EngineResult<'look'>> {
  const looks: Looked[] = [];
  const remaining = items.entries();
  let done = 0;
  const work = async (): Promise<void> => {
    const shared = { buffer: new FileBuffer(), memory };
    for (const [index, item] of remaining) {
      if (context.signal.aborted) return;
      looks[index] = await lookAt(item, shared).catch((error: unknown): Looked => ({ ok: false, failure: toFailure(error) }));
      done += 1;
      context.progress('decode', done / items.length);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  if (context.signal.aborted) throw new EnlargerError('cancelled', 'Stopped as asked.');
  return { looks };
}
