import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { electronBinary } from '../../../build/package/electron-binary.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'enlarger-electron-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function put(file: string, text = ''): string {
  const full = path.join(root, file);
  mkdirSync(path.dirname(full), { recursive: true });
  writeFileSync(full, text);
  return full;
}

test('there is none where only its types are installed', () => {
  put('node_modules/electron/electron.d.ts');
  expect(electronBinary(root, {}, 'linux')).toBeNull();
});

test('it is the file that the package names, below its folder', () => {
  put('node_modules/electron/path.txt', 'electron\n');
  const binary = put('node_modules/electron/dist/electron');
  expect(electronBinary(root, {}, 'linux')).toBe(binary);
});

test('a file that is named and gone is none', () => {
  put('node_modules/electron/path.txt', 'electron');
  expect(electronBinary(root, {}, 'linux')).toBeNull();
});

test.each([
  ['linux', 'electron'],
  ['win32', 'electron.exe'],
  ['darwin', 'Electron.app/Contents/MacOS/Electron'],
] as const)('on %s a distribution of one’s own is used', (platform, name) => {
  const binary = put(path.join('own', name));
  expect(electronBinary(root, { ELECTRON_OVERRIDE_DIST_PATH: path.join(root, 'own') }, platform)).toBe(binary);
  expect(electronBinary(root, { ELECTRON_OVERRIDE_DIST_PATH: path.join(root, 'none') }, platform)).toBeNull();
});
