/**
 * Names of result files. A name is stored as the user's file spells it and only folded to be compared: two
 * names that differ in case or in Unicode composition are one file on many disks, so they are one name here.
 */
import { extensionOf, foreignExtensions, readableExtensions } from './file-names.ts';
import { formatTraits } from './formats.ts';
import type { OutputFormat } from './recipe.ts';

/** Longest name in bytes of UTF-8 on the usual file systems. */
export const maxNameBytes = 255;

/** A result's name before it is known which of its numbered siblings is free. */
export interface TargetName {
  /** Legal on every system; without number and extension. */
  readonly stem: string;
  /** With its dot. */
  readonly extension: string;
  /** First number to try: 0 is the plain name, 1 is `stem (1)`. */
  readonly first: number;
}

const spellings: Record<OutputFormat, readonly string[]> = {
  jpeg: ['jpg', 'jpeg', 'jpe', 'jfif'],
  png: ['png'],
  webp: ['webp'],
  avif: ['avif'],
  tiff: ['tif', 'tiff'],
};

/** Whether a name ends as photos do: readable ones, and those only recognised to be refused with a reason. */
export function hasPhotoExtension(name: string): boolean {
  const extension = extensionOf(name).toLowerCase();
  return readableExtensions.has(extension) || foreignExtensions.has(extension);
}

/**
 * Name for the result of a file called `name`. The extension keeps the original's spelling (.JPG, .jpeg) when it
 * fits the format; anything behind a dot that is no photo's extension stays in the stem.
 */
export function targetName(name: string, format: OutputFormat): TargetName {
  const spelt = extensionOf(name);
  const kept = spellings[format].includes(spelt.toLowerCase());
  return { stem: legalStem(stemOf(name)), extension: `.${kept ? spelt : formatTraits[format].extension}`, first: 0 };
}

/** A file's name without its extension, if that is a photo's. */
export function stemOf(name: string): string {
  return hasPhotoExtension(name) ? name.slice(0, -extensionOf(name).length - 1) : name;
}

/** The `number`-th sibling of a name: `stem.ext`, `stem (1).ext`, …; the stem is cut where the name would be too long. */
export function siblingName(target: TargetName, number: number, maxBytes: number = maxNameBytes): string {
  const tail = `${number === 0 ? '' : ` (${String(number)})`}${target.extension}`;
  return cutToBytes(target.stem, maxBytes - utf8Bytes(tail)) + tail;
}

/**
 * Gives every result of a run a name of its own: of those that want the same one, the first in order gets it and
 * the others the next free number. The same list gives the same names. `folder` is compared as it is spelt,
 * folded; `order` of the result is that of `wanted`.
 */
export function assignNames(wanted: readonly { readonly folder: string; readonly name: TargetName }[]): TargetName[] {
  const taken = new Set<string>();
  const nextNumbers = new Map<string, number>();
  return wanted.map(({ folder, name }) => {
    const key = (number: number): string => `${foldName(folder)}/${foldName(siblingName(name, number))}`;
    const plain = key(0);
    // Remembering where the search ended keeps a thousand equal names from costing a million look-ups.
    let number = nextNumbers.get(plain) ?? name.first;
    while (taken.has(key(number))) number += 1;
    taken.add(key(number));
    nextNumbers.set(plain, number + 1);
    return { ...name, first: number };
  });
}

/** A key that is equal for names that some disk takes for one: canonical composition and case are folded. */
export function foldName(name: string): string {
  // Upper case first: it joins what lower case alone keeps apart (ſ and s, ς and σ).
  return name.normalize('NFD').toUpperCase().toLowerCase().normalize('NFC');
}

const reserved = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])$/i;

/** A stem that Windows, too, takes; unchanged where it is one already. The extension that follows guards trailing dots. */
export function legalStem(stem: string): string {
  const plain = stem.replace(/[<>:"/\\|?*\p{Cc}]/gu, '_').replace(/[. ]+$/, '');
  if (plain === '') return stem === '' ? 'photo' : '_';
  // Windows takes the part before the first dot for the device, whatever follows.
  const head = plain.split('.')[0] ?? plain;
  return reserved.test(head.trimEnd()) ? `${head}_${plain.slice(head.length)}` : plain;
}

function cutToBytes(text: string, maxBytes: number): string {
  if (utf8Bytes(text) <= maxBytes) return text;
  let cut = '';
  let bytes = 0;
  // By grapheme: half an emoji or a letter without its accent is another name.
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    bytes += utf8Bytes(segment);
    if (bytes > maxBytes) break;
    cut += segment;
  }
  return cut.replace(/[. ]+$/, '') || '_';
}

function utf8Bytes(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}
