/** `enlarger devices`. */
import type { Command } from 'commander';
import type { CommandContext } from './context.ts';

export function addDevicesCommand(program: Command, context: CommandContext): void {
  program
    .command('devices')
    .summary('show what can compute here')
    .description('Shows what networks can be computed on here.')
    .option('--check', 'compute tiles, and tell whether they are right and how fast they were')
    .action(async (options: { check?: boolean }) => {
      const { showDevices } = await import('../devices.ts');
      context.exitWith(await showDevices(context.io, options.check ?? false));
    });
}
