import { EnlargerError } from '../../photo/failure.ts';

/** A stored result is not what was written: nothing of it may be shown, and it can be made again. */
export function damagedResult(cause?: unknown): EnlargerError {
  return new EnlargerError('damaged', 'The stored result was damaged and is made again.', { retry: true, cause });
}
