import { rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { libcOfThisMachine, matchesLockfile, missingPackages } from '../../../build/bootstrap/lockfile.mjs';
import { temporaryTree } from '../temporary-tree.ts';

const otherSystem = process.platform === 'win32' ? 'linux' : 'win32';
const otherCpu = process.arch === 'x64' ? 'arm64' : 'x64';
const plain = { version: '1.0.0', integrity: 'sha512-plain' };
const native = { version: '2.0.0', integrity: 'sha512-native', optional: true, os: [process.platform], cpu: process.arch };
const foreign = [
  { optional: true, os: [otherSystem] },
  { optional: true, os: otherSystem },
  { optional: true, os: [process.platform], cpu: [otherCpu] },
  { optional: true, os: [`!${process.platform}`] },
  { optional: true, os: [process.platform], libc: [libcOfThisMachine() === 'musl' ? 'glibc' : 'musl'] },
  { optional: true },
];

function tree(wanted: object, record: object | null, folders: readonly string[]): string {
  return temporaryTree({
    'package-lock.json': JSON.stringify({ packages: { '': { name: 'app' }, ...wanted } }),
    ...(record === null ? {} : { 'node_modules/.package-lock.json': JSON.stringify({ packages: record }) }),
    ...Object.fromEntries(folders.map((folder) => [`${folder}/package.json`, '{}'])),
  });
}

describe('an installation', () => {
  const both = { 'node_modules/plain': plain, 'node_modules/@a/native': native };
  const folders = Object.keys(both);

  it('is right when it holds the versions of the lockfile for this machine', () => {
    const root = tree({ ...both, ...Object.fromEntries(foreign.map((rule, i) => [`node_modules/f${i}`, rule])) }, both, folders);
    expect(missingPackages(root)).toEqual([]);
    expect(matchesLockfile(root)).toBe(true);
  });

  it.each(folders)('is wrong without %s, optional or not', (folder) => {
    const root = tree(both, both, folders);
    rmSync(path.join(root, folder), { recursive: true });
    expect(missingPackages(root)).toEqual([folder.replace('node_modules/', '')]);
    expect(matchesLockfile(root)).toBe(false);
  });

  it.each([
    ['another version', { ...both, 'node_modules/plain': { ...plain, version: '1.0.1' } }],
    ['other content', { ...both, 'node_modules/plain': { ...plain, integrity: 'sha512-other' } }],
    ['a package too many', { ...both, 'node_modules/more': plain }],
    ['no record by npm', null],
  ])('is wrong with %s', (_case, record) => {
    expect(matchesLockfile(tree(both, record, folders))).toBe(false);
  });

  it('is wrong when its record is cut short', () => {
    const root = temporaryTree({ 'package-lock.json': '{"packages":{}}', 'node_modules/.package-lock.json': '{"packa' });
    expect(matchesLockfile(root)).toBe(false);
  });
});
