import { beforeAll, describe, expect, test, vi } from 'vitest';
import { forbidNetwork, lockSession } from '../../electron/permissions.ts';
import { app, fakeEvent, session } from './fake-electron.ts';

vi.mock('electron', () => import('./fake-electron.ts'));

const { defaultSession } = session;
beforeAll(() => {
  forbidNetwork();
  lockSession(defaultSession as never);
});

/** Of Electron's own list. */
const permissions = [
  ...['clipboard-read', 'clipboard-sanitized-write', 'display-capture', 'fileSystem', 'fullscreen', 'geolocation', 'hid'],
  ...['idle-detection', 'keyboardLock', 'local-fonts', 'media', 'mediaKeySystem', 'midi', 'midiSysex', 'notifications'],
  ...['openExternal', 'pointerLock', 'screen-wake-lock', 'serial', 'speaker-selection', 'storage-access', 'usb', 'unknown'],
] as const;

describe.each(permissions)('the permission %s', (permission) => {
  test('is denied to who asks for it', () => {
    const answer = vi.fn();
    defaultSession.permissionRequest?.(null as never, permission, answer, null as never);
    expect(answer.mock.calls).toEqual([[false]]);
  });
  test('is not there for who looks', () => {
    expect(defaultSession.permissionCheck?.(null, permission as never, 'enlarger://app', {} as never)).toBe(false);
  });
});

test.each(['hid', 'serial', 'usb'] as const)('no device of the kind %s is given', (deviceType) => {
  expect(defaultSession.devicePermission?.({ deviceType, origin: 'enlarger://app', device: {} } as never)).toBe(false);
});

test('no screen is given', () => {
  const answer = vi.fn();
  defaultSession.displayMedia?.({} as never, answer);
  expect(answer.mock.calls).toEqual([[null]]);
});

test('no device is paired', () => {
  const answer = vi.fn();
  defaultSession.bluetoothPairing?.({} as never, answer);
  expect(answer.mock.calls).toEqual([[{ confirmed: false }]]);
});

test('nothing is downloaded', () => {
  const event = fakeEvent();
  defaultSession.emit('will-download', event);
  expect(event.defaultPrevented).toBe(true);
});

test('the spell checker is off, and its dictionaries come from nowhere', () => {
  expect(defaultSession.spellCheckerEnabled).toBe(false);
  // RFC 2606: the top-level domain `invalid` never resolves.
  expect(new URL(defaultSession.dictionaryUrl).hostname).toMatch(/\.invalid$/);
});

test('no name of a host is looked up', () => {
  expect(app.switches.get('host-resolver-rules')).toBe('MAP * ~NOTFOUND');
});

test.each([
  ['enlarger://app/index.html', false],
  ['blob:enlarger://app/1f', false],
  ['devtools://devtools/bundled/inspector.html', false],
  ['http://127.0.0.1/', true],
  ['https://example.com/', true],
  ['ws://127.0.0.1/', true],
  ['wss://example.com/', true],
  ['ftp://example.com/', true],
  ['file:///etc/passwd', true],
  ['data:text/html,hello', true],
  ['chrome://gpu/', true],
  ['', true],
])('the address %s is refused: %s', (url, cancel) => {
  const answer = vi.fn();
  defaultSession.beforeRequest?.({ url }, answer);
  expect(answer.mock.calls).toEqual([[{ cancel }]]);
});
