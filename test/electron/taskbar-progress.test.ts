import { expect, test, vi } from 'vitest';
import { showTaskbarProgress } from '../../electron/taskbar-progress.ts';
import { app, BrowserWindow } from './fake-electron.ts';
import { queueEvents, queueStatus } from './queue-status.ts';

vi.mock('electron', () => import('./fake-electron.ts'));
app.isReady = true;

test('the bar follows what was asked for, shows a pause, and goes away at the end', () => {
  const window = new BrowserWindow({});
  const { events, tell } = queueEvents(queueStatus(0, 0));
  const end = showTaskbarProgress(events, () => window as never);
  tell(queueStatus(4, 0));
  tell(queueStatus(4, 1));
  tell(queueStatus(4, 2, { paused: true, working: false }));
  tell(queueStatus(4, 4));
  expect(window.progress).toEqual([
    [-1, undefined],
    [0, 'normal'],
    [0.25, 'normal'],
    [0.5, 'paused'],
    [-1, undefined],
  ]);
  window.progress.length = 0;
  end();
  tell(queueStatus(9, 1));
  expect(window.progress).toEqual([[-1, undefined]]);
});

test('looking at new photos shows none', () => {
  const window = new BrowserWindow({});
  const { events } = queueEvents(queueStatus(0, 0, { looks: 5000, working: true }));
  showTaskbarProgress(events, () => window as never);
  expect(window.progress).toEqual([[-1, undefined]]);
});

test('without a window there is nothing to show it on', () => {
  const { events, tell } = queueEvents(queueStatus(4, 1));
  const end = showTaskbarProgress(events, () => null);
  tell(queueStatus(4, 2));
  expect(end).not.toThrow();
});
