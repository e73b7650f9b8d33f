import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { failureCodes, type Failure } from '../../../core/photo/failure.ts';
import { languages } from '../../../core/photo/preferences.ts';
import { failureAdvice, failureSentences, failureText } from '../../../renderer/messages/failures.ts';
import {
  formatBytes,
  formatDay,
  formatDuration,
  formatList,
  formatMegapixels,
  formatMoment,
  formatMonth,
  formatNumber,
  formatPercent,
  formatRate,
  formatSize,
  formatTaken,
} from '../../../renderer/messages/format.ts';
import { setLanguage, t } from '../../../renderer/messages/index.svelte.ts';

beforeEach(() => setLanguage('en'));
afterEach(() => vi.restoreAllMocks());

describe('in the own part of the world', () => {
  test.each([
    [['en-US'], 'en', 'July 14, 2019', '7/14/19', '100,000'],
    [['en-GB', 'en-US'], 'en', '14 July 2019', '14/07/2019', '100,000'],
    [['de-CH', 'en-AU', 'en-US'], 'en', '14 July 2019', '14/7/19', '100,000'],
    [['en-IN', 'en'], 'en', '14 July 2019', '14/07/19', '1,00,000'],
    [['en-GB'], 'de', '14. Juli 2019', '14.07.19', '100.000'],
  ] as const)('of %j, %s is written as there', async (tags, wanted, long, short, number) => {
    vi.spyOn(navigator, 'languages', 'get').mockReturnValue(tags);
    await setLanguage(wanted);
    expect([formatDay('2019-07-14'), formatDay('2019-07-14', 'short'), formatNumber(100_000)]).toEqual([long, short, number]);
    expect(t('common.photos', { count: 100_000 })).toContain(number);
  });
});

describe('in English', () => {
  test.each([
    [0, '0 byte'],
    [999, '999 byte'],
    [1000, '1 kB'],
    [1234, '1.2 kB'],
    [9960, '10 kB'],
    [310e6, '310 MB'],
    [999_960, '1 MB'],
    [48e9, '48 GB'],
    [3.5e15, '3,500 TB'],
  ])('%d bytes are %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  test.each([
    [0, '1 sec'],
    [57_400, '57 sec'],
    [89_000, '89 sec'],
    [240_000, '4 min'],
    [7_800_000, '2 hr 10 min'],
    [7_199_000, '2 hr'],
  ])('%d milliseconds are %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  test.each([
    [0.043, '0.04 MP/s'],
    [0.36, '0.4 MP/s'],
    [3.42, '3.4 MP/s'],
    [12.3, '12 MP/s'],
  ])('a rate of %d is %s', (rate, text) => {
    expect(formatRate(rate)).toBe(text);
  });

  test('sizes, parts and lists are written as usual', () => {
    expect(formatSize({ width: 4032, height: 3024 })).toBe('4032 × 3024');
    expect([formatMegapixels(1.23e6), formatMegapixels(12.2e6)]).toEqual(['1.2 MP', '12 MP']);
    expect(formatPercent(0.256)).toBe('26%');
    expect(formatList(['a', 'b', 'c'])).toBe('a, b, and c');
  });
});

describe('a time that a camera wrote', () => {
  test('is never moved into another zone', () => {
    expect(formatTaken('2024-05-31T23:59:00')).toMatch(/^May 31, 2024 at 11:59\s?PM$/);
    expect(formatTaken('2024-05-31T23:59:00+09:00')).toMatch(/^May 31, 2024 at 11:59\s?PM$/);
    expect(formatDay('2019-07-14')).toBe('July 14, 2019');
    expect([formatMonth('2019-07-01'), formatMonth('2019-07-01', 'short')]).toEqual(['July 2019', 'Jul 2019']);
  });

  test('that is none is shown as it is', () => {
    expect(formatTaken('in summer')).toBe('in summer');
  });
});

describe.each(languages)('in %s', (language) => {
  beforeEach(() => setLanguage(language));

  test('everything is written, and follows the language', () => {
    const written = [
      formatNumber(1234.5, 1),
      formatBytes(1.5e9),
      formatDuration(9e6),
      formatDay('2019-07-14'),
      formatMoment(0),
      formatList(['a', 'b']),
    ];
    expect(written.every((text) => text !== '')).toBe(true);
    expect(formatNumber(1234.5, 1)).toBe(new Intl.NumberFormat(language, { minimumFractionDigits: 1 }).format(1234.5));
  });

  test.each(failureCodes)('a failure of the kind %s is said with what to do', (code) => {
    const failure: Failure = { code, message: 'Only 3 MB are free.' };
    expect(failureText(failure) === failure.message).toBe(language === 'en');
    expect(failureSentences(failure)).toBe(
      language === 'en' ? failure.message : `${failureText(failure)} ${failureAdvice(failure)}`,
    );
  });
});
