import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { contract } from '../../../core/api/contract.ts';
import { openEarlyStarts, type EarlyStarts } from '../../../core/host/early-starts.ts';

let started: { screen: number; preview: number };
let starts: EarlyStarts;

beforeEach(() => {
  vi.useFakeTimers();
  started = { screen: 0, preview: 0 };
  const engine = (name: keyof typeof started) => ({ start: () => void (started[name] += 1) });
  starts = openEarlyStarts({ screen: engine('screen'), preview: engine('preview') });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the process for tiles', () => {
  it('is started as soon as the review is opened, or a photo of which nothing else is wanted', () => {
    starts.asked('review', 'list');
    expect(started.screen).toBe(1);
    starts.asked('library', 'show');
    vi.advanceTimersByTime(200);
    expect(started.screen).toBe(2);
  });

  it('is started for a window that opens, but leaves it its first moments, however often it asks for its list', () => {
    starts.asked('library', 'outline');
    starts.asked('library', 'outline');
    vi.advanceTimersByTime(1000);
    expect(started.screen).toBe(0);
    vi.advanceTimersByTime(10_000);
    starts.asked('library', 'outline');
    vi.advanceTimersByTime(10_000);
    expect(started).toEqual({ screen: 1, preview: 0 });
  });
});

describe('the process for previews', () => {
  it('is started when somebody looks at one photo for a while', () => {
    starts.asked('library', 'show');
    vi.advanceTimersByTime(1000);
    starts.asked('library', 'show');
    vi.advanceTimersByTime(1000);
    expect(started.preview).toBe(0);
    vi.advanceTimersByTime(1000);
    expect(started.preview).toBe(1);
  });

  it.each([
    ['library.show', 'queue.plan'],
    ['queue.plan', 'library.show'],
  ])('is started at once where a recipe is chosen, and before that for tiles (%s, %s)', (...calls) => {
    for (const call of calls) {
      const [noun = '', verb = ''] = call.split('.');
      starts.asked(noun, verb);
    }
    vi.advanceTimersByTime(1000);
    expect(started).toEqual({ screen: 0, preview: 1 });
    vi.advanceTimersByTime(10_000);
    expect(started.screen).toBe(1);
  });
});

describe('no process', () => {
  it('is started for a host that was closed meanwhile', () => {
    starts.asked('library', 'outline');
    starts.asked('library', 'show');
    starts.close();
    vi.advanceTimersByTime(10_000);
    expect(started).toEqual({ screen: 0, preview: 0 });
  });

  it('is started by any other call', () => {
    const known = ['library.outline', 'library.show', 'review.list', 'queue.plan'];
    const calls = Object.entries(contract).flatMap(([noun, verbs]) => Object.keys(verbs).map((verb) => `${noun}.${verb}`));
    expect(calls).toEqual(expect.arrayContaining(known));
    for (const call of calls.filter((name) => !known.includes(name))) {
      const [noun = '', verb = ''] = call.split('.');
      starts.asked(noun, verb);
    }
    vi.advanceTimersByTime(10_000);
    expect(started).toEqual({ screen: 0, preview: 0 });
  });
});
