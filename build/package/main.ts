/**
 * @file Command `npm run package [-- --dir] [--release]`: builds the desktop program and packs it for the system it runs on, into `out/packages`.
 * `--dir` makes only the folder that the packages hold.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { makePackage } from './make-package.ts';

const { values } = parseArgs({
  options: { dir: { type: 'boolean', default: false }, release: { type: 'boolean', default: false } },
});
const files = await makePackage({
  root: path.resolve(import.meta.dirname, '..', '..'),
  env: process.env,
  isRelease: values.release,
  onlyFolder: values.dir,
  say: (sentence) => process.stderr.write(`enlarger: ${sentence}\n`),
});
for (const file of files) process.stdout.write(`${file}\n`);
