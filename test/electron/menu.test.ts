import type { MenuItemConstructorOptions } from 'electron';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { languages } from '../../core/photo/preferences.ts';
import { menuTemplate, setMenu, type MenuOptions } from '../../electron/menu.ts';
import { wordsOf } from '../../electron/words/words.ts';
import { Menu } from './fake-electron.ts';

vi.mock('electron', () => import('./fake-electron.ts'));

const commands = { add: vi.fn(() => Promise.resolve()), showSettings: vi.fn(), openLink: vi.fn() };
const options: MenuOptions = { words: wordsOf('en'), commands, links: ['website', 'issues'] };
const platforms = ['linux', 'win32', 'darwin'] as const;

function items(template: readonly MenuItemConstructorOptions[]): MenuItemConstructorOptions[] {
  return template.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? items(item.submenu) : [])]);
}
const labels = (template: readonly MenuItemConstructorOptions[]) => items(template).map(({ label }) => label);
const roles = (template: readonly MenuItemConstructorOptions[]) => items(template).map(({ role }) => role as string | undefined);

beforeEach(() => {
  vi.clearAllMocks();
});

describe.each(platforms)('on %s', (platform) => {
  const place = { platform, isDevelopment: false };
  test.each(languages)('everything has a text in the language %s', (language) => {
    const template = menuTemplate({ ...options, words: wordsOf(language) }, place);
    for (const item of items(template)) {
      if (item.type === 'separator' || item.role === 'appMenu') continue;
      expect(item.label, JSON.stringify(item)).toMatch(/\S/);
    }
  });
  test('no two items have the same keys', () => {
    const keys = items(menuTemplate(options, place)).flatMap(({ accelerator }) => accelerator ?? []);
    expect(new Set(keys).size).toBe(keys.length);
  });
  test('a release has nothing for developers', () => {
    expect(roles(menuTemplate(options, place))).not.toContain('toggleDevTools');
    expect(roles(menuTemplate(options, place))).not.toContain('reload');
    expect(roles(menuTemplate(options, { ...place, isDevelopment: true }))).toContain('toggleDevTools');
  });
  test('every command can be reached', () => {
    for (const { click } of items(menuTemplate(options, place))) (click as (() => void) | undefined)?.();
    expect(commands.add.mock.calls).toEqual([['photos'], ['folder']]);
    expect(commands.showSettings).toHaveBeenCalledTimes(1);
    expect(commands.openLink.mock.calls).toEqual([['website'], ['issues']]);
  });
});

test('on macOS the program has a menu of its own, with its settings and its end', () => {
  const [first, ...rest] = menuTemplate(options, { platform: 'darwin', isDevelopment: false });
  expect(first?.role).toBe('appMenu');
  expect(roles([first!])).toEqual(expect.arrayContaining(['about', 'services', 'hide', 'hideOthers', 'unhide', 'quit']));
  expect(labels([first!])).toContain('Settings…');
  expect(roles(rest)).not.toContain('quit');
  expect(labels(rest)).not.toContain('Settings…');
});

test.each(['linux', 'win32'] as const)('on %s the file menu ends the program', (platform) => {
  const [file] = menuTemplate(options, { platform, isDevelopment: false });
  expect(file?.label).toBe('File');
  expect(roles([file!]).at(-1)).toBe('quit');
});

test('a copy that nobody published offers no links, and macOS then no empty menu', () => {
  const template = menuTemplate({ ...options, links: [] }, { platform: 'darwin', isDevelopment: false });
  expect(labels(template)).not.toContain('Help');
});

test('it is set for the whole program', () => {
  setMenu(options);
  expect(Menu.application?.template.length).toBeGreaterThan(3);
});
