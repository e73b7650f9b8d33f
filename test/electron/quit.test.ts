import { beforeEach, describe, expect, test, vi } from 'vitest';
import { closeBeforeQuit } from '../../electron/quit.ts';
import { app, BrowserWindow } from './fake-electron.ts';

vi.mock('electron', () => import('./fake-electron.ts'));
const log = vi.hoisted(() => vi.fn());
vi.mock('../../electron/log.ts', () => ({ log }));
app.isReady = true;

beforeEach(() => {
  vi.useFakeTimers();
  log.mockClear();
  app.removeAllListeners();
  app.hasQuit = false;
  for (const window of BrowserWindow.getAllWindows()) window.destroy();
  return () => vi.useRealTimers();
});

function closing(): { close: () => Promise<void>; calls: () => number; finish: () => void; fail: (error: Error) => void } {
  let calls = 0;
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  return {
    close: async () => {
      calls += 1;
      await promise;
    },
    calls: () => calls,
    finish: () => {
      resolve(undefined);
    },
    fail: reject,
  };
}

test('the program ends when the library is closed, and not before', async () => {
  const { close, finish } = closing();
  closeBeforeQuit(close, 1000);
  app.quit();
  await vi.advanceTimersByTimeAsync(900);
  expect(app.hasQuit).toBe(false);
  finish();
  await vi.advanceTimersByTimeAsync(0);
  expect(app.hasQuit).toBe(true);
  expect(log).not.toHaveBeenCalled();
});

test('who is impatient changes nothing', async () => {
  const { close, calls, finish } = closing();
  closeBeforeQuit(close, 1000);
  app.quit();
  app.quit();
  app.quit();
  expect(calls()).toBe(1);
  expect(app.hasQuit).toBe(false);
  finish();
  await vi.advanceTimersByTimeAsync(0);
  expect(app.hasQuit).toBe(true);
});

test('the window goes at once', () => {
  const window = new BrowserWindow({});
  closeBeforeQuit(closing().close, 1000);
  app.quit();
  expect(window.visible).toBe(false);
});

test('a library that does not close is given up after a time, and that is told', async () => {
  closeBeforeQuit(closing().close, 1000);
  app.quit();
  await vi.advanceTimersByTimeAsync(1000);
  expect(app.hasQuit).toBe(true);
  expect(log.mock.calls).toEqual([['warn', 'the library was not closed within 1000 ms']]);
});

test('one that fails to close does not keep the program', async () => {
  const { close, fail } = closing();
  closeBeforeQuit(close, 1000);
  app.quit();
  fail(new Error('disk is gone'));
  await vi.advanceTimersByTimeAsync(0);
  expect(app.hasQuit).toBe(true);
  expect(log.mock.calls).toEqual([['error', 'the library was not closed well: Error: disk is gone']]);
});

describe('without windows', () => {
  const platform = Object.getOwnPropertyDescriptor(process, 'platform')!;
  test.each([
    ['linux', true],
    ['win32', true],
    ['darwin', false],
  ])('on %s the program ends: %s', async (name, ends) => {
    Object.defineProperty(process, 'platform', { ...platform, value: name });
    closeBeforeQuit(() => Promise.resolve(), 1000);
    new BrowserWindow({}).destroy();
    await vi.advanceTimersByTimeAsync(0);
    Object.defineProperty(process, 'platform', platform);
    expect(app.hasQuit).toBe(ends);
  });
});
