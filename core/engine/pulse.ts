/**
 * Whether work that other threads do for this one goes on. While it stood still the event loop stood still with it, and the
 * host heard nothing; now the loop runs on, so what is waited for must be asked.
 */

let waitedFor = 0;
let heardMs = 0;

/** Waits for something another thread does; while it lasts, and nothing else of this kind ends, the engine counts as silent. */
export async function awaited<Value>(work: Promise<Value>): Promise<Value> {
  if (waitedFor === 0) heardMs = performance.now();
  waitedFor += 1;
  try {
    return await work;
  } finally {
    waitedFor -= 1;
    heardMs = performance.now();
  }
}

/** Milliseconds since anything that is waited for ended; 0 when nothing is. */
export function silentMs(): number {
  return waitedFor === 0 ? 0 : performance.now() - heardMs;
}
