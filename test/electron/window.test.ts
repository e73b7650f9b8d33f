import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { createMainWindow } from '../../electron/window.ts';
import type { WindowMemory, WindowState } from '../../electron/window-state.ts';
import { app, BrowserWindow, nativeTheme, screen } from './fake-electron.ts';

vi.mock('electron', () => import('./fake-electron.ts'));

app.isReady = true;
const places = { preload: '/app/preload.cjs', icon: null };

function memoryOf(state: Partial<WindowState> = {}): WindowMemory & { readonly remembered: Partial<WindowState>[] } {
  const remembered: Partial<WindowState>[] = [];
  return {
    state: { bounds: null, maximized: false, theme: 'system', ...state },
    remembered,
    remember: (changes) => void remembered.push(changes),
    close: () => Promise.resolve(),
  };
}

function made(state: Partial<WindowState> = {}, isDevelopment = false) {
  const memory = memoryOf(state);
  const onMade = vi.fn();
  const main = createMainWindow(places, memory, isDevelopment, onMade);
  main.show();
  const window = BrowserWindow.made.at(-1)!;
  return { main, window, memory, onMade };
}

beforeEach(() => {
  for (const window of BrowserWindow.getAllWindows()) window.destroy();
  BrowserWindow.made.length = 0;
  nativeTheme.themeSource = 'system';
  nativeTheme.systemIsDark = true;
});

describe('what a page may', () => {
  test.each([
    ['sandbox', true],
    ['contextIsolation', true],
    ['nodeIntegration', false],
    ['nodeIntegrationInWorker', false],
    ['nodeIntegrationInSubFrames', false],
    ['webSecurity', true],
    ['allowRunningInsecureContent', false],
    ['experimentalFeatures', false],
    ['webviewTag', false],
    ['navigateOnDragDrop', false],
    ['plugins', false],
    ['safeDialogs', true],
    ['spellcheck', false],
    ['devTools', false],
  ] as const)('%s is %s', (name, value) => {
    expect(made().window.options.webPreferences?.[name]).toBe(value);
  });
  test('is nothing else: no feature of the browser engine is turned on or off', () => {
    const { preload, ...rest } = made().window.options.webPreferences ?? {};
    expect(preload).toBe('/app/preload.cjs');
    expect(Object.keys(rest)).toHaveLength(14);
  });
  test('includes developer tools only while developing', () => {
    const released = made().window.options.webPreferences;
    expect(made({}, true).window.options.webPreferences).toEqual({ ...released, devTools: true });
  });
});

test('a window is shown when its page can be drawn, with the colour of the page before', () => {
  const { window } = made();
  expect(window.visible).toBe(false);
  expect(window.loaded).toEqual(['enlarger://app/index.html']);
  window.emit('ready-to-show');
  expect(window.visible).toBe(true);
});

test.each(['light', 'dark'] as const)('the %s background is the one of the page', (theme) => {
  nativeTheme.themeSource = theme;
  const tokens = readFileSync(new URL('../../renderer/ui/tokens.css', import.meta.url), 'utf8');
  const [, light, dark] = /--bg-1: light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/.exec(tokens) ?? [];
  expect(made().window.backgroundColor).toBe({ light, dark }[theme]);
});

test('the background follows the theme', () => {
  const { window } = made();
  const dark = window.backgroundColor;
  nativeTheme.themeSource = 'light';
  expect(window.backgroundColor).not.toBe(dark);
});

test('a window comes back where it was', () => {
  const bounds = { x: 100, y: 50, width: 1000, height: 700 };
  const { window } = made({ bounds, maximized: true });
  expect(window.bounds).toEqual(bounds);
  window.emit('ready-to-show');
  expect(window.maximized).toBe(true);
});

test('where it goes is remembered', () => {
  const { window, memory } = made();
  window.emit('ready-to-show');
  window.bounds = { x: 7, y: 8, width: 900, height: 600 };
  window.emit('move');
  expect(memory.remembered).toEqual([{ bounds: window.bounds, maximized: false }]);
  window.maximize();
  expect(memory.remembered.at(-1)).toEqual({ bounds: window.bounds, maximized: true });
});

test('one that was on a screen that is gone is placed by the system', () => {
  screen.workAreas = [{ x: 0, y: 0, width: 1920, height: 1040 }];
  const { window } = made({ bounds: { x: 3000, y: 50, width: 1000, height: 700 } });
  expect(window.options.x).toBeUndefined();
  expect(window.options).toMatchObject({ width: 1280, height: 840 });
});

test('there is one window, brought back however it is hidden', () => {
  const { main, window, onMade } = made();
  window.emit('ready-to-show');
  window.minimized = true;
  window.focused = false;
  main.show();
  expect(BrowserWindow.made).toHaveLength(1);
  expect(window).toMatchObject({ minimized: false, focused: true });
  expect(window.loaded).toHaveLength(1);
  expect(onMade).toHaveBeenCalledTimes(1);
});

test('after it was closed there is none, and then a new one', () => {
  const { main, window } = made();
  window.destroy();
  expect(main.current).toBeNull();
  main.show();
  expect(main.current).toBe(BrowserWindow.made.at(-1));
  expect(BrowserWindow.made).toHaveLength(2);
});

test('a view is shown by the part of the address behind #', () => {
  const { main, window } = made();
  main.goTo('#/settings');
  expect(window.loaded.at(-1)).toBe('enlarger://app/index.html#/settings');
  window.destroy();
  main.goTo('#/queue');
  expect(BrowserWindow.made.at(-1)?.loaded).toEqual(['enlarger://app/index.html#/queue']);
});
