import { beforeEach, expect, test, vi } from 'vitest';
import type { QueueRest } from '../../core/host/queue-rest.ts';
import { languages, type Language } from '../../core/photo/preferences.ts';
import { announceBatches } from '../../electron/batch-notice.ts';
import type { MainWindow } from '../../electron/window.ts';
import { Notification } from './fake-electron.ts';

vi.mock('electron', () => import('./fake-electron.ts'));

let isFocused = false;
const show = vi.fn();
const window: MainWindow = { show, goTo: vi.fn(), current: { isFocused: () => isFocused } as never };

function finish(rest: QueueRest, language: Language = 'en', main = window): Notification[] {
  let tell: (rest: QueueRest) => void = () => undefined;
  announceBatches({ onQueueIdle: (listener) => ((tell = listener), () => undefined) }, main, () => language);
  tell(rest);
  return Notification.shown;
}

beforeEach(() => {
  Notification.shown.length = 0;
  Notification.supported = true;
  isFocused = false;
  show.mockClear();
});

test.each([
  [{ done: 1, failed: 0 }, '1 photo is done.'],
  [{ done: 1200, failed: 0 }, '1,200 photos are done.'],
  [{ done: 3, failed: 1 }, '3 photos are done. 1 could not be done.'],
  [{ done: 0, failed: 2 }, '2 could not be done.'],
])('who is elsewhere is told of %j', (rest, body) => {
  expect(finish(rest).map(({ options }) => options)).toEqual([{ title: 'Enlarger has finished', body }]);
});

test.each(languages)('in the language %s, with a number in it', (language) => {
  const [notice] = finish({ done: 5, failed: 0 }, language);
  expect(notice?.options.body).toContain('5');
  expect(notice?.options.body).not.toContain('{');
});

test('who looks at the window sees it there', () => {
  isFocused = true;
  expect(finish({ done: 5, failed: 0 })).toEqual([]);
});

test('a batch that was cancelled is no news', () => {
  expect(finish({ done: 0, failed: 0 })).toEqual([]);
});

test('a system without notifications gets none', () => {
  Notification.supported = false;
  expect(finish({ done: 5, failed: 0 })).toEqual([]);
});

test('without a window it is told too, and a click brings one', () => {
  const [notice] = finish({ done: 5, failed: 0 }, 'en', { ...window, current: null });
  notice?.emit('click');
  expect(show).toHaveBeenCalledTimes(1);
});
