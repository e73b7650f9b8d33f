import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * One package of a lockfile, as far as it is used here.
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, os?: string | string[], cpu?: string | string[],
 *   libc?: string | string[] }} LockedPackage
 */

/**
 * Whether `node_modules` holds exactly what `package-lock.json` asks for on this machine, as after `npm ci` or `npm install`
 * by hand. npm keeps its own record there and writes it when everything else is in place.
 * @param {string} root folder of the repository
 * @returns {boolean}
 */
export function matchesLockfile(root) {
  const installed = readPackages(path.join(root, 'node_modules', '.package-lock.json'));
  const wanted = readPackages(path.join(root, 'package-lock.json'));
  if (installed === null || wanted === null) return false;
  const same = Object.entries(installed).every(
    ([name, { version, integrity }]) => wanted[name]?.version === version && wanted[name]?.integrity === integrity,
  );
  return same && missingPackages(root).length === 0;
}

/**
 * Packages of the lockfile that belong on this machine and have no folder.
 * @param {string} root folder of the repository
 * @returns {string[]} names as in the lockfile, without the leading `node_modules/`
 */
export function missingPackages(root) {
  const packages = Object.entries(readPackages(path.join(root, 'package-lock.json')) ?? {});
  return packages
    .filter(([name, locked]) => fitsThisMachine(locked) && !existsSync(path.join(root, name, 'package.json')))
    .map(([name]) => name.replace(/^node_modules\//, ''));
}

/**
 * An optional package is expected only when it names this kind of machine: one without a system may belong to another one
 * (such as the WebAssembly builds), and npm rightly leaves it out.
 * @param {LockedPackage} locked
 */
function fitsThisMachine({ optional, os, cpu, libc }) {
  if (optional === true && os === undefined && cpu === undefined) return false;
  return allows(os, process.platform) && allows(cpu, process.arch) && (libc === undefined || allows(libc, libcOfThisMachine()));
}

/**
 * npm's rule: a list of names, or of refusals that begin with `!`.
 * @param {string | string[] | undefined} rule
 * @param {string} value
 */
function allows(rule, value) {
  const names = [rule ?? []].flat();
  if (names.includes(`!${value}`)) return false;
  const wanted = names.filter((name) => !name.startsWith('!'));
  return wanted.length === 0 || wanted.includes(value) || wanted.includes('any');
}

/** @returns {string} 'glibc', 'musl', or 'none' on systems other than Linux */
export function libcOfThisMachine() {
  if (process.platform !== 'linux') return 'none';
  const { header } = /** @type {{ header: { glibcVersionRuntime?: string } }} */ (process.report.getReport());
  return header.glibcVersionRuntime === undefined ? 'musl' : 'glibc';
}

/**
 * @param {string} file
 * @returns {Record<string, LockedPackage> | null} by folder, without the repository itself; null when there is no such file
 */
function readPackages(file) {
  try {
    const { packages } = /** @type {{ packages: Record<string, LockedPackage> }} */ (JSON.parse(readFileSync(file, 'utf8')));
    return Object.fromEntries(Object.entries(packages).filter(([name]) => name !== ''));
  } catch {
    return null; // Missing or cut short: then nothing is known about what is installed.
  }
}
