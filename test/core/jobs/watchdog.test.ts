import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { watchSilence, type SilenceWatch } from '../../../core/jobs/watchdog.ts';

let silences: number;
let watch: SilenceWatch;
beforeEach(() => {
  vi.useFakeTimers();
  silences = 0;
  watch = watchSilence(30_000, () => (silences += 1));
});
afterEach(() => {
  watch.stop();
  vi.useRealTimers();
});

describe('the watchdog', () => {
  it('bites once after the limit, and not before', () => {
    watch.begin();
    vi.advanceTimersByTime(29_000);
    expect(silences).toBe(0);
    vi.advanceTimersByTime(60_000);
    expect(silences).toBe(1);
  });

  it('sleeps while there is nothing to wait for', () => {
    vi.advanceTimersByTime(100_000);
    watch.begin();
    watch.rest();
    vi.advanceTimersByTime(100_000);
    expect(silences).toBe(0);
    watch.begin();
    vi.advanceTimersByTime(29_000);
    expect(silences).toBe(0);
  });

  it('is content with any sign of life', () => {
    watch.begin();
    for (let beat = 0; beat < 20; beat += 1) {
      vi.advanceTimersByTime(20_000);
      watch.alive();
    }
    expect(silences).toBe(0);
  });

  it('waits ten times the usual step on a slow machine', () => {
    watch.begin();
    for (let tile = 0; tile < 5; tile += 1) {
      vi.advanceTimersByTime(8000);
      watch.alive();
      watch.step();
    }
    vi.advanceTimersByTime(79_000);
    expect(silences).toBe(0);
    vi.advanceTimersByTime(3000);
    expect(silences).toBe(1);
  });

  it('does not take the sleep of the whole machine for silence', () => {
    watch.begin();
    vi.advanceTimersByTime(2000);
    const realNow = performance.now();
    // The clock jumps, and only then the next tick comes.
    vi.spyOn(performance, 'now').mockImplementation(() => realNow + 3_600_000);
    vi.advanceTimersByTime(1000);
    expect(silences).toBe(0);
  });
});
