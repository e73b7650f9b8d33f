import { expect, test, vi } from 'vitest';
import { createEvents } from '../../core/api/events.ts';
import { usualPreferences } from '../../core/photo/preferences.ts';
import { newsChannel } from '../../electron/channels.ts';
import { createNews } from '../../electron/news.ts';
import { FakeWebContents } from './fake-electron.ts';

vi.mock('electron', () => import('./fake-electron.ts'));

function told() {
  const events = createEvents({ check: true, states: { preferences: () => usualPreferences } });
  const page = new FakeWebContents();
  const news = createNews();
  news.tell(page as never, events);
  return { events, page, news };
}

test('the state of now comes first, then what happens', () => {
  const { events, page } = told();
  events.emit('scan', { running: true, found: 3 });
  expect(page.sent).toEqual([
    [newsChannel, 'preferences', usualPreferences],
    [newsChannel, 'scan', { running: true, found: 3 }],
  ]);
});

test('a page that asks again hears everything once', () => {
  const { events, page, news } = told();
  news.tell(page as never, events);
  page.sent.length = 0;
  events.emit('scan', { running: false, found: 3 });
  expect(page.sent).toHaveLength(1);
});

test.each(['destroyed', 'render-process-gone'])('a page that is %s is told nothing more', (end) => {
  const { events, page } = told();
  page.sent.length = 0;
  if (end === 'destroyed') page.destroy();
  else page.emit(end);
  events.emit('scan', { running: false, found: 3 });
  expect(page.sent).toEqual([]);
  expect(page.listenerCount('destroyed') + page.listenerCount('render-process-gone')).toBe(0);
});
