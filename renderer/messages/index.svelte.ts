/**
 * Every text of the window, in the user's language. `t('library.empty.title')`; plurals are chosen by `count`, each language having the forms of
 * its own grammar (`_one`, `_few`, `_many`, `_other`). English comes with the page, the others when they are wanted.
 */
import i18next, { type i18n } from 'i18next';
import { languages, type Language, type Preferences } from '../../core/photo/preferences.ts';
import { en } from './en/index.ts';

type PluralForm = 'zero' | 'one' | 'two' | 'few' | 'many' | 'other';
/** Plural forms go by the name without their ending. */
type PluralBase<K extends string> = K extends `${infer Base}_${PluralForm}` ? Base : K;
type Leaves<T, Prefix extends string = ''> = {
  [K in keyof T & string]: T[K] extends string ? `${Prefix}${PluralBase<K>}` : Leaves<T[K], `${Prefix}${K}.`>;
}[keyof T & string];
/** Names of all texts that there are: a misspelt one does not compile. */
export type MessageKey = Leaves<typeof en>;
/** What is put into a text. Numbers are written as the language writes them; `count` chooses the plural as well. */
export type MessageValues = Readonly<Record<string, string | number>>;

const loaders: Record<Exclude<Language, 'en'>, () => Promise<{ readonly messages: object }>> = {
  de: () => import('./de/index.ts'),
  ru: () => import('./ru/index.ts'),
  ja: () => import('./ja/index.ts'),
};

const texts: i18n = i18next.createInstance();
void texts.init({
  lng: 'en',
  fallbackLng: 'en',
  resources: { en: { translation: en } },
  nsSeparator: false,
  // Said aloud, or each text would first be looked at for whether its name is a sentence, which takes longer than finding it.
  keySeparator: '.',
  // Everything is put into the page as text, never as HTML.
  interpolation: { escapeValue: false },
  initAsync: false,
});

let current = $state<Language>('en');
let written = $state('en');
const numbers = $derived(new Intl.NumberFormat(written));
let asked = 0;

/** The language that is shown. */
export function language(): Language {
  return current;
}

/** How numbers and dates are written: the user's own way of the language that is shown, such as `en-GB`, where the browser tells one. */
export function locale(): string {
  return written;
}

/** In a component or a `$derived` it follows the language. What stands in `values` is never read as a text of ours, whatever it looks like. */
export function t(key: MessageKey, values: MessageValues = {}): string {
  const shown = Object.entries(values).map(([name, value]) => [name, typeof value === 'number' ? numbers.format(value) : value]);
  const count = typeof values['count'] === 'number' ? { count: values['count'] } : {};
  return texts.t(key, { ...count, lng: current, nest: false, replace: Object.fromEntries(shown) as MessageValues });
}

/**
 * `system`: the first of the languages that the browser asks for that there is. Rejects when its texts cannot be loaded, and then keeps the one
 * before. The latest call wins, whatever loads faster.
 */
export async function setLanguage(wanted: Preferences['language']): Promise<void> {
  const turn = (asked += 1);
  const next = wanted === 'system' ? systemLanguage(navigator.languages) : wanted;
  if (next !== 'en' && !texts.hasResourceBundle(next, 'translation')) {
    const { messages } = await loaders[next]();
    texts.addResourceBundle(next, 'translation', messages);
  }
  if (turn !== asked) return;
  current = next;
  written = navigator.languages.find((tag) => languageOf(tag) === next) ?? next;
  document.documentElement.lang = next;
}

/** The first of `wanted`, which are tags such as `de-AT`, that there are texts for; English when there is none. */
export function systemLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const known = languages.find((language) => languageOf(tag) === language);
    if (known !== undefined) return known;
  }
  return 'en';
}

function languageOf(tag: string): string | undefined {
  return tag.toLowerCase().split('-')[0];
}
