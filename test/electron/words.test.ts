import { describe, expect, test } from 'vitest';
import { languages } from '../../core/photo/preferences.ts';
import { chooseLanguage, countText, wordsOf } from '../../electron/words/words.ts';

/** Every text with the way to it. */
function texts(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  return Object.entries(value as object).flatMap(([name, member]) => texts(member, `${path}.${name}`));
}
const plainPaths = (value: unknown): string[] =>
  texts(value)
    .map(([path]) => path)
    .filter((path) => !/\.(one|few|many|other)$/.test(path))
    .sort();

describe.each(languages)('%s', (language) => {
  const words = wordsOf(language);
  test('says everything that English says, and in its own words', () => {
    expect(plainPaths(words)).toEqual(plainPaths(wordsOf('en')));
    for (const [path, text] of texts(words)) expect(text, path).toMatch(/^\S(.*\S)?$/);
    const same = texts(words).filter(([path, text]) =>
      texts(wordsOf('en')).some(([other, said]) => other === path && said === text),
    );
    if (language !== 'en') expect(same.length).toBeLessThan(4);
  });
  test('names the number in every form, and has each form that its grammar wants', () => {
    const { done, failed } = words.batch;
    for (const forms of [done, failed]) for (const [form, text] of Object.entries(forms)) expect(text, form).toContain('{count}');
    for (const form of new Intl.PluralRules(language).resolvedOptions().pluralCategories) expect(done).toHaveProperty(form);
  });
});

test.each([
  ['en', 1, '1 photo is done.'],
  ['en', 2, '2 photos are done.'],
  ['de', 12_345, '12.345 Fotos sind fertig.'],
  ['ru', 1, 'Готова 1 фотография.'],
  ['ru', 3, 'Готовы 3 фотографии.'],
  ['ru', 11, 'Готово 11 фотографий.'],
  ['ru', 21, 'Готова 21 фотография.'],
  ['ja', 1, '1 枚の写真が完了しました。'],
] as const)('%s counts %d as "%s"', (language, count, text) => {
  expect(countText(language, wordsOf(language).batch.done, count)).toBe(text);
});

test.each([
  ['system', 'de-AT', 'de'],
  ['system', 'DE', 'de'],
  ['system', 'ja', 'ja'],
  ['system', 'en-GB', 'en'],
  ['system', 'fr-FR', 'en'],
  ['system', '', 'en'],
  ['ru', 'de-DE', 'ru'],
] as const)('who wants %s where the system speaks %s reads %s', (wanted, system, language) => {
  expect(chooseLanguage(wanted, system)).toBe(language);
});
