import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { language, setLanguage, systemLanguage, t } from '../../../renderer/messages/index.svelte.ts';
import { languages } from '../../../core/photo/preferences.ts';

beforeEach(() => setLanguage('en'));
afterEach(() => vi.restoreAllMocks());

describe('a text', () => {
  test('has the plural of its language', async () => {
    const photos = (counts: readonly number[]): string[] => counts.map((count) => t('common.photos', { count }));
    expect(photos([0, 1, 2])).toEqual(['0 photos', '1 photo', '2 photos']);
    await setLanguage('de');
    expect(photos([0, 1, 2])).toEqual(['0 Fotos', '1 Foto', '2 Fotos']);
    await setLanguage('ru');
    expect(photos([1, 2, 5, 11, 21, 104])).toEqual([
      ...['1 фотография', '2 фотографии', '5 фотографий'],
      ...['11 фотографий', '21 фотография', '104 фотографии'],
    ]);
    await setLanguage('ja');
    expect(photos([1, 2])).toEqual(['写真 1 枚', '写真 2 枚']);
  });

  test('writes numbers as its language does', async () => {
    expect(t('common.photos', { count: 100_000 })).toBe('100,000 photos');
    await setLanguage('de');
    expect(t('common.photos', { count: 100_000 })).toBe('100.000 Fotos');
  });

  test.each(['<b>&amp;</b>', '{{count}}', '$t(common.cancel)', '$& $1 $$', '{{{{value}}}}', "it's \\"])(
    'shows %s that a user wrote as it is',
    (value) => {
      expect(t('common.megapixels', { value })).toBe(`${value} MP`);
    },
  );

  test('takes no option of the message library from a value', () => {
    expect(t('common.megapixels', { value: 3, lng: 'ja', ns: 'none', context: 'x', defaultValue: 'y', replace: 'z' })).toBe(
      '3 MP',
    );
  });

  test('comes without a word on the console', async () => {
    const said = [vi.spyOn(console, 'log'), vi.spyOn(console, 'info'), vi.spyOn(console, 'warn'), vi.spyOn(console, 'error')];
    for (const one of languages) {
      await setLanguage(one);
      t('common.photos', { count: 2 });
    }
    for (const spy of said) expect(spy).not.toHaveBeenCalled();
  });
});

describe('the language', () => {
  test.each(languages)('%s is told to the page, for screen readers, hyphens and fonts', async (wanted) => {
    await setLanguage(wanted);
    expect(language()).toBe(wanted);
    expect(document.documentElement.lang).toBe(wanted);
  });

  test('is the last one that was asked for, whatever loads faster', async () => {
    const slow = setLanguage('de');
    const fast = setLanguage('en');
    await Promise.all([slow, fast]);
    expect(language()).toBe('en');
  });

  test.each([
    [['de-AT', 'en'], 'de'],
    [['fr-FR', 'ja-JP', 'de'], 'ja'],
    [['EN-gb'], 'en'],
    [['fr', 'dev'], 'en'],
    [[], 'en'],
  ])('of a system that asks for %j is %s', (wanted, expected) => {
    expect(systemLanguage(wanted)).toBe(expected);
  });
});
