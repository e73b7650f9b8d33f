/** Windows and their pages. */
import { EventEmitter } from 'node:events';
import type * as Electron from 'electron';
import { app } from './app.ts';
import { fakeEvent } from './event.ts';

export interface FakeFrame {
  readonly url: string;
  readonly parent: FakeFrame | null;
}

export class FakeWebContents
  extends EventEmitter
  implements Pick<Electron.WebContents, 'send' | 'isDestroyed' | 'reload' | 'setWindowOpenHandler'>
{
  readonly sent: (readonly [channel: string, ...args: unknown[]])[] = [];
  mainFrame: FakeFrame = { url: '', parent: null };
  reloads = 0;
  /** Told what is sent, for a page that is elsewhere. */
  onSent: ((channel: string, args: readonly unknown[]) => void) | null = null;
  windowOpenHandler: ((details: Electron.HandlerDetails) => Electron.WindowOpenHandlerResponse) | null = null;
  #isDestroyed = false;

  constructor() {
    super();
    app.emit('web-contents-created', fakeEvent(), this);
  }
  send(channel: string, ...args: unknown[]): void {
    if (this.#isDestroyed) throw new TypeError('Object has been destroyed');
    const copies = structuredClone<unknown[]>(args);
    this.sent.push([channel, ...copies]);
    this.onSent?.(channel, copies);
  }
  isDestroyed(): boolean {
    return this.#isDestroyed;
  }
  destroy(): void {
    if (this.#isDestroyed) return;
    this.#isDestroyed = true;
    this.emit('destroyed');
  }
  reload(): void {
    this.reloads += 1;
  }
  setWindowOpenHandler(handler: (details: Electron.HandlerDetails) => Electron.WindowOpenHandlerResponse): void {
    this.windowOpenHandler = handler;
  }
}

type WindowMethods =
  'show' | 'hide' | 'focus' | 'isFocused' | 'isVisible' | 'isMinimized' | 'restore' | 'maximize' | 'isMaximized' | 'isDestroyed';

export class BrowserWindow
  extends EventEmitter
  implements Pick<Electron.BrowserWindow, WindowMethods | 'getNormalBounds' | 'setProgressBar' | 'setBackgroundColor' | 'loadURL'>
{
  static readonly made: BrowserWindow[] = [];
  readonly options: Electron.BrowserWindowConstructorOptions;
  readonly webContents: FakeWebContents;
  readonly progress: (readonly [fraction: number, mode: string | undefined])[] = [];
  readonly loaded: string[] = [];
  bounds: Electron.Rectangle;
  backgroundColor: string | undefined;
  focused = false;
  visible = false;
  minimized = false;
  maximized = false;

  static getAllWindows(): BrowserWindow[] {
    return BrowserWindow.made.filter((window) => !window.isDestroyed());
  }
  constructor(options: Electron.BrowserWindowConstructorOptions) {
    super();
    if (!app.isReady) throw new Error('Cannot create BrowserWindow before app is ready');
    this.options = options;
    this.webContents = new FakeWebContents();
    this.bounds = { x: options.x ?? 0, y: options.y ?? 0, width: options.width ?? 800, height: options.height ?? 600 };
    this.backgroundColor = options.backgroundColor;
    this.visible = options.show !== false;
    BrowserWindow.made.push(this);
  }
  async loadURL(url: string): Promise<void> {
    this.loaded.push(url);
    this.webContents.mainFrame = { url, parent: null };
    await Promise.resolve();
  }
  show(): void {
    this.visible = true;
    this.focused = true;
  }
  hide(): void {
    this.visible = false;
    this.focused = false;
  }
  focus(): void {
    this.focused = true;
  }
  isFocused(): boolean {
    return this.focused;
  }
  isVisible(): boolean {
    return this.visible;
  }
  isMinimized(): boolean {
    return this.minimized;
  }
  restore(): void {
    this.minimized = false;
  }
  /** As in Electron, it shows the window too. */
  maximize(): void {
    this.maximized = true;
    this.visible = true;
    this.emit('maximize');
  }
  isMaximized(): boolean {
    return this.maximized;
  }
  getNormalBounds(): Electron.Rectangle {
    return this.bounds;
  }
  setProgressBar(fraction: number, options?: Electron.ProgressBarOptions): void {
    this.progress.push([fraction, options?.mode]);
  }
  setBackgroundColor(color: string): void {
    this.backgroundColor = color;
  }
  isDestroyed(): boolean {
    return this.webContents.isDestroyed();
  }
  destroy(): void {
    if (this.isDestroyed()) return;
    this.webContents.destroy();
    this.emit('closed');
    if (BrowserWindow.getAllWindows().length === 0 && app.listenerCount('window-all-closed') > 0) app.emit('window-all-closed');
  }
}
