/** `enlarger enhance`: its options and help. The work itself is loaded only when there is some. */
import type { Command } from 'commander';
import type { RawEnhanceOptions } from '../enhance-options.ts';
import type { CommandContext } from './context.ts';

export function addEnhanceCommand(program: Command, context: CommandContext): void {
  program
    .command('enhance')
    .summary('enlarge photos')
    .description(
      'Enlarges photos, one or whole folders. Originals are only ever read. Results go to a folder "enlarged" beside each photo, or in each folder, unless --out names another.',
    )
    .argument('[photo|folder...]', 'photos and folders of photos')
    .option('-o, --out <dir>', 'folder for the results (default: "enlarged" beside each photo, in each folder)')
    .option('-s, --scale <1|2|4>', 'enlarge by this factor (default: 2, or that of the model named; 1 cleans without enlarging)')
    .option('--width <pixels>', 'target width instead of a factor')
    .option('--height <pixels>', 'target height instead of a factor')
    .option('--long-side <pixels>', 'target length of the longer side instead of a factor')
    .option('--megapixels <number>', 'target size in megapixels instead of a factor')
    .option('-m, --model <id>', 'network to use, see "enlarger models" (default: the best for the size)')
    .option('--denoise <auto|0..1>', 'how strongly to clean (default: auto, chosen from each photo)')
    .option('-f, --format <same|jpeg|png|webp|avif|tiff>', 'file format of the results (default: same)')
    .option('-q, --quality <1..100>', 'quality of JPEG, WebP and AVIF')
    .option('--device <auto|cpu|webgpu>', 'what to compute on (default: auto)')
    .option(
      '--on-conflict <rename|skip|overwrite>',
      'when a result is there already (default: rename); originals are never overwritten',
    )
    .option('--strip <none|gps|all>', 'metadata to leave out of the results (default: none)')
    .option('-r, --recursive', 'include subfolders and keep their tree in --out')
    .option('--json', 'one JSON object per line on stdout')
    .option('--sample', 'draw a sample photo into --out (default: ./enlarger-sample) and enlarge that')
    .addHelpText('after', '\nExit code: 0 all done or skipped, 1 at least one photo failed, 2 wrong usage, 130 interrupted.')
    .action(async (paths: string[], options: RawEnhanceOptions) => {
      const { enhance } = await import('../enhance.ts');
      context.exitWith(await enhance(context.io, paths, options));
    });
}
