/** `enlarger library add | list | show | remove | check | backup`. */
import type { Command } from 'commander';
import type { LibraryFlags, RawListOptions } from '../library-options.ts';
import type { CommandContext } from './context.ts';
import { withLibraryFlags } from './library-flags.ts';

export function addLibraryCommand(program: Command, context: CommandContext): void {
  const library = program
    .command('library')
    .summary('remember photos, search them')
    .description('Photos that are remembered, with what is known of them. Their files are only ever read.');
  withLibraryFlags(
    library
      .command('add')
      .description('Remembers photos, one or whole folders, and looks at each. Folders that are known are looked through again.')
      .argument('<path...>', 'photos and folders of photos')
      .option('--no-recursive', 'leave subfolders out'),
  ).action(async (paths: string[], options: LibraryFlags & { recursive: boolean }) => {
    const { addToLibrary } = await import('../library-add.ts');
    context.exitWith(await addToLibrary(context.io, paths, options));
  });
  withLibraryFlags(
    library
      .command('list')
      .description('Lists photos: number, size, date, rating, state and path.')
      .option('--query <text>', 'words that begin some word of name, folder, camera, lens, title or keywords')
      .option('--album <name>', 'photos of this album')
      .option('--state <state>', 'none, queued, ready, accepted, rejected, exported, failed, damaged or offline')
      .option('--sort <by>', 'taken, added, name, bytes, pixels or rating (default: taken)')
      .option('--descending', 'the last first'),
  ).action(async (options: LibraryFlags & RawListOptions) => {
    const { listLibrary } = await import('../library-list.ts');
    context.exitWith(await listLibrary(context.io, options));
  });
  withLibraryFlags(
    library.command('show').description('Shows all that is known of a photo.').argument('<id>', 'number from the list'),
  ).action(async (id: string, options: LibraryFlags) => {
    const { showPhoto } = await import('../library-show.ts');
    context.exitWith(await showPhoto(context.io, id, options));
  });
  withLibraryFlags(
    library
      .command('remove')
      .description('Forgets photos with their results. Never touches a file.')
      .argument('<id...>', 'numbers from the list'),
  ).action(async (ids: string[], options: LibraryFlags) => {
    const { removeFromLibrary } = await import('../library-care.ts');
    context.exitWith(await removeFromLibrary(context.io, ids, options));
  });
  withLibraryFlags(
    library
      .command('check')
      .description('Checks that the library is whole, and tells what is wrong.')
      .option('--restore', 'put the newest good backup in the place of the library'),
  ).action(async (options: LibraryFlags & { restore?: boolean }) => {
    const { checkLibrary } = await import('../library-care.ts');
    context.exitWith(await checkLibrary(context.io, options));
  });
  withLibraryFlags(
    library.command('backup').description('Makes a backup of the library now. One is made each day by itself.'),
  ).action(async (options: LibraryFlags) => {
    const { backUpLibrary } = await import('../library-care.ts');
    context.exitWith(await backUpLibrary(context.io, options));
  });
}
