/** Long synchronous work in slices, so that whoever else waits for this thread gets his turn. */
import { setImmediate } from 'node:timers/promises';

export interface Pace {
  /** True when the slice is used up. */
  isOver(): boolean;
  /** Lets everybody else go first, and begins a new slice. Throws the signal's reason when it is aborted. */
  rest(): Promise<void>;
}

const usualSliceMs = 12;

export function createPace(signal?: AbortSignal, sliceMs = usualSliceMs): Pace {
  let endMs = performance.now() + sliceMs;
  return {
    isOver: () => performance.now() >= endMs,
    async rest() {
      await setImmediate();
      signal?.throwIfAborted();
      endMs = performance.now() + sliceMs;
    },
  };
}
