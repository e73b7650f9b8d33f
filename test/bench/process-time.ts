/** Processor time of this process and another one together. */
import { readFileSync } from 'node:fs';

/** Ticks of the clock in /proc, fixed at 100 a second on Linux. */
const msPerTick = 10;

/** Milliseconds of all cores so far; null where the system does not tell of other processes. */
export function processorMs(otherPid: number | undefined): number | null {
  if (process.platform !== 'linux') return null;
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000 + (otherPid === undefined ? 0 : ticksOf(otherPid) * msPerTick);
}

function ticksOf(pid: number): number {
  // The name in the second field may hold anything; the numbers follow its bracket.
  const fields =
    readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
      .split(') ')
      .at(-1)
      ?.split(' ') ?? [];
  return Number(fields[11]) + Number(fields[12]);
}
