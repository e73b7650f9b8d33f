import { describe, expect, it } from 'vitest';
import { isWorthSecond, type MadeAlone } from '../../../core/jobs/second-place.ts';

const memoryBytes = 4e9;
const photo = (networkMs: number, totalMs: number, peakMemoryBytes = 1e9): MadeAlone => ({ networkMs, totalMs, peakMemoryBytes });

describe('a second photo at the same time', () => {
  it('is worth it only where the network takes less than nine tenths of the time', () => {
    for (const percent of [0, 50, 89]) expect(isWorthSecond([photo(percent, 100)], memoryBytes), `${percent} %`).toBe(true);
    for (const percent of [90, 95, 100]) expect(isWorthSecond([photo(percent, 100)], memoryBytes), `${percent} %`).toBe(false);
  });

  it('is judged by all that is known, in which small photos count for little', () => {
    expect(isWorthSecond([photo(9500, 10_000), photo(10, 100)], memoryBytes)).toBe(false);
    expect(isWorthSecond([photo(950, 1000), photo(5000, 10_000)], memoryBytes)).toBe(true);
  });

  it('is not worth it where nothing is known, or two processes would take too much memory', () => {
    expect(isWorthSecond([], memoryBytes)).toBe(false);
    expect(isWorthSecond([photo(1, 100, 2e9)], memoryBytes)).toBe(true);
    expect(isWorthSecond([photo(1, 100, 1e9), photo(1, 100, 2.1e9)], memoryBytes)).toBe(false);
  });
});
