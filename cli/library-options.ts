/** Words of the library's commands as typed → numbers, choices and queries. Whatever is wrong is a `UsageError`. */
import { photoSorts, type PhotoChoice, type PhotoQueryInput } from '../core/photo/library-view.ts';
import { photoStates, resultStates, type ResultState } from '../core/photo/result.ts';
import { choice, text } from './enhance-options.ts';
import type { Io } from './io.ts';
import { UsageError } from './usage-error.ts';

/** What every command of the library takes. */
export interface LibraryFlags {
  readonly library?: string;
  readonly json?: boolean;
}

/** Numbers of photos, as every list prints them. */
export function parseIds(words: readonly string[]): number[] {
  return words.map((word) => {
    const id = /^[1-9]\d{0,14}$/.test(word) ? Number(word) : null;
    if (id === null) throw new UsageError(`"${word}" is no number of the library. The lists print the numbers.`);
    return id;
  });
}

/** One way to say which photos, or null when none was used. */
export function parseChoice(
  words: readonly string[],
  raw: { readonly album?: string; readonly query?: string },
): PhotoChoice | null {
  const given = [
    ...(words.length > 0 ? ['numbers'] : []),
    ...(raw.album === undefined ? [] : ['--album']),
    ...(raw.query === undefined ? [] : ['--query']),
  ];
  if (given.length > 1) throw new UsageError(`Photos are named by ${given.join(' or by ')}, not by both. Give one of them.`);
  if (raw.album !== undefined) return { album: text('--album', raw.album) };
  if (raw.query !== undefined) return { text: text('--query', raw.query) };
  return words.length === 0 ? null : { ids: parseIds(words) };
}

export interface RawListOptions {
  readonly query?: string;
  readonly album?: string;
  readonly state?: string;
  readonly sort?: string;
  readonly descending?: boolean;
}

export function parseListOptions(raw: RawListOptions): Omit<PhotoQueryInput, 'cursor' | 'limit'> {
  return {
    ...(raw.query === undefined ? {} : { text: raw.query }),
    ...(raw.album === undefined ? {} : { album: text('--album', raw.album) }),
    ...(raw.state === undefined ? {} : { state: choice('--state', raw.state, photoStates, 'none') }),
    sort: choice('--sort', raw.sort, photoSorts, 'taken'),
    descending: raw.descending ?? false,
  };
}

export function parseResultState(value: string | undefined): ResultState | null {
  return value === undefined ? null : choice('--state', value, resultStates, 'ready');
}

/** Numbers of photos, or null for `--all`. */
export function parseVerdict(words: readonly string[], all: boolean | undefined): number[] | null {
  if (all === true) {
    if (words.length > 0) throw new UsageError('--all means every result that waits for a verdict and takes no numbers.');
    return null;
  }
  if (words.length === 0) throw new UsageError('No photo was named. Give numbers from "enlarger review list", or --all.');
  return parseIds(words);
}

/** What a command without a list answers: an object for programs, or a sentence for people. */
export function answer(io: Pick<Io, 'out'>, flags: LibraryFlags, value: object, sentence: string): void {
  io.out(flags.json === true ? `${JSON.stringify(value)}\n` : `${sentence}\n`);
}
