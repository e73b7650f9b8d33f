/** @file Main process: the texts outside the page (menus, dialogs, notifications), in the language of the page. */
import type { Language, Preferences } from '../../core/photo/preferences.ts';
import { languages } from '../../core/photo/preferences.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import { ja } from './ja.ts';
import { ru } from './ru.ts';

/** The forms that a language has for numbers, by the names of `Intl.PluralRules`; `{count}` stands for the number. */
export type Counted = Readonly<Partial<Record<Exclude<Intl.LDMLPluralRule, 'other'>, string>> & Record<'other', string>>;

export interface Words {
  readonly menus: Readonly<Record<'file' | 'edit' | 'view' | 'window' | 'help', string>>;
  readonly app: Readonly<Record<'about' | 'services' | 'hide' | 'hideOthers' | 'unhide' | 'quit', string>>;
  readonly file: Readonly<Record<'addPhotos' | 'addFolder' | 'settings' | 'close' | 'quit', string>>;
  readonly edit: Readonly<Record<'undo' | 'redo' | 'cut' | 'copy' | 'paste' | 'delete' | 'selectAll', string>>;
  readonly view: Readonly<Record<'resetZoom' | 'zoomIn' | 'zoomOut' | 'fullScreen', string>>;
  readonly window: Readonly<Record<'minimize' | 'zoom' | 'front', string>>;
  readonly help: Readonly<Record<'website' | 'issues', string>>;
  readonly choose: Readonly<Record<'photos' | 'folder' | 'photoFiles' | 'allFiles', string>>;
  readonly crash: Readonly<Record<'title' | 'text' | 'reload' | 'quit', string>>;
  readonly start: Readonly<Record<'failed', string>>;
  readonly batch: { readonly title: string; readonly done: Counted; readonly failed: Counted };
}

const texts: Readonly<Record<Language, Words>> = { en, de, ru, ja };

/** `wanted` as the user set it; `systemTag` is the language of the system, such as `de-AT`, which counts where he set none. */
export function chooseLanguage(wanted: Preferences['language'], systemTag: string): Language {
  if (wanted !== 'system') return wanted;
  const [system] = systemTag.toLowerCase().split('-');
  return languages.find((language) => language === system) ?? 'en';
}

export function wordsOf(language: Language): Words {
  return texts[language];
}

/** A number with its text, written as the language does. */
export function countText(language: Language, forms: Counted, count: number): string {
  const form = forms[new Intl.PluralRules(language).select(count)] ?? forms.other;
  return form.replace('{count}', new Intl.NumberFormat(language).format(count));
}
