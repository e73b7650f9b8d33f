import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { matchesLockfile, missingPackages } from './lockfile.mjs';
import { withLock } from './lock.mjs';
import { runNpmCi } from './npm.mjs';
import { SetupError } from './setup-error.mjs';

/**
 * Makes `node_modules` be what `package-lock.json` says. Costs one small read and one hash when it already is.
 *
 * A stamp inside `node_modules` says which lockfile it was made from; it is written last and goes first, so an interrupted
 * installation has none and is made anew.
 * @param {string} root folder of the repository
 * @returns {Promise<void>}
 */
export async function installIfNeeded(root) {
  const stamp = expectedStamp(root);
  if (readStamp(root) === stamp) return;
  await whileLocked(root, async () => {
    if (readStamp(root) === stamp) return;
    if (!matchesLockfile(root)) await install(root);
    writeStamp(root, stamp);
  });
}

/** @param {string} root */
async function install(root) {
  note('setting up, once: installing from package-lock.json (about 650 MB on disk) …');
  rmSync(stampFile(root), { force: true });
  await runNpmCi(root, note);
  const missing = missingPackages(root);
  if (missing.length > 0) {
    // npm ends well when an optional package cannot be fetched, and the executables for each system are optional ones.
    throw new SetupError(
      `npm could not fetch ${missing.join(', ')}. Check the network connection and run the command again; ` +
        'if it happens again, look for "omit=optional" in your .npmrc.',
    );
  }
  note('set up.');
}

/**
 * @param {string} root
 * @param {() => Promise<void>} work
 */
async function whileLocked(root, work) {
  try {
    await withLock(path.join(root, '.cache', 'install.lock'), work, (pid) => {
      note(`waiting for another set-up of this folder (process ${pid}) …`);
    });
  } catch (error) {
    if (error instanceof SetupError) throw error;
    const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
    if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || code === 'ENOSPC') {
      const cause = code === 'ENOSPC' ? 'the disk is full' : 'the folder cannot be written';
      throw new SetupError(`${root} cannot be set up: ${cause} (${message}). Mend that and run the command again.`);
    }
    throw error;
  }
}

/** @param {string} root */
function expectedStamp(root) {
  try {
    const hash = createHash('sha256')
      .update(readFileSync(path.join(root, 'package-lock.json')))
      .digest('hex');
    return `${hash} ${process.platform} ${process.arch}\n`;
  } catch (error) {
    const { message } = /** @type {Error} */ (error);
    throw new SetupError(`package-lock.json cannot be read (${message}). Restore it: git checkout package-lock.json`);
  }
}

/** @param {string} root */
function readStamp(root) {
  try {
    return readFileSync(stampFile(root), 'utf8');
  } catch {
    return null; // Not installed, or not readable: installing will say what is wrong.
  }
}

/**
 * @param {string} root
 * @param {string} stamp
 */
function writeStamp(root, stamp) {
  mkdirSync(path.dirname(stampFile(root)), { recursive: true });
  const temporary = `${stampFile(root)}.${process.pid}`;
  writeFileSync(temporary, stamp);
  renameSync(temporary, stampFile(root));
}

/** @param {string} root */
function stampFile(root) {
  return path.join(root, 'node_modules', '.enlarger-installed');
}

/** @param {string} text goes to stderr: stdout belongs to the program and may be read by a script */
function note(text) {
  process.stderr.write(`enlarger: ${text}\n`);
}
