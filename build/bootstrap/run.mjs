import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import path from 'node:path';
import { SetupError } from './setup-error.mjs';

/** npm forwards the interrupt that the terminal has already sent to everyone: signals closer than this are one. */
const SAME_SIGNAL_MS = 500;

/** @typedef {{ root: string, node: string, file: string, args: string[] }} Program */

/**
 * Runs a program, waits for it and gives back its exit code (128 + n when signal n killed it).
 * @param {Program} program
 * @returns {Promise<number>}
 */
export function runProgram({ root, node, file, args }) {
  return new Promise((resolve, reject) => {
    const child = spawn(node, [file, ...args], {
      stdio: 'inherit',
      cwd: userFolder(root, process.env),
      env: programEnvironment(root, process.env),
    });
    const stopForwarding = forwardSignals(child);
    child.once('error', (error) => {
      stopForwarding();
      reject(
        new SetupError(
          `Node 24 could not be started (${error.message}). Delete the folder node_modules and run the command again.`,
        ),
      );
    });
    child.once('close', (code, signal) => {
      stopForwarding();
      resolve(signal === null ? (code ?? 1) : 128 + constants.signals[signal]);
    });
  });
}

/**
 * `npm run` moves to the repository; the paths a user types are relative to where the user is.
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 * @returns {string} the working folder for the program
 */
function userFolder(root, env) {
  const takesPaths = ['enlarger', 'start'].includes(env['npm_lifecycle_event'] ?? '');
  const movedByNpm = takesPaths && path.resolve(process.cwd()) === root;
  return movedByNpm && env['INIT_CWD'] !== undefined ? env['INIT_CWD'] : process.cwd();
}

/**
 * Options for the program and every process it starts: code cached between starts, and no note that some of Node 24 is new.
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 * @returns {NodeJS.ProcessEnv}
 */
function programEnvironment(root, env) {
  return {
    ...env,
    NODE_OPTIONS: [env['NODE_OPTIONS'], '--disable-warning=ExperimentalWarning'].filter(Boolean).join(' '),
    NODE_COMPILE_CACHE: env['NODE_COMPILE_CACHE'] ?? path.join(root, 'node_modules', '.cache', 'compile'),
  };
}

/**
 * Keeps this process alive until the child has ended, and lets the child have each signal once.
 * @param {import('node:child_process').ChildProcess} child
 * @returns {() => void} stops forwarding
 */
function forwardSignals(child) {
  /** @type {Map<NodeJS.Signals, number>} */
  const lastAt = new Map();
  // A terminal sends these to its whole process group: the child has them already.
  const sentByTerminal = (/** @type {NodeJS.Signals} */ signal) => signal !== 'SIGTERM' && isAtTerminal();
  const onSignal = (/** @type {NodeJS.Signals} */ signal) => {
    const now = performance.now();
    const repeated = now - (lastAt.get(signal) ?? Number.NEGATIVE_INFINITY) < SAME_SIGNAL_MS;
    lastAt.set(signal, now);
    if (!repeated && !sentByTerminal(signal)) child.kill(signal);
  };
  /** @type {NodeJS.Signals[]} */
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, onSignal);
  return () => {
    for (const signal of signals) process.off(signal, onSignal);
  };
}

function isAtTerminal() {
  return process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
}
