/**
 * Electron as far as this program uses it, for processes that are none of Electron's: `vi.mock('electron', () => import('./fake-electron.ts'))`.
 * Signatures are checked against Electron's own types; everything that was asked of it is noted. Each test file has one of its own.
 */
export { app } from './fake/app.ts';
export { dialog } from './fake/dialog.ts';
export { fakeEvent } from './fake/event.ts';
export { contextBridge, exposed, invoke, invokeChannels, ipcMain, ipcRenderer, webUtils, type FakeSender } from './fake/ipc.ts';
export { Menu } from './fake/menu.ts';
export { Notification } from './fake/notification.ts';
export { protocol, session } from './fake/session.ts';
export { nativeTheme, powerSaveBlocker, screen, shell } from './fake/system.ts';
export { playedUtilityProcess as utilityProcess } from './fake/utility-process.ts';
export { BrowserWindow, FakeWebContents, type FakeFrame } from './fake/window.ts';
