/** How much memory work on photos may take. */
import { totalmem } from 'node:os';

/** Half of what the machine, or the container around us, has: the rest is for the network and for everybody else. */
export function workMemoryBytes(): number {
  // Without a limit some systems report 0, others an absurdly large number.
  const limit = process.constrainedMemory();
  return Math.min(totalmem(), limit > 0 ? limit : Infinity) / 2;
}
