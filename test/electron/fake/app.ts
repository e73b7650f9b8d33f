/** The program. What was asked of it is noted. */
import { EventEmitter } from 'node:events';
import type * as Electron from 'electron';
import { fakeEvent } from './event.ts';
import { BrowserWindow } from './window.ts';

class FakeApp extends EventEmitter implements Pick<Electron.App, 'enableSandbox' | 'quit' | 'exit' | 'getLocale' | 'setPath'> {
  readonly switches = new Map<string, string>();
  readonly paths = new Map<string, string>([
    ['appData', '/fake/data'],
    ['userData', '/fake/data/enlarger'],
    ['pictures', '/fake/pictures'],
  ]);
  readonly recentDocuments: string[] = [];
  readonly exitCodes: number[] = [];
  isPackaged = false;
  isReady = false;
  isSandboxed = false;
  hasQuit = false;
  locale = 'en-US';
  appPath = '/fake/app';
  appUserModelId: string | null = null;
  /** What a second start gets, and what it handed over. */
  hasLock = true;
  lockData: unknown = null;

  readonly commandLine = {
    appendSwitch: (name: string, value = ''): void => void this.switches.set(name, value),
    hasSwitch: (name: string): boolean => this.switches.has(name),
    getSwitchValue: (name: string): string => this.switches.get(name) ?? '',
  };

  enableSandbox(): void {
    if (this.isReady) throw new Error('app.enableSandbox() can only be called before app is ready');
    this.isSandboxed = true;
  }
  async whenReady(): Promise<void> {
    if (!this.isReady) await new Promise((resolve) => this.once('ready', resolve));
  }
  becomeReady(): void {
    this.isReady = true;
    this.emit('ready');
  }
  /** As Electron: asks, closes the windows, ends. */
  quit(): void {
    const event = fakeEvent();
    this.emit('before-quit', event);
    if (event.defaultPrevented) return;
    for (const window of BrowserWindow.getAllWindows()) window.destroy();
    this.hasQuit = true;
  }
  exit(code = 0): void {
    this.exitCodes.push(code);
  }
  getPath(name: string): string {
    const path = this.paths.get(name);
    if (path === undefined) throw new Error(`Failed to get '${name}' path`);
    return path;
  }
  setPath(name: string, path: string): void {
    this.paths.set(name, path);
  }
  getAppPath(): string {
    return this.appPath;
  }
  getLocale(): string {
    return this.locale;
  }
  setAppUserModelId(id: string): void {
    this.appUserModelId = id;
  }
  addRecentDocument(path: string): void {
    this.recentDocuments.push(path);
  }
  requestSingleInstanceLock(data?: unknown): boolean {
    this.lockData = structuredClone(data);
    return this.hasLock;
  }
}
export const app = new FakeApp();
// Tests start many of what a program has one of.
app.setMaxListeners(0);
