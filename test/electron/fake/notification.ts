import { EventEmitter } from 'node:events';
import type * as Electron from 'electron';

export class Notification extends EventEmitter {
  static readonly shown: Notification[] = [];
  static supported = true;
  readonly options: Electron.NotificationConstructorOptions;
  isClosed = false;

  static isSupported(): boolean {
    return Notification.supported;
  }
  constructor(options: Electron.NotificationConstructorOptions) {
    super();
    this.options = options;
  }
  show(): void {
    Notification.shown.push(this);
  }
  close(): void {
    this.isClosed = true;
  }
}
