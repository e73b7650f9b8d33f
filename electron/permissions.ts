/** @file Main process: what pages may ask of the system, the devices and the network, which is nothing. */
import { app, type Session } from 'electron';
import { pageScheme } from './address.ts';

/** What the browser engine may fetch: the page, what the page made, and its own tools while developing. */
const localSchemes = new Set([`${pageScheme}:`, 'blob:', 'devtools:']);

/** To be called before the program is ready: names of hosts are never looked up, whoever asks. */
export function forbidNetwork(): void {
  app.commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND');
}

export function lockSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, answer) => answer(null));
  session.setBluetoothPairingHandler((_details, answer) => answer({ confirmed: false }));
  // Turned off alone, it still fetches its dictionaries from the network.
  session.setSpellCheckerEnabled(false);
  session.setSpellCheckerDictionaryDownloadURL('https://dictionaries.invalid/');
  session.on('will-download', (event) => event.preventDefault());
  session.webRequest.onBeforeRequest(({ url }, answer) => {
    answer({ cancel: !localSchemes.has(URL.parse(url)?.protocol ?? '') });
  });
}
