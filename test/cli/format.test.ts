import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatEstimate,
  formatMegapixels,
  formatMilliseconds,
  formatPercent,
  formatRate,
} from '../../cli/format.ts';

describe('sizes', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1 kB'],
    [1500, '1.5 kB'],
    [99_940, '99.9 kB'],
    [99_960, '100 kB'],
    [999_499, '999 kB'],
    [999_999, '1 MB'],
    [5_120_000, '5.1 MB'],
    [12e9, '12 GB'],
    [3.2e15, '3.2 PB'],
    [-5, '0 B'],
  ])('%d bytes are %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});

describe('durations', () => {
  it.each([
    [0, '0 s'],
    [420, '0.4 s'],
    [9_940, '9.9 s'],
    [9_960, '10 s'],
    [59_400, '59 s'],
    [59_600, '1 min'],
    [200_000, '3 min 20 s'],
    [3_599_600, '1 h'],
    [7_500_000, '2 h 5 min'],
    [100 * 3_600_000, '4 d 4 h'],
  ])('%d ms are %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it.each([
    [1, 'a few seconds'],
    [6_000, '10 s'],
    [57_000, '60 s'],
    [58_000, '1 min'],
    [61_000, '1 min 10 s'],
    [601_000, '11 min'],
  ])('an estimate of %d ms is %s', (ms, text) => {
    expect(formatEstimate(ms)).toBe(text);
  });

  it('never show 60 seconds or 60 minutes beside a larger unit', () => {
    for (let ms = 0; ms < 2 * 86_400_000; ms += 997_123) expect(formatDuration(ms)).not.toMatch(/\b60 (s|min)\b/);
  });
});

describe('measured times', () => {
  it.each([
    [0, '0 ms'],
    [3.44, '3.4 ms'],
    [34.4, '34 ms'],
    [3412, '3412 ms'],
  ])('%d ms are %s', (ms, text) => {
    expect(formatMilliseconds(ms)).toBe(text);
  });
});

describe('counts and rates', () => {
  it.each([
    [0.786432, '0.79 MP'],
    [3.1, '3.1 MP'],
    [9.97, '10 MP'],
    [48, '48 MP'],
    [1234.4, '1234 MP'],
  ])('%d megapixels are %s', (megapixels, text) => {
    expect(formatMegapixels(megapixels)).toBe(text);
  });

  it('a rate is megapixels a second', () => {
    expect(formatRate(5.13)).toBe('5.1 MP/s');
  });

  it('a noun follows its number', () => {
    expect([0, 1, 2].map((count) => formatCount(count, 'photo'))).toEqual(['0 photos', '1 photo', '2 photos']);
  });

  it('100 % is shown for 1 alone', () => {
    expect([0, 0.29, 0.999, 1, 2, -1].map(formatPercent)).toEqual(['0 %', '29 %', '99 %', '100 %', '100 %', '0 %']);
  });
});
