/** `enlarger serve`. */
import type { Command } from 'commander';
import type { ServeFlags } from '../serve.ts';
import type { CommandContext } from './context.ts';
import { withLibraryFlags } from './library-flags.ts';

export function addServeCommand(program: Command, context: CommandContext): void {
  withLibraryFlags(
    program
      .command('serve')
      .summary('show the window in a browser')
      .description('Serves the window to a browser on this computer, until it is ended. No other computer can reach it.')
      .option('--port <number>', 'port to listen on (default: one that is free)')
      .option('--root <dir...>', 'folders in which photos may be chosen and exports written (default: your home folder)')
      .option('--open', 'open the address in your browser'),
  ).action(async (options: ServeFlags) => {
    const { serve } = await import('../serve.ts');
    context.exitWith(await serve(context.io, options));
  });
}
