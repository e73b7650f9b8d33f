/** @file Main process: the system's own dialogs. */
import { dirname } from 'node:path';
import { app, dialog, type BrowserWindow, type OpenDialogOptions } from 'electron';
import type { ChoosingWhat } from '../core/host/shell.ts';
import { readableExtensions } from '../core/photo/file-names.ts';
import type { Words } from './words/words.ts';

export interface Dialogs {
  /** Absolute paths; none when it was closed. Each one begins where the last choice was made. */
  choose(what: ChoosingWhat): Promise<readonly string[]>;
}

/** A dialog belongs to the window that there is, which it then blocks. */
export function createDialogs(window: () => BrowserWindow | null, words: () => Words): Dialogs {
  let startFolder = app.getPath('pictures');
  return {
    async choose(what) {
      const { choose } = words();
      const options: OpenDialogOptions =
        what === 'folder'
          ? { title: choose.folder, defaultPath: startFolder, properties: ['openDirectory', 'createDirectory'] }
          : {
              title: choose.photos,
              defaultPath: startFolder,
              properties: ['openFile', 'multiSelections'],
              filters: [
                { name: choose.photoFiles, extensions: [...readableExtensions] },
                { name: choose.allFiles, extensions: ['*'] },
              ],
            };
      const parent = window();
      const { canceled, filePaths } = await (parent === null
        ? dialog.showOpenDialog(options)
        : dialog.showOpenDialog(parent, options));
      const [first] = filePaths;
      if (canceled || first === undefined) return [];
      startFolder = what === 'folder' ? first : dirname(first);
      return filePaths;
    },
  };
}
