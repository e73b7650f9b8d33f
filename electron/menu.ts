/** @file Main process: the menus of the program, by the customs of each system. */
import { app, Menu, type MenuItemConstructorOptions } from 'electron';
import type { ChoosingWhat } from '../core/host/shell.ts';
import type { LinkId } from './links.ts';
import type { Words } from './words/words.ts';

export interface MenuCommands {
  add(what: ChoosingWhat): Promise<void>;
  showSettings(): void;
  openLink(id: LinkId): void;
}

export interface MenuOptions {
  readonly words: Words;
  readonly commands: MenuCommands;
  readonly links: readonly LinkId[];
}

export interface MenuPlace {
  readonly platform: NodeJS.Platform;
  /** Adds what developers of the page need. */
  readonly isDevelopment: boolean;
}

export function setMenu(options: MenuOptions): void {
  const place = { platform: process.platform, isDevelopment: !app.isPackaged };
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(options, place)));
}

type Item = MenuItemConstructorOptions;
const line: Item = { type: 'separator' };

/** Roles bring their keys and do what the system does; their labels are ours, for the system translates few of them. */
export function menuTemplate({ words, commands, links }: MenuOptions, { platform, isDevelopment }: MenuPlace): Item[] {
  const isMac = platform === 'darwin';
  const settings: Item = { label: words.file.settings, accelerator: 'CmdOrCtrl+,', click: () => commands.showSettings() };
  const add: Item[] = [
    { label: words.file.addPhotos, accelerator: 'CmdOrCtrl+O', click: () => void commands.add('photos') },
    { label: words.file.addFolder, accelerator: 'CmdOrCtrl+Shift+O', click: () => void commands.add('folder') },
  ];
  const file: Item[] = isMac
    ? [...add, line, { role: 'close', label: words.file.close }]
    : [...add, line, settings, line, { role: 'quit', label: words.file.quit }];
  const view: Item[] = [
    { role: 'resetZoom', label: words.view.resetZoom },
    { role: 'zoomIn', label: words.view.zoomIn },
    { role: 'zoomOut', label: words.view.zoomOut },
    line,
    { role: 'togglefullscreen', label: words.view.fullScreen },
    ...(isDevelopment ? [line, { role: 'reload' } as const, { role: 'toggleDevTools' } as const] : []),
  ];
  const windows: Item[] = [
    { role: 'minimize', label: words.window.minimize },
    ...(isMac
      ? [{ role: 'zoom', label: words.window.zoom } as const, line, { role: 'front', label: words.window.front } as const]
      : [{ role: 'close', label: words.file.close } as const]),
  ];
  const help: Item[] = [
    ...links.map((id): Item => ({ label: words.help[id], click: () => commands.openLink(id) })),
    // macOS has it in the menu of the program.
    ...(isMac ? [] : [{ role: 'about', label: words.app.about } as const]),
  ];
  return [
    ...(isMac ? [programMenu(words, settings)] : []),
    { label: words.menus.file, submenu: file },
    { label: words.menus.edit, submenu: editTemplate(words) },
    { label: words.menus.view, submenu: view },
    { label: words.menus.window, role: 'window', submenu: windows },
    ...(help.length === 0 ? [] : [{ label: words.menus.help, role: 'help', submenu: help } as const]),
  ];
}

/** For text fields: the system's own undo, clipboard and selection. */
export function editTemplate({ edit }: Words): Item[] {
  return [
    { role: 'undo', label: edit.undo },
    { role: 'redo', label: edit.redo },
    line,
    { role: 'cut', label: edit.cut },
    { role: 'copy', label: edit.copy },
    { role: 'paste', label: edit.paste },
    { role: 'delete', label: edit.delete },
    line,
    { role: 'selectAll', label: edit.selectAll },
  ];
}

function programMenu({ app: words }: Words, settings: Item): Item {
  return {
    role: 'appMenu',
    submenu: [
      { role: 'about', label: words.about },
      line,
      settings,
      line,
      { role: 'services', label: words.services },
      line,
      { role: 'hide', label: words.hide },
      { role: 'hideOthers', label: words.hideOthers },
      { role: 'unhide', label: words.unhide },
      line,
      { role: 'quit', label: words.quit },
    ],
  };
}
