/** What every command of the library takes, said once. */
import type { Command } from 'commander';

/** Adds `--library` and `--json`. */
export function withLibraryFlags(command: Command): Command {
  return command
    .option('--library <dir>', 'folder of the library and its cache (default: ENLARGER_LIBRARY, or that of this user)')
    .option('--json', 'one JSON object per line on stdout');
}

/** Options of the recipe, as `enhance` has them. */
export function withRecipeOptions(command: Command): Command {
  return command
    .option('-s, --scale <1|2|4>', 'enlarge by this factor (default: 2, or that of the model named; 1 cleans without enlarging)')
    .option('--width <pixels>', 'target width instead of a factor')
    .option('--height <pixels>', 'target height instead of a factor')
    .option('--long-side <pixels>', 'target length of the longer side instead of a factor')
    .option('--megapixels <number>', 'target size in megapixels instead of a factor')
    .option('-m, --model <id>', 'network to use, see "enlarger models" (default: the best for the size)')
    .option('--denoise <auto|0..1>', 'how strongly to clean (default: auto, chosen from each photo)');
}
