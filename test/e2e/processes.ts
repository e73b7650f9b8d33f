/** What runs for a server, to see it die. Linux tells it in /proc; elsewhere nothing is found. */
import { readdirSync, readFileSync } from 'node:fs';
import type { TestServer } from './server.ts';

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** Numbers of the processes of its engines: it starts no others. */
export function enginesOf({ library }: TestServer): number[] {
  const all = processes();
  const host = all.find(({ command }) => command.includes(library));
  return all.filter(({ parent }) => parent === host?.pid).map(({ pid }) => pid);
}

function processes(): Process[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
        const parent = Number(/^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${name}/status`, 'utf8'))?.[1]);
        return [{ pid: Number(name), parent, command }];
      } catch {
        return []; // It ended in between.
      }
    });
}
