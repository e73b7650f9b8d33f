/** @file The licences of everything that a package holds, as one text. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { LAYERS } from '../layers/rules.ts';
import { PACKED_MODULES } from './packed-modules.ts';

/** Layers that are no part of the desktop program. */
const OTHER_LAYERS = new Set(['cli', 'models']);
/** Brings its licences as files of its own. */
const ELECTRON = 'electron';

const LICENCE_FILE = /^(licen[cs]e|copying|notice|copyright|third[-_ ]?party)/i;

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/**
 * Names every package that the layers of the desktop program may import, with all that those depend on: some are only needed while it is built, and
 * naming too many harms nobody. Throws for a package that names no licence.
 *
 * @param root folder of the repository, with its packages installed
 */
export function licenceText(root: string): string {
  const packages = [...packagesOf(root)].sort(([a], [b]) => (a < b ? -1 : 1));
  const parts = packages.map(([name, directory]) => licenceOf(name, directory));
  return [
    `Enlarger\n\n${readFileSync(path.join(root, 'LICENSE'), 'utf8').trim()}`,
    'Enlarger is made with the packages below. Those with native or WebAssembly code are whole and can be replaced by other builds of them.',
    ...parts,
  ].join(`\n\n${'-'.repeat(80)}\n\n`);
}

/** Folder of each package by its name, each once. */
function packagesOf(root: string): Map<string, string> {
  const found = new Map<string, string>();
  const visit = (name: string, from: string): void => {
    if (name === ELECTRON) return;
    const directory = findPackage(name, from);
    if (directory === null || found.has(name)) return;
    found.set(name, directory);
    for (const next of Object.keys(manifestOf(directory).dependencies ?? {})) visit(next, directory);
  };
  const imported = LAYERS.filter(({ folder }) => !OTHER_LAYERS.has(folder)).flatMap(({ packages }) => packages);
  for (const name of [...imported, ...PACKED_MODULES, ...scopeOf(root, '@img')]) visit(name, root);
  return found;
}

/** Builds of sharp for this system are optional, so nothing depends on them. */
function scopeOf(root: string, scope: string): string[] {
  return readdirSync(path.join(root, 'node_modules', scope)).map((name) => `${scope}/${name}`);
}

/** As Node looks for it: in the packages of the importing folder, then in those above. Null when it is not installed here. */
function findPackage(name: string, from: string): string | null {
  const directory = path.join(from, 'node_modules', name);
  try {
    readFileSync(path.join(directory, 'package.json'));
    return directory;
  } catch {
    // Not here. One that is nowhere is optional, or a scope.
    return path.dirname(from) === from ? null : findPackage(name, path.dirname(from));
  }
}

function licenceOf(name: string, directory: string): string {
  const { version, license } = manifestOf(directory);
  if (license === undefined) throw new Error(`The package ${name} names no licence.`);
  const names = readdirSync(directory);
  const files = names.filter((file) => LICENCE_FILE.test(file));
  // Those of libvips list what is compiled into them.
  if (name.startsWith('@img/')) files.push(...names.filter((file) => file === 'README.md'));
  const texts = files.map((file) => readFileSync(path.join(directory, file), 'utf8').trim());
  return [`${name} ${version} (${license})`, ...texts].join('\n\n');
}

function manifestOf(directory: string): Manifest {
  return JSON.parse(readFileSync(path.join(directory, 'package.json'), 'utf8')) as Manifest;
}
