/** `enlarger review list | accept | reject`. */
import type { Command } from 'commander';
import type { LibraryFlags } from '../library-options.ts';
import type { CommandContext } from './context.ts';
import { withLibraryFlags } from './library-flags.ts';

export function addReviewCommand(program: Command, context: CommandContext): void {
  const review = program
    .command('review')
    .summary('accept or reject results')
    .description('Results, and what you think of them. Accepted ones are what "enlarger export" writes.');
  withLibraryFlags(
    review
      .command('list')
      .description('Lists results: number of the photo, state, size, network and name.')
      .option('--state <state>', 'pending, ready, accepted, rejected or exported'),
  ).action(async (options: LibraryFlags & { state?: string }) => {
    const { listResults } = await import('../review.ts');
    context.exitWith(await listResults(context.io, options));
  });
  for (const verdict of ['accept', 'reject'] as const) {
    withLibraryFlags(
      review
        .command(verdict)
        .description(verdict === 'accept' ? 'Accepts results for export.' : 'Rejects results. What was exported already stays.')
        .argument('[id...]', 'numbers of photos: judges the newest result of each')
        .option('--all', 'every result that waits for a verdict'),
    ).action(async (ids: string[], options: LibraryFlags & { all?: boolean }) => {
      const { judgeResults } = await import('../review.ts');
      context.exitWith(await judgeResults(context.io, verdict, ids, options));
    });
  }
}
