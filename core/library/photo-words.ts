/**
 * The words by which a photo is found, and the query that finds them. Words are made here and not by SQLite's tokenizer, for texts and queries alike,
 * so that whatever a user types is a legal query.
 */
import { basename } from 'node:path';
import type { PhotoDetails } from '../photo/photo-details.ts';
import type { Connection } from './connection.ts';

/** Runs of letters and digits, in small letters and without accents: `IMG_12 Café` has `img`, `12` and `cafe`. */
export function wordsOf(text: string): string[] {
  const plain = text.normalize('NFKD').toLowerCase().replace(/\p{M}/gu, '');
  return plain.match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** FTS5 query for photos in which every word of `text` begins some word. Null when there is no word in it, so that nothing can be found. */
export function matchOf(text: string): string | null {
  const words = [...new Set(wordsOf(text))];
  // What begins a longer word of the query is found with that one.
  const needed = words.filter((word) => !words.some((other) => other !== word && other.startsWith(word)));
  return needed.length === 0 ? null : needed.map((word) => `"${word}"*`).join(' ');
}

export interface WordSources {
  readonly name: string;
  readonly folder: string;
  /** What lies above the root is the same for all photos, and nobody looks for it. */
  readonly root: string;
  readonly details: Pick<PhotoDetails, 'camera' | 'lens' | 'title' | 'keywords'> | null;
}

/** Records the words of a photo in place of those it had. */
export function setWords(connection: Connection, photoId: number, { name, folder, root, details }: WordSources): void {
  const place = folder.startsWith(root) ? `${basename(root)} ${folder.slice(root.length)}` : folder;
  const told = details === null ? [] : [details.camera, details.lens, details.title, ...details.keywords];
  const words = new Set(wordsOf([name, place, ...told].filter((text) => text !== null).join(' ')));
  connection.run('INSERT OR REPLACE INTO photo_words (rowid, words) VALUES (?, ?)', photoId, [...words].join(' '));
}

/** Puts the pieces of the index together: about two seconds for 100,000 photos. */
export function packWords(connection: Connection): void {
  connection.run("INSERT INTO photo_words (photo_words) VALUES ('optimize')");
}
