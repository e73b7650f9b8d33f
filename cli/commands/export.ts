/** `enlarger export`. */
import type { Command } from 'commander';
import type { RawExportOptions } from '../export-options.ts';
import type { LibraryFlags } from '../library-options.ts';
import type { CommandContext } from './context.ts';
import { withLibraryFlags } from './library-flags.ts';

export function addExportCommand(program: Command, context: CommandContext): void {
  withLibraryFlags(
    program
      .command('export')
      .summary('write accepted results into a folder')
      .description(
        'Writes accepted results as files, all or those of the photos named. Runs no network. Originals are never overwritten.',
      )
      .argument('[id...]', 'numbers from "enlarger library list" (default: everything accepted)')
      .option('-o, --out <dir>', 'folder for the files')
      .option('--album <name>', 'photos of this album')
      .option('-f, --format <same|jpeg|png|webp|avif|tiff>', 'file format (default: same)')
      .option('-q, --quality <1..100>', 'quality of JPEG, WebP and AVIF')
      .option('--long-side <pixels>', 'shrink to this length of the longer side; smaller results keep their size')
      .option('--megapixels <number>', 'shrink to this size; smaller results keep theirs')
      .option('--dpi <number>', 'resolution that the file states (default: that of the original)')
      .option(
        '--template <text>',
        'how files are called: {name}, {scale}, {model}, {date}, {album} and {n}, a number (default: {name})',
      )
      .option('--strip <none|gps|all>', 'metadata to leave out (default: none)')
      .option('--on-conflict <rename|skip|overwrite>', 'when a file is there already (default: rename)'),
  )
    .addHelpText('after', '\nExit code: 0 all done or skipped, 1 at least one file failed, 2 wrong usage, 130 interrupted.')
    .action(async (ids: string[], options: LibraryFlags & RawExportOptions & { album?: string }) => {
      const { exportResults } = await import('../export.ts');
      context.exitWith(await exportResults(context.io, ids, options));
    });
}
