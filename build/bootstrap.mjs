/**
 * @file The way in: `node build/bootstrap.mjs <file> [arguments]` runs a program of this repository with Node 24.
 *
 * Works on a machine that has git, npm and some Node >= 20.19, nothing else, so it is plain JavaScript without dependencies.
 * It installs from the lockfile when the installation is missing or stale, finds Node 24 there and hands over. Nothing needs
 * building: Node 24 runs the TypeScript sources directly, so there is no build output that could be stale.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { installIfNeeded } from './bootstrap/install.mjs';
import { findNode24 } from './bootstrap/node-24.mjs';
import { runProgram } from './bootstrap/run.mjs';
import { SetupError } from './bootstrap/setup-error.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/**
 * @param {string[]} commandLine file of the program relative to the repository, then its arguments
 * @returns {Promise<number>} the exit code of the program, or 1 when it could not be started
 */
async function main([program, ...args]) {
  const file = path.resolve(root, program ?? '');
  if (program === undefined || !existsSync(file)) {
    throw new SetupError(`Name the program to run, for example: node build/bootstrap.mjs cli/main.ts --help`);
  }
  await installIfNeeded(root);
  return runProgram({ root, node: findNode24(root), file, args });
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.exitCode = error instanceof SetupError ? error.exitCode : 1;
  process.stderr.write(`enlarger: ${error instanceof SetupError ? error.message : String(/** @type {Error} */ (error).stack)}\n`);
}
