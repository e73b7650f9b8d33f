/** `enlarger cache status | clear | limit`. */
import type { Command } from 'commander';
import type { LibraryFlags } from '../library-options.ts';
import type { CommandContext } from './context.ts';
import { withLibraryFlags } from './library-flags.ts';

export function addCacheCommand(program: Command, context: CommandContext): void {
  const cache = program
    .command('cache')
    .summary('see and empty the store of results')
    .description('The store of finished results and thumbnails. Everything in it can be made again.');
  withLibraryFlags(cache.command('status').description('Shows how much it holds.')).action(async (options: LibraryFlags) => {
    const { cacheStatus } = await import('../cache.ts');
    context.exitWith(await cacheStatus(context.io, options));
  });
  withLibraryFlags(
    cache.command('clear').description('Empties it, except for results that are accepted and not exported yet.'),
  ).action(async (options: LibraryFlags) => {
    const { clearCache } = await import('../cache.ts');
    context.exitWith(await clearCache(context.io, options));
  });
  withLibraryFlags(
    cache.command('limit').description('Sets how much it may hold.').argument('<size>', 'such as 500MB, 20GB or 1.5TB'),
  ).action(async (size: string, options: LibraryFlags) => {
    const { limitCache } = await import('../cache.ts');
    context.exitWith(await limitCache(context.io, size, options));
  });
}
