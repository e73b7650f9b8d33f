import { beforeEach, expect, test, vi } from 'vitest';
import { offerTextMenu } from '../../electron/context-menu.ts';
import { wordsOf } from '../../electron/words/words.ts';
import { app, BrowserWindow, Menu } from './fake-electron.ts';

vi.mock('electron', () => import('./fake-electron.ts'));
app.isReady = true;

function click(where: { isEditable?: boolean; selectionText?: string; canCopy?: boolean }): (string | undefined)[][] {
  const window = new BrowserWindow({});
  offerTextMenu(window as never, () => wordsOf('en'));
  const { isEditable = false, selectionText = '', canCopy = true } = where;
  window.webContents.emit('context-menu', {}, { isEditable, selectionText, editFlags: { canCopy } });
  return Menu.popped.map(({ template }) => template.map(({ role }) => role).filter((role) => role !== undefined));
}

beforeEach(() => {
  Menu.popped.length = 0;
});

test('a text field has what the system offers for text', () => {
  expect(click({ isEditable: true })).toEqual([['undo', 'redo', 'cut', 'copy', 'paste', 'delete', 'selectAll']]);
});
test('selected text can be copied', () => {
  expect(click({ selectionText: 'IMG_1234' })).toEqual([['copy']]);
});
test.each([{}, { selectionText: ' ' }, { selectionText: 'x', canCopy: false }])('anything else has none: %j', (where) => {
  expect(click(where)).toEqual([]);
});
