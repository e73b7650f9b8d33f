/** The files of messages as flat lists, read from where they lie: a file that no index names is seen, too. */

const files = import.meta.glob<Tree>('../../../renderer/messages/*/*.json', { eager: true, import: 'default' });

/** `library.empty.title` → text. */
export type Texts = ReadonlyMap<string, string>;

interface Tree {
  readonly [name: string]: string | Tree;
}

/** All texts of a language. A file's name is the first part of its keys. */
export function textsOf(language: string): Texts {
  const texts = new Map<string, string>();
  for (const [path, tree] of Object.entries(files)) {
    const [, folder, namespace] = /\/(\w+)\/(\w+)\.json$/.exec(path) ?? [];
    if (folder === language && namespace !== undefined) flatten(namespace, tree, texts);
  }
  return texts;
}

/** `photos_one` → `photos`. */
export function pluralBase(key: string): string {
  const form = pluralForm(key);
  return form === null ? key : key.slice(0, -form.length - 1);
}

/** `photos_one` → `one`; null for a text without plurals. */
export function pluralForm(key: string): string | null {
  return /_(zero|one|two|few|many|other)$/.exec(key)?.[1] ?? null;
}

function flatten(prefix: string, tree: Tree, into: Map<string, string>): void {
  for (const [name, value] of Object.entries(tree)) {
    if (typeof value === 'string') into.set(`${prefix}.${name}`, value);
    else flatten(`${prefix}.${name}`, value, into);
  }
}
