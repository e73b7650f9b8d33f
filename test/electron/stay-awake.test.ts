import { expect, test, vi } from 'vitest';
import { stayAwakeWhileWorking } from '../../electron/stay-awake.ts';
import { powerSaveBlocker } from './fake-electron.ts';
import { queueEvents, queueStatus } from './queue-status.ts';

vi.mock('electron', () => import('./fake-electron.ts'));

const kept = (): string[] => [...powerSaveBlocker.running.values()];

test('the computer stays awake exactly while something runs; the screen may sleep', () => {
  const { events, tell } = queueEvents(queueStatus(0, 0));
  const end = stayAwakeWhileWorking(events);
  expect(kept()).toEqual([]);
  tell(queueStatus(3, 0));
  tell(queueStatus(3, 1));
  expect(kept()).toEqual(['prevent-app-suspension']);
  tell(queueStatus(3, 1, { working: false, paused: true }));
  expect(kept()).toEqual([]);
  tell(queueStatus(3, 2));
  tell(queueStatus(3, 3));
  expect(kept()).toEqual([]);
  expect(powerSaveBlocker.started).toBe(2);
  tell(queueStatus(4, 3));
  end();
  expect(kept()).toEqual([]);
  tell(queueStatus(5, 3));
  expect(kept()).toEqual([]);
});
