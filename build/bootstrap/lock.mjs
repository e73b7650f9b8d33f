import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const HEARTBEAT_MS = 2_000;
/** A holder that has not touched its lock for this long is taken for dead even when its process id is in use again. */
const DEAD_AFTER_MS = 60_000;
const POLL_MS = 100;

/** @typedef {{ pid: number, token: string }} Holder */

/**
 * Runs `work` while holding a lock file, so that of several processes only one works at a time. A lock whose holder died
 * is taken over.
 * @template T
 * @param {string} file the lock file; its folder is made when missing
 * @param {() => Promise<T>} work
 * @param {(pid: number) => void} onWait called once, with the process id of the holder, when the lock is taken
 * @returns {Promise<T>}
 */
export async function withLock(file, work, onWait) {
  mkdirSync(path.dirname(file), { recursive: true });
  const token = randomUUID();
  let waited = false;
  while (!tryTake(file, token)) {
    const holder = readHolder(file);
    if (holder !== null && isDead(holder, file)) breakLock(file, holder);
    else if (holder !== null && holder.pid !== process.pid && !waited) {
      waited = true;
      onWait(holder.pid);
    }
    await sleep(POLL_MS);
  }
  const heartbeat = setInterval(() => touch(file), HEARTBEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    if (readHolder(file)?.token === token) rmSync(file, { force: true });
  }
}

/**
 * @param {string} file
 * @param {string} token
 */
function tryTake(file, token) {
  try {
    writeFileSync(file, JSON.stringify({ pid: process.pid, token }), { flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/**
 * @param {string} file
 * @returns {Holder | null} null when the lock is gone, or not yet or no longer readable
 */
function readHolder(file) {
  try {
    return /** @type {Holder} */ (JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    // Created and not yet written (the holder is about to write), or its holder died in between: then its age decides.
    return error instanceof SyntaxError ? { pid: process.pid, token: 'unwritten' } : null;
  }
}

/**
 * @param {Holder} holder
 * @param {string} file
 */
function isDead(holder, file) {
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    // EPERM: the process lives and belongs to another user.
    if (codeOf(error) === 'ESRCH') return true;
  }
  try {
    return Date.now() - statSync(file).mtimeMs > DEAD_AFTER_MS;
  } catch {
    return false;
  }
}

/**
 * Removes the lock of a dead holder. Several waiters may see the same dead holder; the folder named by its token lets one
 * of them through, so that nobody removes the lock of a successor.
 * @param {string} file
 * @param {Holder} holder
 */
function breakLock(file, holder) {
  const turn = `${file}.${holder.token}`;
  try {
    mkdirSync(turn);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    // Whoever came first died before it was done.
    if (Date.now() - (statSync(turn, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) > DEAD_AFTER_MS) {
      rmSync(turn, { recursive: true, force: true });
    }
    return;
  }
  if (readHolder(file)?.token === holder.token) rmSync(file, { force: true });
  rmSync(turn, { recursive: true, force: true });
}

/** @param {string} file */
function touch(file) {
  try {
    utimesSync(file, new Date(), new Date());
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

/** @param {unknown} error */
function codeOf(error) {
  return /** @type {NodeJS.ErrnoException} */ (error).code;
}
