/** What pages may fetch and use, and the scheme that they come over. */
import { EventEmitter } from 'node:events';
import type * as Electron from 'electron';
import { app } from './app.ts';

export const protocol = {
  schemes: [] as Electron.CustomScheme[],
  handlers: new Map<string, (request: Request) => Response | Promise<Response>>(),
  registerSchemesAsPrivileged(schemes: Electron.CustomScheme[]): void {
    if (app.isReady) throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready');
    protocol.schemes.push(...schemes);
  },
  handle(scheme: string, handler: (request: Request) => Response | Promise<Response>): void {
    protocol.handlers.set(scheme, handler);
  },
};

type Handler<Name extends 'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler'> =
  Parameters<Electron.Session[Name]>[0];
class FakeSession extends EventEmitter {
  permissionRequest: Handler<'setPermissionRequestHandler'> = null;
  permissionCheck: Handler<'setPermissionCheckHandler'> = null;
  devicePermission: Handler<'setDevicePermissionHandler'> = null;
  displayMedia: Parameters<Electron.Session['setDisplayMediaRequestHandler']>[0] = null;
  bluetoothPairing: Parameters<Electron.Session['setBluetoothPairingHandler']>[0] = null;
  beforeRequest: ((details: { url: string }, answer: (response: Electron.CallbackResponse) => void) => void) | null = null;
  spellCheckerEnabled = true;
  dictionaryUrl = '';

  readonly webRequest = {
    onBeforeRequest: (
      listener: (details: { url: string }, answer: (response: Electron.CallbackResponse) => void) => void,
    ): void => {
      this.beforeRequest = listener;
    },
  };
  setPermissionRequestHandler(handler: Handler<'setPermissionRequestHandler'>): void {
    this.permissionRequest = handler;
  }
  setPermissionCheckHandler(handler: Handler<'setPermissionCheckHandler'>): void {
    this.permissionCheck = handler;
  }
  setDevicePermissionHandler(handler: Handler<'setDevicePermissionHandler'>): void {
    this.devicePermission = handler;
  }
  setDisplayMediaRequestHandler(handler: FakeSession['displayMedia']): void {
    this.displayMedia = handler;
  }
  setBluetoothPairingHandler(handler: FakeSession['bluetoothPairing']): void {
    this.bluetoothPairing = handler;
  }
  setSpellCheckerEnabled(enabled: boolean): void {
    this.spellCheckerEnabled = enabled;
  }
  setSpellCheckerDictionaryDownloadURL(url: string): void {
    this.dictionaryUrl = url;
  }
}
export const session = { defaultSession: new FakeSession() };
