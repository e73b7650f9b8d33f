import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { withLock } from '../../../build/bootstrap/lock.mjs';
import { temporaryTree } from '../temporary-tree.ts';

const lockModule = path.resolve(import.meta.dirname, '../../../build/bootstrap/lock.mjs');
const nobody = () => {
  throw new Error('nobody else holds the lock');
};

/** A process that takes the lock and notes when it is inside and when it leaves. */
const CONTENDER = `
  import { appendFileSync } from 'node:fs';
  const [lockModule, lock, log] = process.argv.slice(1);
  const { withLock } = await import(lockModule);
  await withLock(lock, async () => {
    appendFileSync(log, 'in\\n');
    await new Promise((resolve) => setTimeout(resolve, 50));
    appendFileSync(log, 'out\\n');
  }, () => {});
`;

async function contend(count: number, lock: string, log: string): Promise<void> {
  const args = ['--input-type=module', '-e', CONTENDER, lockModule, lock, log];
  const all = Array.from({ length: count }, () => once(spawn(process.execPath, args, { stdio: 'inherit' }), 'exit'));
  expect(await Promise.all(all)).toEqual(all.map(() => [0, null]));
}

function deadProcessId(): number {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  return pid;
}

describe('the lock', () => {
  it('gives back what the work gives back, and is gone afterwards, also when the work fails', async () => {
    const lock = path.join(temporaryTree(), 'deep', 'lock');
    await expect(withLock(lock, () => Promise.resolve(7), nobody)).resolves.toBe(7);
    await expect(withLock(lock, () => Promise.reject(new Error('work failed')), nobody)).rejects.toThrow('work failed');
    expect(existsSync(lock)).toBe(false);
  });

  it.each([
    ['nobody held it before', null],
    [
      'its holder died',
      (lock: string) => {
        writeFileSync(lock, JSON.stringify({ pid: deadProcessId(), token: 'dead' }));
      },
    ],
    [
      'its process id belongs to someone else by now',
      (lock: string) => {
        writeFileSync(lock, JSON.stringify({ pid: process.pid, token: 'old' }));
        utimesSync(lock, 0, 0);
      },
    ],
    [
      'its holder died before it had written its name',
      (lock: string) => {
        writeFileSync(lock, '');
        utimesSync(lock, 0, 0);
      },
    ],
  ])('lets one process in at a time when %s', async (_case, prepare) => {
    const folder = temporaryTree();
    const lock = path.join(folder, 'lock');
    prepare?.(lock);
    await contend(5, lock, path.join(folder, 'log'));
    expect(readFileSync(path.join(folder, 'log'), 'utf8')).toBe('in\nout\n'.repeat(5));
    expect(readdirSync(folder)).toEqual(['log']);
  });

  it('says once whom it waits for', async () => {
    const lock = path.join(temporaryTree(), 'lock');
    const holder = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    writeFileSync(lock, JSON.stringify({ pid: holder.pid, token: 'alive' }));
    const waitedFor: number[] = [];
    await withLock(
      lock,
      () => Promise.resolve(),
      (pid) => {
        waitedFor.push(pid);
        holder.kill('SIGKILL');
      },
    );
    expect(waitedFor).toEqual([holder.pid]);
  });
});
