/** `enlarger models list | show | verify`. */
import type { Command } from 'commander';
import type { CommandContext } from './context.ts';

export function addModelsCommand(program: Command, context: CommandContext): void {
  const models = program
    .command('models')
    .summary('list, show and verify the networks')
    .description('Networks that are installed here.');
  models
    .command('list', { isDefault: true })
    .description('Lists the networks: scale, task, sizes, measured quality, use.')
    .option('--json', 'one model card per line on stdout')
    .action(async (options: { json?: boolean }) => {
      const { listModels } = await import('../models.ts');
      context.exitWith(await listModels(context.io, options.json ?? false));
    });
  models
    .command('show')
    .description('Shows the card of one network.')
    .argument('<id>', 'id from the list')
    .option('--json', 'the card as JSON on stdout')
    .action(async (id: string, options: { json?: boolean }) => {
      const { showModel } = await import('../models.ts');
      context.exitWith(await showModel(context.io, id, options.json ?? false));
    });
  models
    .command('verify')
    .description('Checks the files of networks: hash, content, and a tile computed with each.')
    .argument('[id or path]', 'one network, by id, folder or .onnx file (default: all)')
    .option('--json', 'one JSON object per file on stdout')
    .action(async (named: string | undefined, options: { json?: boolean }) => {
      const { verifyModels } = await import('../verify-models.ts');
      context.exitWith(await verifyModels(context.io, named ?? null, options.json ?? false));
    });
}
