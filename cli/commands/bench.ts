/** `enlarger bench`. */
import type { Command } from 'commander';
import type { CommandContext } from './context.ts';

export function addBenchCommand(program: Command, context: CommandContext): void {
  program
    .command('bench')
    .summary('measure the speed')
    .description('Enlarges the built-in sample photo a few times and tells where the time goes.')
    .option('-m, --model <id>', 'network to use (default: the best for scale 2)')
    .option('--device <auto|cpu|webgpu>', 'what to compute on (default: auto)')
    .option('--json', 'the measurement as one JSON object on stdout')
    .action(async (options: { model?: string; device?: string; json?: boolean }) => {
      const { bench } = await import('../bench.ts');
      context.exitWith(await bench(context.io, options));
    });
}
