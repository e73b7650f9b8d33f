/** @file Main process: the menu under the right mouse button in text fields and over selected text. The rest of the page has its own, or none. */
import { Menu, type BrowserWindow } from 'electron';
import { editTemplate } from './menu.ts';
import type { Words } from './words/words.ts';

export function offerTextMenu(window: BrowserWindow, words: () => Words): void {
  window.webContents.on('context-menu', (_event, { isEditable, selectionText, editFlags }) => {
    if (isEditable) Menu.buildFromTemplate(editTemplate(words())).popup({ window });
    else if (selectionText.trim() !== '' && editFlags.canCopy)
      Menu.buildFromTemplate([{ role: 'copy', label: words().edit.copy }]).popup({ window });
  });
}
