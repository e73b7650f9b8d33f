import { beforeAll, expect, test, vi } from 'vitest';
import { forbidNavigation } from '../../electron/navigation.ts';
import { FakeWebContents, fakeEvent } from './fake-electron.ts';

vi.mock('electron', () => import('./fake-electron.ts'));

beforeAll(forbidNavigation);

/** What Electron emits for each way to get away. */
const navigations: Record<string, readonly [event: string, url: string]> = {
  'a link': ['will-navigate', 'https://example.com/'],
  'a link to a file': ['will-navigate', 'file:///etc/passwd'],
  'a link to another page of ours': ['will-navigate', 'enlarger://app/other.html'],
  'a form': ['will-navigate', 'https://example.com/?q=1'],
  'a refresh in the head of the page': ['will-navigate', 'https://example.com/refresh'],
  'a file that was dropped on the window': ['will-navigate', 'file:///photos/a.jpg'],
  'an address that was dropped on the window': ['will-navigate', 'https://example.com/dropped'],
  'a script of the page': ['will-navigate', 'javascript:alert(1)'],
  'a frame in the page': ['will-frame-navigate', 'https://example.com/frame'],
  'a redirect': ['will-redirect', 'https://example.com/redirected'],
};

test.each(Object.entries(navigations))('%s leads nowhere', (_name, [name, url]) => {
  const contents = new FakeWebContents();
  const event = Object.assign(fakeEvent(), { url });
  contents.emit(name, event);
  expect(event.defaultPrevented).toBe(true);
});

test.each(['window.open', 'a click with the middle button'])('%s opens no window', () => {
  const contents = new FakeWebContents();
  for (const url of ['https://example.com/', 'enlarger://app/index.html', 'about:blank', 'file:///etc/passwd'])
    expect(contents.windowOpenHandler?.({ url } as never)).toEqual({ action: 'deny' });
});

test('no page gets a guest', () => {
  const contents = new FakeWebContents();
  const event = fakeEvent();
  contents.emit('will-attach-webview', event, {}, {});
  expect(event.defaultPrevented).toBe(true);
});
