/** @file Main process: where the parts of the program are, in a checkout as in a package. */
import { join } from 'node:path';
import { app } from 'electron';

export interface ProgramPlaces {
  readonly page: string;
  readonly preload: string;
  readonly engineEntry: string;
  readonly models: string;
  readonly metadata: string;
  /** Null where the system knows the picture of a program from its package. */
  readonly icon: string | null;
  readonly windowState: string;
}

/** `built` is the folder that the build filled, which this file is bundled one level below. */
export function programPlaces(built: string = join(import.meta.dirname, '..')): ProgramPlaces {
  return {
    page: join(built, 'renderer'),
    preload: join(built, 'electron', 'preload.cjs'),
    engineEntry: join(built, 'engine', 'main.js'),
    // Outside the archive: the engine reads them as files, and an update need not bring them anew.
    models: app.isPackaged ? join(process.resourcesPath, 'models') : join(built, '..', 'models'),
    metadata: join(app.getAppPath(), 'package.json'),
    icon: process.platform === 'linux' ? join(built, 'electron', 'icon.png') : null,
    windowState: join(app.getPath('userData'), 'window.json'),
  };
}

/**
 * What the browser engine keeps lies beside the library, under the same name on every system. To be called before the program is ready; a folder
 * that was named on the command line stays.
 */
export function keepTogether(): void {
  if (!app.commandLine.hasSwitch('user-data-dir')) app.setPath('userData', join(app.getPath('appData'), 'enlarger', 'desktop'));
}
