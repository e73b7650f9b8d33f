/** @file Main process: the one window, shown, hidden, remembered. */
import type { BrowserWindow } from 'electron';
import { pageAddress } from './address.ts';
import { makeWindow, type WindowPlaces } from './make-window.ts';
import { backgroundColor, onThemeChange } from './theme.ts';
import type { WindowMemory } from './window-state.ts';

export interface MainWindow {
  /** Brings the window to the front, and makes it when there is none. */
  show(): void;
  /** Shows a view of the page by the part of its address behind `#`. */
  goTo(hash: string): void;
  /** Null while there is none: on macOS a program lives on without a window. */
  readonly current: BrowserWindow | null;
}

/** `onMade` gets each window before its page is loaded. */
export function createMainWindow(
  places: WindowPlaces,
  memory: WindowMemory,
  isDevelopment: boolean,
  onMade: (window: BrowserWindow) => void,
): MainWindow {
  let current: BrowserWindow | null = null;
  onThemeChange(() => current?.setBackgroundColor(backgroundColor()));

  const make = (): BrowserWindow => {
    const window = makeWindow(places, memory.state.bounds, isDevelopment);
    window.once('ready-to-show', () => {
      // Not earlier: maximising shows a window at once.
      if (memory.state.maximized) window.maximize();
      window.show();
      remember(window, memory);
    });
    window.once('closed', () => {
      current = null;
    });
    onMade(window);
    return window;
  };

  const load = (window: BrowserWindow, address: string): void => {
    // What stops a page from loading tells it by events, and what this one is made of cannot be missing.
    void window.loadURL(address).catch(() => undefined);
  };

  const shown = (): { window: BrowserWindow; isNew: boolean } => {
    const isNew = current === null;
    const window = (current ??= make());
    if (window.isMinimized()) window.restore();
    if (window.isVisible()) window.focus();
    return { window, isNew };
  };

  return {
    show() {
      const { window, isNew } = shown();
      if (isNew) load(window, pageAddress);
    },
    goTo(hash) {
      load(shown().window, `${pageAddress}${hash}`);
    },
    get current() {
      return current;
    },
  };
}

function remember(window: BrowserWindow, memory: WindowMemory): void {
  const note = (): void => {
    memory.remember({ bounds: window.getNormalBounds(), maximized: window.isMaximized() });
  };
  window.on('resize', note);
  window.on('move', note);
  window.on('maximize', note);
  window.on('unmaximize', note);
}
