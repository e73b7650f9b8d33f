import { beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { DesktopApi } from '../../renderer/host/desktop-api.ts';
import { channels, newsChannel } from '../../electron/channels.ts';
import { exposed, ipcRenderer, webUtils } from './fake-electron.ts';

vi.mock('electron', () => import('./fake-electron.ts'));

let api: DesktopApi;
beforeAll(async () => {
  await import('../../electron/preload.ts');
  api = exposed.get('enlarger') as DesktopApi;
});
beforeEach(() => {
  ipcRenderer.invoked.length = 0;
  ipcRenderer.answer = () => ({ ok: true, value: ['word'] });
});

test('the window has one name of ours, with these functions and nothing else', () => {
  expect([...exposed.keys()]).toEqual(['enlarger']);
  expect(Object.keys(api).sort()).toEqual(['grantDropped', 'listen', 'send']);
  for (const member of Object.values(api)) expect(typeof member).toBe('function');
});

test('a call goes over its channel', async () => {
  await api.send('library', 'list', { limit: 1 });
  expect(ipcRenderer.invoked).toEqual([[channels.call, 'library', 'list', { limit: 1 }]]);
});

test('nothing is ever thrown across the bridge', async () => {
  ipcRenderer.answer = () => {
    throw new Error('no handler');
  };
  expect(await api.send('library', 'list', {})).toMatchObject({ ok: false, failure: { code: 'internal' } });
  expect(await api.grantDropped([new File([], 'a.jpg')])).toEqual([]);
  expect(() => api.listen(() => undefined)).not.toThrow();
});

test('listeners get the news without the event that brought it, until they end', () => {
  const heard: unknown[][] = [];
  const end = api.listen((...news) => void heard.push(news));
  ipcRenderer.emit(newsChannel, { sender: 'the channel itself' }, 'scan', { running: true, found: 1 });
  end();
  ipcRenderer.emit(newsChannel, {}, 'scan', { running: false, found: 1 });
  expect(heard).toEqual([['scan', { running: true, found: 1 }]]);
  expect(ipcRenderer.invoked).toEqual([[channels.listen]]);
});

test('only the places of real files are sent', async () => {
  const real = new File([], 'a.jpg');
  webUtils.places.set(real, '/photos/a.jpg');
  const forged = [new File([], '/etc/passwd'), { path: '/etc/passwd' }, '/etc/passwd', null];
  expect(await api.grantDropped([real, ...(forged as File[])])).toEqual(['word']);
  expect(ipcRenderer.invoked).toEqual([[channels.grantDropped, ['/photos/a.jpg']]]);
});
