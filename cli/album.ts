/** `enlarger album list | create | rename | delete | add | remove`. */
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { formatCount } from './format.ts';
import type { Io } from './io.ts';
import { answer, parseIds, type LibraryFlags } from './library-options.ts';
import { withLibrary } from './with-library.ts';
import { table } from './models.ts';
import { shownPath } from './human-text.ts';

/** Prints the albums by name. */
export async function listAlbums(io: Io, flags: LibraryFlags): Promise<ExitCode> {
  return await withLibrary(io, flags, async ({ client }) => {
    const { albums } = await client.album.list();
    if (flags.json === true) for (const album of albums) io.out(`${JSON.stringify(album)}\n`);
    else if (albums.length === 0) io.err('There are no albums yet. "enlarger album create <name>" makes one.\n');
    else io.out(table([['ALBUM', 'PHOTOS'], ...albums.map(({ name, photos }) => [name, String(photos)])]));
    return exitCodes.done;
  });
}

export async function createAlbum(io: Io, name: string, flags: LibraryFlags): Promise<ExitCode> {
  return await withLibrary(io, flags, async ({ client }) => {
    const album = await client.album.create({ name });
    answer(io, flags, album, `Made the album ${shownPath(album.name)}.`);
    return exitCodes.done;
  });
}

export async function renameAlbum(io: Io, name: string, to: string, flags: LibraryFlags): Promise<ExitCode> {
  return await withLibrary(io, flags, async ({ client }) => {
    const album = await client.album.rename({ name, to });
    answer(io, flags, album, `The album ${shownPath(name)} is called ${shownPath(album.name)} now.`);
    return exitCodes.done;
  });
}

export async function deleteAlbum(io: Io, name: string, flags: LibraryFlags): Promise<ExitCode> {
  return await withLibrary(io, flags, async ({ client }) => {
    await client.album.delete({ name });
    answer(io, flags, { deleted: name }, `Took the album ${shownPath(name)} apart. Its photos stay in the library.`);
    return exitCodes.done;
  });
}

export async function addToAlbum(io: Io, name: string, words: readonly string[], flags: LibraryFlags): Promise<ExitCode> {
  const ids = parseIds(words);
  return await withLibrary(io, flags, async ({ client }) => {
    const { changed } = await client.album.add({ name, ids });
    answer(io, flags, { changed }, `Put ${formatCount(changed, 'photo')} into ${shownPath(name)}.`);
    return exitCodes.done;
  });
}

export async function removeFromAlbum(io: Io, name: string, words: readonly string[], flags: LibraryFlags): Promise<ExitCode> {
  const ids = parseIds(words);
  return await withLibrary(io, flags, async ({ client }) => {
    const { changed } = await client.album.remove({ name, ids });
    answer(io, flags, { changed }, `Took ${formatCount(changed, 'photo')} out of ${shownPath(name)}.`);
    return exitCodes.done;
  });
}
