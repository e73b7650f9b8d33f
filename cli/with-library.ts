/** Runs a command on the library that its flags name. */
import type { ExitCode } from './exit-codes.ts';
import type { Io } from './io.ts';
import { text } from './enhance-options.ts';
import type { LibraryFlags } from './library-options.ts';
import { openLibraryPlace, type LibraryPlace, type PlaceOptions } from '../core/host/place.ts';
import { hostMeans, type Say } from './workplace.ts';

/** Opens the library for `work` and closes it however that ends. */
export async function withLibrary(
  io: Pick<Io, 'say'>,
  flags: LibraryFlags,
  work: (place: LibraryPlace) => Promise<ExitCode>,
  { say = io.say, ...options }: Omit<PlaceOptions, 'library' | 'means'> & { readonly say?: Say } = {},
): Promise<ExitCode> {
  const place = await openLibraryPlace({ ...options, means: hostMeans(say), library: namedLibrary(flags) });
  try {
    return await work(place);
  } finally {
    await place.close();
  }
}

/** The folder of `--library`, or null. Throws `UsageError` for an empty one. */
export function namedLibrary({ library }: LibraryFlags): string | null {
  return library === undefined ? null : text('--library', library);
}
