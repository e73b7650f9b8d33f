/** Which run of which process on which machine made something, so that a later run can tell whether it still lives. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import type { ProcessIdentity } from '../photo/state-files.ts';
import { errorCode } from './file-ops.ts';

export function machineKey(): string {
  return createHash('sha256').update(hostname()).digest('hex').slice(0, 6);
}

export async function ownIdentity(): Promise<ProcessIdentity> {
  return { pid: process.pid, machine: machineKey(), boot: await bootId(), startTicks: await startTicks(process.pid) };
}

/** False only when it is certain that the process is gone; one of another machine counts as alive. */
export async function isAlive(identity: ProcessIdentity): Promise<boolean> {
  if (identity.machine !== machineKey()) return true;
  if (identity.boot !== null && identity.boot !== (await bootId())) return false;
  if (!pidExists(identity.pid)) return false;
  // The number may have gone to another process meanwhile; that one started later.
  return identity.startTicks === null || identity.startTicks === (await startTicks(identity.pid));
}

export function pidExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there, but somebody else's.
    return errorCode(error) !== 'ESRCH';
  }
}

async function bootId(): Promise<string | null> {
  return await readFile('/proc/sys/kernel/random/boot_id', 'utf8').then(
    (text) => text.trim(),
    () => null,
  );
}

/** Field 22 of proc(5) stat; the second field, a name in brackets, may hold spaces and brackets itself. */
async function startTicks(pid: number): Promise<string | null> {
  const text = await readFile(`/proc/${String(pid)}/stat`, 'utf8').catch(() => null);
  return text?.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? null;
}
