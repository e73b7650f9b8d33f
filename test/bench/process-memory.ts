/** Memory of a process and all its children together, from Linux's /proc. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';

const intervalMs = 50;

export interface MemoryWatch {
  /** Ends the watch. The largest sum seen, in bytes; null when nothing could be read. */
  stop(): number | null;
}

/** Whether this system tells the memory of other processes. */
export function canMeasureMemory(): boolean {
  return existsSync('/proc/self/smaps_rollup');
}

/**
 * Samples every 50 ms. Proportional set size is what counts: a page that two processes share is halved between
 * them, so a sum over processes counts nothing twice. The kernel's cache of files is in none of them.
 */
export function watchMemory(rootPid: number): MemoryWatch {
  let peak: number | null = null;
  const sample = (): void => {
    let sum = 0;
    for (const pid of processTree(rootPid)) sum += proportionalBytes(pid);
    if (sum > 0) peak = Math.max(peak ?? 0, sum);
  };
  const timer = setInterval(sample, intervalMs);
  sample();
  return {
    stop: () => {
      clearInterval(timer);
      return peak;
    },
  };
}

/** The process and its descendants that are alive now. */
function processTree(rootPid: number): number[] {
  const found = [rootPid];
  for (const pid of found) {
    for (const thread of readIfAlive(() => readdirSync(`/proc/${String(pid)}/task`)) ?? []) {
      const children = readIfAlive(() => readFileSync(`/proc/${String(pid)}/task/${thread}/children`, 'utf8')) ?? '';
      for (const child of children.split(' ')) if (child !== '') found.push(Number(child));
    }
  }
  return found;
}

function proportionalBytes(pid: number): number {
  const text = readIfAlive(() => readFileSync(`/proc/${String(pid)}/smaps_rollup`, 'utf8')) ?? '';
  return Number(/^Pss:\s+(\d+) kB$/m.exec(text)?.[1] ?? 0) * 1024;
}

/** Null when the process ended between two looks at it. */
function readIfAlive<Value>(read: () => Value): Value | null {
  try {
    return read();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ESRCH') return null;
    throw error;
  }
}
