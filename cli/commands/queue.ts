/** `enlarger queue add | run | status | pause | resume | cancel | retry`. */
import type { Command } from 'commander';
import type { RawRecipeOptions } from '../enhance-options.ts';
import type { LibraryFlags } from '../library-options.ts';
import type { CommandContext } from './context.ts';
import { withLibraryFlags, withRecipeOptions } from './library-flags.ts';

const oneAtATime =
  '\nA library is open in one program at a time. While "queue run" works, stop it with Ctrl-C: the photo at work goes back\ninto the queue whole, nothing is lost, and the next "queue run" goes on with it.';

export function addQueueCommand(program: Command, context: CommandContext): void {
  const queue = program
    .command('queue')
    .summary('enlarge photos of the library')
    .description('Work on photos of the library. It is remembered, and goes on after any interruption.');
  withLibraryFlags(
    withRecipeOptions(
      queue
        .command('add')
        .description('Tells what enlarging photos will take, and puts it into the queue.')
        .argument('[id...]', 'numbers from "enlarger library list"')
        .option('--album <name>', 'photos of this album')
        .option('--query <text>', 'photos that this text finds'),
    ),
  ).action(async (ids: string[], options: LibraryFlags & RawRecipeOptions & { album?: string; query?: string }) => {
    const { addToQueue } = await import('../queue-add.ts');
    context.exitWith(await addToQueue(context.io, ids, options));
  });
  withLibraryFlags(queue.command('run').description('Works until the queue is empty.'))
    .addHelpText('after', oneAtATime)
    .action(async (options: LibraryFlags) => {
      const { runQueue } = await import('../queue-run.ts');
      context.exitWith(await runQueue(context.io, options));
    });
  withLibraryFlags(queue.command('status').description('Shows what waits, what is done and what failed.')).action(
    async (options: LibraryFlags) => {
      const { queueStatus } = await import('../queue.ts');
      context.exitWith(await queueStatus(context.io, options));
    },
  );
  withLibraryFlags(queue.command('pause').description('Keeps "queue run" from beginning anything, until "queue resume".'))
    .addHelpText('after', oneAtATime)
    .action(async (options: LibraryFlags) => {
      const { pauseQueue } = await import('../queue.ts');
      context.exitWith(await pauseQueue(context.io, options));
    });
  withLibraryFlags(queue.command('resume').description('Lets "queue run" work again.')).action(async (options: LibraryFlags) => {
    const { resumeQueue } = await import('../queue.ts');
    context.exitWith(await resumeQueue(context.io, options));
  });
  withLibraryFlags(
    queue
      .command('cancel')
      .description('Takes work out of the queue: that on the photos named, or all that is not done.')
      .argument('[id...]', 'numbers of photos'),
  )
    .addHelpText('after', oneAtATime)
    .action(async (ids: string[], options: LibraryFlags) => {
      const { cancelJobs } = await import('../queue.ts');
      context.exitWith(await cancelJobs(context.io, ids, options));
    });
  withLibraryFlags(
    queue
      .command('retry')
      .description('Puts work back into the queue: what failed or was cancelled of the photos named, or all that failed.')
      .argument('[id...]', 'numbers of photos'),
  ).action(async (ids: string[], options: LibraryFlags) => {
    const { retryJobs } = await import('../queue.ts');
    context.exitWith(await retryJobs(context.io, ids, options));
  });
}
