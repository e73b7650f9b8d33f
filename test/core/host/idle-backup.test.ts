import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { backUpWhenIdle, type IdleBackup } from '../../../core/host/idle-backup.ts';

let backups: number;
let working: boolean;
let idle: IdleBackup;
beforeEach(() => {
  vi.useFakeTimers();
  backups = 0;
  working = false;
  idle = backUpWhenIdle({ backUp: () => void (backups += 1), isWorking: () => working, quietMs: 1000, everyMs: 400 });
});
afterEach(() => {
  idle.close();
  vi.useRealTimers();
});

describe('the backup of a program that is never closed', () => {
  it('waits until nobody has asked anything for a while', () => {
    for (let turn = 0; turn < 20; turn += 1) {
      vi.advanceTimersByTime(300);
      idle.asked();
    }
    expect(backups).toBe(0);
    vi.advanceTimersByTime(1400);
    expect(backups).toBe(1);
  });

  it('waits for what is worked on', () => {
    working = true;
    vi.advanceTimersByTime(10_000);
    expect(backups).toBe(0);
    working = false;
    vi.advanceTimersByTime(400);
    expect(backups).toBe(1);
  });

  it('is made by nobody any more when that is closed', () => {
    idle.close();
    vi.advanceTimersByTime(10_000);
    expect(backups).toBe(0);
  });
});
