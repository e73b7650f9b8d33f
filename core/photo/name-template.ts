/**
 * Names of exported files as the user writes them: text with fields in braces. A slash makes a folder; nothing that a field holds does. Whatever the
 * template and the photo are, each part of the result is a legal name everywhere, and none leads out of the folder it is used in.
 */
import { EnlargerError } from './failure.ts';
import { legalStem, siblingName, stemOf, targetName, type TargetName } from './output-name.ts';
import type { OutputFormat } from './recipe.ts';

export interface NameValues {
  /** Of the original's file. `{name}` is this without its extension. */
  readonly fileName: string;
  /** How many times larger the result is than the photo, on a side. `{scale}`: `2`, `1.5`. */
  readonly scale: number;
  /** Id of the network; null when none ran. `{model}` is then `none`. */
  readonly model: string | null;
  /** When the photo was taken, as in `PhotoDetails`. `{date}`: `2024-05-31`, or `undated`. */
  readonly takenAt: string | null;
  /** `{album}` is empty when it is null. */
  readonly album: string | null;
  /** Place among the files of this export, from 1. `{n}` has as many digits as the last of them, `{n:3}` at least 3. */
  readonly number: number;
  /** How many files this export has. */
  readonly count: number;
}

const fields: Readonly<Record<string, (values: NameValues) => string>> = {
  name: ({ fileName }) => stemOf(fileName),
  scale: ({ scale }) => String(Math.round(scale * 100) / 100),
  model: ({ model }) => model ?? 'none',
  date: ({ takenAt }) => /^\d{4}-\d\d-\d\d/.exec(takenAt ?? '')?.[0] ?? 'undated',
  album: ({ album }) => album ?? '',
  n: ({ number, count }) => counter(number, String(count).length),
};

const knownFields = [...Object.keys(fields), 'n:3'].map((name) => `{${name}}`).join(', ');
/** Folders in each other that a template may make. */
export const maxFolders = 8;
const maxDigits = 9;

/** What can be wrong with a template. */
export type TemplateFault =
  | { readonly kind: 'open-brace' }
  | { readonly kind: 'unknown-field'; readonly field: string }
  | { readonly kind: 'too-many-folders' }
  | { readonly kind: 'no-name' };

/** The first thing that is wrong with a template; null when nothing is. */
export function templateFault(template: string): TemplateFault | null {
  for (const [brace, name = ''] of template.matchAll(/\{([^{}]*)\}?/g)) {
    if (!brace.endsWith('}')) return { kind: 'open-brace' };
    if (valueOf(name) === null) return { kind: 'unknown-field', field: brace };
  }
  const parts = template.split('/');
  if (parts.length > maxFolders + 1) return { kind: 'too-many-folders' };
  return parts.at(-1)?.trim() === '' ? { kind: 'no-name' } : null;
}

/** What is wrong with a template, as a sentence that says what to do; null when nothing is. */
export function templateProblem(template: string): string | null {
  const fault = templateFault(template);
  switch (fault?.kind) {
    case 'open-brace':
      return `The name template has a { without its }. Fields are ${knownFields}.`;
    case 'unknown-field':
      return `The name template has a field ${fault.field} that is not known. Fields are ${knownFields}.`;
    case 'too-many-folders':
      return `The name template makes more than ${String(maxFolders)} folders in each other. Use fewer.`;
    case 'no-name':
      return 'The name template ends with a folder. Add a name behind it, for example {name}.';
    case undefined:
      return null;
  }
}

/**
 * The folders, in order, and the name that a template gives to a file. The extension is the format's, spelt as the original's where that fits.
 * Throws `internal` for a template with a problem: hosts refuse it before.
 */
export function nameByTemplate(
  template: string,
  values: NameValues,
  format: OutputFormat,
): { readonly folders: readonly string[]; readonly name: TargetName } {
  const problem = templateProblem(template);
  if (problem !== null) throw new EnlargerError('internal', problem);
  const parts = template.split('/').map((part) => fill(part, values));
  const stem = parts.pop() ?? '';
  const usual = targetName(values.fileName, format);
  return {
    folders: parts
      .filter((part) => part !== '')
      .map((part) => siblingName({ stem: legalStem(part), extension: '', first: 0 }, 0)),
    name: stem === '' ? usual : { ...usual, stem: legalStem(stem) },
  };
}

/** Fields may be empty: what they leave at the edges is no part of a name. */
function fill(part: string, values: NameValues): string {
  return part.replace(/\{([^{}]*)\}/g, (_brace, name: string) => valueOf(name)?.(values) ?? '').trim();
}

function valueOf(name: string): ((values: NameValues) => string) | null {
  const digits = /^n:([1-9])$/.exec(name)?.[1];
  if (digits !== undefined) return ({ number }) => counter(number, Number(digits));
  return Object.hasOwn(fields, name) ? (fields[name] ?? null) : null;
}

function counter(number: number, digits: number): string {
  return String(number).padStart(Math.min(digits, maxDigits), '0');
}
