import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { contract } from '../../../core/api/contract.ts';
import { openEarlyStarts, type EarlyStarts } from '../../../core/host/early-starts.ts';

let started: number;
let starts: EarlyStarts;

beforeEach(() => {
  vi.useFakeTimers();
  started = 0;
  starts = openEarlyStarts({ start: () => void (started += 1) });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the process for tiles', () => {
  it('is started as soon as a photo or the review is opened', () => {
    starts.asked('library', 'show');
    expect(started).toBe(1);
    starts.asked('review', 'list');
    expect(started).toBe(2);
  });

  it('is started for a window that opens, but leaves it its first moments, however often it asks for its list', () => {
    starts.asked('library', 'outline');
    starts.asked('library', 'outline');
    vi.advanceTimersByTime(1000);
    expect(started).toBe(0);
    vi.advanceTimersByTime(10_000);
    starts.asked('library', 'outline');
    vi.advanceTimersByTime(10_000);
    expect(started).toBe(1);
  });

  it('is not started for a host that was closed meanwhile', () => {
    starts.asked('library', 'outline');
    starts.close();
    vi.advanceTimersByTime(10_000);
    expect(started).toBe(0);
  });

  it('is not started by any other call', () => {
    const known = ['library.outline', 'library.show', 'review.list'];
    const calls = Object.entries(contract).flatMap(([noun, verbs]) => Object.keys(verbs).map((verb) => `${noun}.${verb}`));
    expect(calls).toEqual(expect.arrayContaining(known));
    for (const call of calls.filter((name) => !known.includes(name))) {
      const [noun = '', verb = ''] = call.split('.');
      starts.asked(noun, verb);
    }
    vi.advanceTimersByTime(10_000);
    expect(started).toBe(0);
  });
});
