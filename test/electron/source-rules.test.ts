/** What no test of a part can see: that there is no second way round it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

function sources(folder: string): { file: string; text: string }[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|svelte|html)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({ file: relative(root, file).replaceAll('\\', '/'), text: readFileSync(file, 'utf8') }));
}
const electron = sources('electron');
const renderer = sources('renderer');
const filesWith = (pattern: RegExp, among = electron): string[] =>
  among.filter(({ text }) => pattern.test(text)).map(({ file }) => file);

test('there is something to look at', () => {
  expect(electron.length).toBeGreaterThan(25);
  expect(renderer.length).toBeGreaterThan(20);
});

describe.each([
  [/\bipcMain\b/, ['electron/ipc.ts']],
  [/\b(ipcRenderer|contextBridge|webUtils)\b/, ['electron/preload.ts']],
  [/\bopenExternal\b/, ['electron/links.ts']],
  [/\b(showItemInFolder|openPath)\b/, ['electron/desktop-shell.ts']],
  [/\bprotocol\.(handle|register)/, ['electron/protocol.ts']],
  [/\bnew BrowserWindow\b/, ['electron/make-window.ts']],
  [/\bwebPreferences\b/, ['electron/make-window.ts']],
  [/\butilityProcess\b/, ['electron/engine-process.ts']],
  [/\bset(PermissionRequest|PermissionCheck|DevicePermission|DisplayMediaRequest)Handler\b/, ['electron/permissions.ts']],
  // Nothing at all of these.
  [/\b(executeJavaScript|insertCSS|loadFile|WebContentsView|BrowserView|remote|webFrame|child_process)\b/, []],
  [/\b(sharp|onnxruntime-node|core\/engine)\b(?!\/main)/, []],
  [/['"`](http|ws)s?:\/\//, ['electron/permissions.ts']],
] as const)('%s', (pattern, files) => {
  test(`stands in ${files.join(' and ') || 'no file'}`, () => {
    const found = filesWith(pattern);
    expect(found).toEqual(files);
  });
});

test('the page reaches the program through its bridge alone, and holds no guest', () => {
  expect(filesWith(/\b(require|ipcRenderer|electron)\s*[('"]/, renderer)).toEqual([]);
  expect(filesWith(/<webview\b|allowpopups|\{@html\b/, renderer)).toEqual([]);
  expect(filesWith(/\bwindow\.enlarger\b/, renderer)).toEqual(['renderer/host/bridge.ts']);
});

test('the main process is put together in one short file', () => {
  const lines = (file: string): number => electron.find((source) => source.file === file)?.text.split('\n').length ?? Infinity;
  expect(lines('electron/main.ts')).toBeLessThan(150);
  expect(lines('electron/preload.ts')).toBeLessThan(50);
});

test('every file says in which process it runs', () => {
  for (const { file, text } of electron.filter(({ file: name }) => !/words\/(de|en|ja|ru)\.ts$/.test(name)))
    expect(text, file).toMatch(/^\/\*\* @file (Main process|Preload script|Preload and main process)/);
});
