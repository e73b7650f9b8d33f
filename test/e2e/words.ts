/** What the window says, for tests that look for it: the same texts, chosen by the same rules. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createInstance } from 'i18next';
import type { Language } from '../../core/photo/preferences.ts';

/** Text of a key such as `library.first.title`. Throws for one that there is not. */
export type Words = (key: string, values?: Readonly<Record<string, string | number>>) => string;

const messages = fileURLToPath(new URL('../../renderer/messages', import.meta.url));

export function wordsOf(language: Language): Words {
  const texts = createInstance();
  void texts.init({
    lng: language,
    resources: { [language]: { translation: read(language) } },
    interpolation: { escapeValue: false },
    initAsync: false,
  });
  return (key, values = {}) => {
    if (!texts.exists(key, values)) throw new Error(`The window has no text ${key} in ${language}.`);
    return texts.t(key, values);
  };
}

function read(language: Language): Record<string, unknown> {
  const files = readdirSync(`${messages}/${language}`).filter((name) => name.endsWith('.json'));
  return Object.fromEntries(
    files.map((name) => [
      basename(name, '.json'),
      JSON.parse(readFileSync(`${messages}/${language}/${name}`, 'utf8')) as unknown,
    ]),
  );
}
