/** Runs a command on the library that its flags name. */
import type { ExitCode } from './exit-codes.ts';
import type { Io } from './io.ts';
import { text } from './enhance-options.ts';
import type { LibraryFlags } from './library-options.ts';
import { openLibraryPlace, type LibraryPlace, type PlaceOptions } from './library-place.ts';

/** Opens the library for `work` and closes it however that ends. */
export async function withLibrary(
  io: Pick<Io, 'say'>,
  flags: LibraryFlags,
  work: (place: LibraryPlace) => Promise<ExitCode>,
  options: Omit<PlaceOptions, 'library' | 'say'> & { readonly say?: PlaceOptions['say'] } = {},
): Promise<ExitCode> {
  const place = await openLibraryPlace({ say: io.say, ...options, library: namedLibrary(flags) });
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
