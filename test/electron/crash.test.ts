import { beforeEach, expect, test, vi } from 'vitest';
import { offerReload } from '../../electron/crash.ts';
import { wordsOf } from '../../electron/words/words.ts';
import { app, BrowserWindow, dialog } from './fake-electron.ts';

vi.mock('electron', () => import('./fake-electron.ts'));
vi.mock('../../electron/log.ts', () => ({ log: () => undefined }));
app.isReady = true;

function crashed(reason: string): BrowserWindow {
  const window = new BrowserWindow({});
  offerReload(window as never, () => wordsOf('en'));
  window.webContents.emit('render-process-gone', {}, { reason, exitCode: 139 });
  return window;
}

beforeEach(() => {
  dialog.messages.length = 0;
  dialog.answers.button = 0;
  app.hasQuit = false;
});

test.each(['crashed', 'oom', 'killed', 'abnormal-exit', 'launch-failed', 'integrity-failure'])(
  'a page that is gone (%s) can be shown again',
  async (reason) => {
    const window = crashed(reason);
    await vi.waitFor(() => {
      expect(window.webContents.reloads).toBe(1);
    });
    expect(dialog.messages).toMatchObject([{ buttons: ['Show It Again', 'Quit'], defaultId: 0, cancelId: 0 }]);
    expect(app.hasQuit).toBe(false);
  },
);

test('or the program ends', async () => {
  dialog.answers.button = 1;
  const window = crashed('crashed');
  await vi.waitFor(() => {
    expect(app.hasQuit).toBe(true);
  });
  expect(window.webContents.reloads).toBe(0);
});

test('a page that was closed is not asked about', async () => {
  const window = crashed('clean-exit');
  await Promise.resolve();
  expect(dialog.messages).toEqual([]);
  expect(window.webContents.reloads).toBe(0);
});

test('a window that was closed meanwhile is not touched', async () => {
  const window = crashed('crashed');
  window.destroy();
  await new Promise(setImmediate);
  expect(window.webContents.reloads).toBe(0);
});
