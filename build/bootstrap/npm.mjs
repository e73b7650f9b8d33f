import { spawn } from 'node:child_process';
import { mkdirSync, renameSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import { libcOfThisMachine } from './lockfile.mjs';
import { SetupError } from './setup-error.mjs';

const STILL_WORKING_MS = 15_000;
const KILL_AFTER_MS = 2_000;
/** Lines of npm's own words that are shown: the cause comes first, its manual page after it. */
const WORDS_OF_NPM = 8;
const AGAIN = 'and run the command again';

/**
 * What npm's error codes mean for the user. Codes, not texts: they are the same in every version and language.
 * @type {readonly { codes: string[], says: string }[]}
 */
const FAILURES = [
  {
    codes: [
      'ENOTFOUND',
      'EAI_AGAIN',
      'ECONNREFUSED',
      'ECONNRESET',
      'ETIMEDOUT',
      'ENETUNREACH',
      'EHOSTUNREACH',
      'ERR_SOCKET_TIMEOUT',
      'FETCH_ERROR',
    ],
    says: `The npm registry cannot be reached. Connect to the network (behind a proxy: npm config set proxy URL) ${AGAIN}.`,
  },
  {
    codes: ['ENOTCACHED'],
    says: `npm is set to work offline and its cache lacks a package. Run npm config delete offline ${AGAIN}.`,
  },
  {
    codes: ['ENOSPC'],
    says: `The disk is full. About 1 GB is needed for node_modules and npm's cache: free some space ${AGAIN}.`,
  },
  {
    codes: ['EACCES', 'EPERM', 'EROFS'],
    says: `npm may not write here. Make this folder and ~/.npm yours and writable ${AGAIN}.`,
  },
  { codes: ['EINTEGRITY'], says: `A package is not the one the lockfile vouches for. Run npm cache clean --force ${AGAIN}.` },
  { codes: ['EUSAGE'], says: `package.json and package-lock.json disagree. Run npm install, commit package-lock.json ${AGAIN}.` },
  { codes: ['E401', 'E403', 'E404'], says: `The npm registry refuses a package. Check "npm config get registry" ${AGAIN}.` },
];

/**
 * Runs `npm ci` without install scripts. Its words go to stderr.
 * @param {string} root folder of the repository
 * @param {(text: string) => void} note tells the user something
 * @returns {Promise<void>}
 */
export async function runNpmCi(root, note) {
  if (libcOfThisMachine() === 'musl') {
    throw new SetupError(
      'This Linux has musl as its C library, and onnxruntime needs glibc 2.28 or newer. Use such a system or container.',
    );
  }
  if (process.platform === 'win32') moveRunningNodeAside(root);
  const started = Date.now();
  const timer = setInterval(() => {
    note(`still installing (${Math.round((Date.now() - started) / 1_000)} s) …`);
  }, STILL_WORKING_MS);
  try {
    await ci(root);
  } finally {
    clearInterval(timer);
  }
}

/**
 * @param {string} root
 * @returns {Promise<void>}
 */
function ci(root) {
  const { command, args, shell } = npmCommand(process.env);
  // The environment of a calling npm may be silent or leave packages out; error codes and all packages are needed here.
  const options = ['--ignore-scripts', '--include=dev', '--include=optional', '--loglevel=error', '--no-audit', '--no-fund'];
  const retries = ['--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=10000'];
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...args, 'ci', ...options, ...retries], { cwd: root, shell, stdio: ['ignore', 2, 'pipe'] });
    let words = '';
    child.stderr?.on('data', (/** @type {Buffer} */ chunk) => {
      words += chunk.toString();
    });
    /** @type {NodeJS.Signals | null} */
    let interruptedBy = null;
    const stopWith = (/** @type {NodeJS.Signals} */ signal) => {
      interruptedBy = signal;
      child.kill(signal);
      // npm may unpack on for half a minute. What it leaves is incomplete anyway and known to be.
      setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS).unref();
    };
    process.on('SIGINT', stopWith).on('SIGTERM', stopWith);
    const settle = (/** @type {SetupError | null} */ failure) => {
      process.off('SIGINT', stopWith).off('SIGTERM', stopWith);
      if (failure === null) resolve();
      else reject(failure);
    };
    child.once('error', () => {
      settle(
        new SetupError(`npm cannot be started. Install Node 20.19 or newer together with npm from https://nodejs.org ${AGAIN}.`),
      );
    });
    child.once('close', (code, signal) => {
      settle(code === 0 ? null : npmFailure(words, interruptedBy ?? signal));
    });
  });
}

/**
 * @param {string} words what npm wrote to stderr
 * @param {NodeJS.Signals | null} signal what interrupted npm, if anything did
 * @returns {SetupError}
 */
export function npmFailure(words, signal) {
  if (signal !== null) {
    return new SetupError('Set-up was interrupted. Run the command again to finish it.', 128 + constants.signals[signal]);
  }
  const code = /^npm (?:error|ERR!) code (\S+)/m.exec(words)?.[1];
  const known = FAILURES.find(({ codes }) => code !== undefined && codes.includes(code));
  const itsWords = words.trim().split('\n').slice(0, WORDS_OF_NPM).join('\n');
  return new SetupError(`${known?.says ?? `npm ci failed. Mend what npm names below ${AGAIN}.`}\n${itsWords}`);
}

/**
 * The npm that called, run by the Node it was called with; else the one on the PATH.
 * @param {NodeJS.ProcessEnv} env
 */
function npmCommand(env) {
  const script = env['npm_execpath'];
  if (script !== undefined && /npm-cli\.c?js$/.test(script)) {
    return { command: env['npm_node_execpath'] ?? process.execPath, args: [script], shell: false };
  }
  // npm is a batch file on Windows, which only a shell can start.
  return { command: 'npm', args: [], shell: process.platform === 'win32' };
}

/**
 * Under `npm run` this process may itself be the Node in `node_modules`. Windows cannot delete a running program, but it
 * can move it, and `npm ci` begins by deleting.
 * @param {string} root
 */
function moveRunningNodeAside(root) {
  if (!process.execPath.startsWith(path.join(root, 'node_modules') + path.sep)) return;
  const folder = path.join(root, '.cache', 'old-node');
  mkdirSync(folder, { recursive: true });
  renameSync(process.execPath, path.join(folder, `${process.pid}.exe`));
}
