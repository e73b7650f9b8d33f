/** @file Main process: the end of the program waits until the library is closed, but not for ever. */
import { app, BrowserWindow } from 'electron';
import { log } from './log.ts';

/** `close` is called once. After `limitMs` the program ends all the same: what is on the disk is consistent at any moment. */
export function closeBeforeQuit(close: () => Promise<unknown>, limitMs: number): void {
  let state: 'open' | 'closing' | 'closed' = 'open';
  app.on('before-quit', (event) => {
    if (state === 'closed') return;
    event.preventDefault();
    if (state === 'closing') return;
    state = 'closing';
    for (const window of BrowserWindow.getAllWindows()) window.hide();
    void withinLimit(close, limitMs).then(() => {
      state = 'closed';
      app.quit();
    });
  });
  app.on('window-all-closed', () => {
    // On macOS a program without windows goes on, and so does its queue.
    if (process.platform !== 'darwin') app.quit();
  });
}

/** Never rejects. */
async function withinLimit(close: () => Promise<unknown>, limitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(() => {
      log('warn', `the library was not closed within ${limitMs} ms`);
      resolve();
    }, limitMs);
  });
  try {
    await Promise.race([close(), limit]);
  } catch (error) {
    log('error', `the library was not closed well: ${String(error)}`);
  } finally {
    clearTimeout(timer);
  }
}
