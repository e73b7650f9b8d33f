/** @file Main process: makes a window for the page, with every right that the page has or lacks. */
import { BrowserWindow, screen, type Rectangle } from 'electron';
import { backgroundColor } from './theme.ts';
import { leastSize, reachable, usualSize } from './window-state.ts';

export interface WindowPlaces {
  readonly preload: string;
  /** Picture for where the system takes none from the program; null elsewhere. */
  readonly icon: string | null;
}

/**
 * Not shown yet. `bounds` are those that it had, if any; `isDevelopment` alone opens the developer tools. What are Electron's defaults anyway is
 * written out in one place, where people and tools that check it find it, because all depends on it.
 */
export function makeWindow({ preload, icon }: WindowPlaces, bounds: Rectangle | null, isDevelopment: boolean): BrowserWindow {
  const workAreas = screen.getAllDisplays().map(({ workArea }) => workArea);
  return new BrowserWindow({
    ...usualSize,
    ...reachable(bounds, workAreas),
    minWidth: leastSize.width,
    minHeight: leastSize.height,
    title: 'Enlarger',
    show: false,
    backgroundColor: backgroundColor(),
    // Alt shows it: everything in it is in the page as well.
    autoHideMenuBar: true,
    ...(icon === null ? {} : { icon }),
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      plugins: false,
      safeDialogs: true,
      spellcheck: false,
      devTools: isDevelopment,
    },
  });
}
