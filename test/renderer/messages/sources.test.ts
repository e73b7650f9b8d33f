import { describe, expect, test } from 'vitest';
import { pluralBase, pluralForm, textsOf } from './message-files.ts';
import { messageCalls, sources, stringsOf, wordsIn } from './sources.ts';

/** Names that are the same in every language. */
const brands = ['Enlarger'];

const texts = textsOf('en');
const keys = new Set([...texts.keys()].map(pluralBase));
const components = [...sources].filter(([path]) => path.endsWith('.svelte'));

test('the sources of the window are read', () => {
  expect(components.length).toBeGreaterThan(20);
});

test('no component shows or speaks a word of its own', () => {
  const found = components.flatMap(([path, source]) =>
    wordsIn(path, source)
      .filter((word) => !brands.includes(word.trim()))
      .map((word) => `${path}: ${word.trim()}`),
  );
  expect(found).toEqual([]);
});

test('every message that is asked for is there and gets what is put into it', () => {
  const wrong: string[] = [];
  for (const [path, source] of sources) {
    for (const { keys: wanted, values } of messageCalls(path, source)) {
      for (const key of wanted) {
        const missing = keys.has(key) ? neededBy(key).filter((name) => values?.includes(name) === false) : ['the message'];
        if (missing.length > 0) wrong.push(`${path}: t('${key}') lacks ${missing.join(', ')}`);
      }
    }
  }
  expect(wrong).toEqual([]);
});

test('every message is used', () => {
  const strings = [...sources]
    .filter(([path]) => !path.startsWith('renderer/messages/en/'))
    .map(([path, source]) => stringsOf(path, source));
  const isUsed = (key: string): boolean =>
    strings.some(({ plain, patterns }) => plain.has(key) || patterns.some((pattern) => pattern.test(key)));
  expect([...keys].filter((key) => !isUsed(key))).toEqual([]);
});

describe('the search for words', () => {
  test.each([
    ['<p>Hello</p>', ['Hello']],
    ['<p title="Hello">{name}</p>', ['Hello']],
    ['<Field label="Hello" />', ['Hello']],
    ["<p>{busy ? 'Wait' : t('common.ok')}</p>", ['Wait']],
    ['<p aria-label={`Photo ${n}`}></p>', ['Photo ']],
    ['{#if a}<b>Hello</b>{/if}', ['Hello']],
    ['<p class="name">{t(\'common.ok\')} · {size} × {count}</p>', []],
    ["<p>{text.replace('a', 'b')}</p>", []],
    ["<Icon name=\"x\" kind={a ? 'quiet' : 'plain'} />", []],
  ])('finds in %s %j', (source, words) => {
    expect(wordsIn('Sample.svelte', source)).toEqual(words);
  });

  test('sees what is put into a message', () => {
    expect(messageCalls('sample.ts', "const a = t(one ? 'x.a' : 'x.b', { count, value: 3 });")).toEqual([
      { keys: ['x.a', 'x.b'], values: ['count', 'value'] },
    ]);
    expect(messageCalls('sample.ts', "t('x.a'); t('x.b', all); t(key);")).toEqual([
      { keys: ['x.a'], values: [] },
      { keys: ['x.b'], values: null },
      { keys: [], values: [] },
    ]);
  });
});

/** Names of the values that a text, or one of its plural forms, needs. */
function neededBy(key: string): string[] {
  const forms = [...texts].filter(([name]) => pluralBase(name) === key);
  const names = forms.flatMap(([, text]) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name = '']) => name));
  return [...new Set([...names, ...(forms.some(([name]) => pluralForm(name) !== null) ? ['count'] : [])])];
}
