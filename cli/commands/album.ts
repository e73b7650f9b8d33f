/** `enlarger album list | create | rename | delete | add | remove`. */
import type { Command } from 'commander';
import type { LibraryFlags } from '../library-options.ts';
import type { CommandContext } from './context.ts';
import { withLibraryFlags } from './library-flags.ts';

export function addAlbumCommand(program: Command, context: CommandContext): void {
  const album = program
    .command('album')
    .summary('put photos together')
    .description('Albums: photos of the library put together by hand. A photo can be in several.');
  withLibraryFlags(album.command('list').description('Lists the albums and how many photos they hold.')).action(
    async (options: LibraryFlags) => {
      const { listAlbums } = await import('../album.ts');
      context.exitWith(await listAlbums(context.io, options));
    },
  );
  withLibraryFlags(album.command('create').description('Makes an empty album.').argument('<name>')).action(
    async (name: string, options: LibraryFlags) => {
      const { createAlbum } = await import('../album.ts');
      context.exitWith(await createAlbum(context.io, name, options));
    },
  );
  withLibraryFlags(
    album.command('rename').description('Gives an album another name.').argument('<name>').argument('<new-name>'),
  ).action(async (name: string, to: string, options: LibraryFlags) => {
    const { renameAlbum } = await import('../album.ts');
    context.exitWith(await renameAlbum(context.io, name, to, options));
  });
  withLibraryFlags(
    album.command('delete').description('Takes an album apart. Its photos stay in the library.').argument('<name>'),
  ).action(async (name: string, options: LibraryFlags) => {
    const { deleteAlbum } = await import('../album.ts');
    context.exitWith(await deleteAlbum(context.io, name, options));
  });
  withLibraryFlags(
    album
      .command('add')
      .description('Puts photos into an album.')
      .argument('<name>')
      .argument('<id...>', 'numbers from "enlarger library list"'),
  ).action(async (name: string, ids: string[], options: LibraryFlags) => {
    const { addToAlbum } = await import('../album.ts');
    context.exitWith(await addToAlbum(context.io, name, ids, options));
  });
  withLibraryFlags(
    album
      .command('remove')
      .description('Takes photos out of an album. They stay in the library.')
      .argument('<name>')
      .argument('<id...>', 'numbers from "enlarger library list"'),
  ).action(async (name: string, ids: string[], options: LibraryFlags) => {
    const { removeFromAlbum } = await import('../album.ts');
    context.exitWith(await removeFromAlbum(context.io, name, ids, options));
  });
}
