/** @file Main process: a page stays where it is. Nothing it says leads anywhere, opens a window or holds a guest. */
import { app, type WebContents } from 'electron';

/** For every page that will ever be, also one that nobody planned. */
export function forbidNavigation(): void {
  app.on('web-contents-created', (_event, contents) => {
    stay(contents);
  });
}

/** Parts of an address behind `#` lead nowhere else and are no navigation; what this program itself loads is not asked either. */
function stay(contents: WebContents): void {
  const refuse = (event: { preventDefault(): void }): void => {
    event.preventDefault();
  };
  contents.on('will-navigate', refuse);
  contents.on('will-frame-navigate', refuse);
  contents.on('will-redirect', refuse);
  contents.on('will-attach-webview', refuse);
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}
