/** @file Main process: light or dark, for what the system draws and for the window before its page is there. */
import { nativeTheme } from 'electron';
import type { Theme } from '../core/photo/preferences.ts';

/** The page's own background (`--bg-1`), so that nothing flashes when it comes. */
const backgrounds = { dark: '#16191c', light: '#f6f7f8' } as const;

export function setTheme(theme: Theme): void {
  nativeTheme.themeSource = theme;
}

export function backgroundColor(): string {
  return nativeTheme.shouldUseDarkColors ? backgrounds.dark : backgrounds.light;
}

/** Told when the system or the user changes between light and dark. */
export function onThemeChange(listener: () => void): void {
  nativeTheme.on('updated', listener);
}
