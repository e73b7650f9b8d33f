import { describe, expect, test } from 'vitest';
import { languages } from '../../../core/photo/preferences.ts';
import { failureCodes } from '../../../core/photo/failure.ts';
import { pluralBase, pluralForm, textsOf, type Texts } from './message-files.ts';

const english = textsOf('en');
const translations = languages.filter((language) => language !== 'en');

describe.each(languages)('the texts in %s', (language) => {
  const texts = textsOf(language);

  test('are there, and none is empty or has spaces at its ends', () => {
    expect(texts.size).toBeGreaterThan(50);
    expect([...texts].filter(([, text]) => text.trim() === '' || text !== text.trim())).toEqual([]);
  });

  test('have exactly the plural forms of the grammar', () => {
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories.toSorted();
    for (const [base, found] of pluralForms(texts)) expect(found.toSorted(), base).toEqual(forms);
  });

  test('use double braces for what is put in, and for nothing else', () => {
    const rest = (text: string): string => text.replace(/\{\{[a-zA-Z]+\}\}/g, '');
    expect([...texts].filter(([, text]) => /\{\{|\}\}|\$t\(/.test(rest(text)))).toEqual([]);
  });

  test('say of every failure what it is and what to do', () => {
    for (const code of failureCodes) {
      expect(texts.has(`failure.${code}.what`), code).toBe(true);
      expect(texts.has(`failure.${code}.todo`), code).toBe(true);
    }
  });
});

describe.each(translations)('the translation into %s', (language) => {
  const texts = textsOf(language);

  test('has a text for every English one, and no other', () => {
    expect(bases(texts)).toEqual(bases(english));
  });

  test('puts the same things into each text', () => {
    for (const [key, text] of texts) {
      const original = english.get(key) ?? english.get(`${pluralBase(key)}_other`);
      // A form such as "one photo" may do without its number.
      const needed = placeholders(original ?? '').filter(
        (name) => name !== 'count' || !['one', 'zero'].includes(pluralForm(key) ?? ''),
      );
      expect(placeholders(text), key).toEqual(expect.arrayContaining(needed));
      expect(placeholders(original ?? ''), key).toEqual(expect.arrayContaining(placeholders(text)));
    }
  });
});

function bases(texts: Texts): string[] {
  return [...new Set([...texts.keys()].map(pluralBase))].toSorted();
}

function pluralForms(texts: Texts): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const key of texts.keys()) {
    const form = pluralForm(key);
    if (form !== null) found.set(pluralBase(key), [...(found.get(pluralBase(key)) ?? []), form]);
  }
  return found;
}

function placeholders(text: string): string[] {
  return [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name = '']) => name).toSorted();
}
