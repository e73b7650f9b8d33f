/** @file Main process: a page that died takes nothing with it, and can be shown again. */
import { app, dialog, type BrowserWindow } from 'electron';
import { log } from './log.ts';
import type { Words } from './words/words.ts';

/** The library and the queue live on here; only what was typed and not sent is gone. */
export function offerReload(window: BrowserWindow, words: () => Words): void {
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit') return;
    log('warn', `the page ended: ${reason} (${exitCode})`);
    void offer(window, words()).catch((error: unknown) => {
      log('error', `the page could not be shown again: ${String(error)}`);
    });
  });
}

async function offer(window: BrowserWindow, { crash }: Words): Promise<void> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'error',
    message: crash.title,
    detail: crash.text,
    buttons: [crash.reload, crash.quit],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  });
  if (response === 1) app.quit();
  else if (!window.isDestroyed()) window.webContents.reload();
}
