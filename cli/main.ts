#!/usr/bin/env node
/** The `enlarger` command: composition only. What a command does is in the file of its name. */
import { existsSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { addAlbumCommand } from './commands/album.ts';
import { addBenchCommand } from './commands/bench.ts';
import { addCacheCommand } from './commands/cache.ts';
import { addDevicesCommand } from './commands/devices.ts';
import { addEnhanceCommand } from './commands/enhance.ts';
import { addExportCommand } from './commands/export.ts';
import { addLibraryCommand } from './commands/library.ts';
import { addModelsCommand } from './commands/models.ts';
import { addQueueCommand } from './commands/queue.ts';
import { addReviewCommand } from './commands/review.ts';
import { addServeCommand } from './commands/serve.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { processIo, type Io } from './io.ts';
import { escapeControls } from './text.ts';
import { UsageError } from './usage-error.ts';
import { softwareVersion } from './version.ts';

async function main(args: readonly string[], io: Io): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.done;
  const program = new Command('enlarger')
    .description('Enlarges and cleans photos with small networks, exactly and without harming an original.')
    .version(softwareVersion(), '-V, --version', 'show the version')
    .exitOverride()
    // Errors are told below, all in one form.
    .configureOutput({ writeOut: io.out, writeErr: io.err, outputError: () => undefined });
  const context = {
    io,
    exitWith: (code: ExitCode) => {
      exitCode = code;
    },
  };
  addEnhanceCommand(program, context);
  addLibraryCommand(program, context);
  addAlbumCommand(program, context);
  addQueueCommand(program, context);
  addReviewCommand(program, context);
  addExportCommand(program, context);
  addCacheCommand(program, context);
  addServeCommand(program, context);
  addModelsCommand(program, context);
  addDevicesCommand(program, context);
  addBenchCommand(program, context);

  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (thrown) {
    if (thrown instanceof CommanderError) {
      if (thrown.code === 'commander.helpDisplayed' || thrown.code === 'commander.version') return exitCodes.done;
      if (thrown.code === 'commander.help') return thrown.exitCode === 0 ? exitCodes.done : exitCodes.usage;
      return tellWrongUsage(io, program, args, commanderSentence(thrown, args));
    }
    if (thrown instanceof UsageError) return tellWrongUsage(io, program, args, thrown.message);
    return await tellError(io, thrown);
  }
}

function commanderSentence(error: CommanderError, args: readonly string[]): string {
  // "models" has a default command, so that commander takes an unknown one for an argument of that.
  if (error.code === 'commander.excessArguments' && args[0] === 'models' && args[1] !== 'list')
    return `unknown command '${args[1] ?? ''}'`;
  if (error.code === 'commander.unknownCommand' && args[0] !== undefined && existsSync(args[0])) {
    return `'${args[0]}' is no command. To enlarge it: enlarger enhance ${args[0]}`;
  }
  const sentence = error.message.replace(/^error: /, '');
  // The shell's * hands over names as they are, those with a dash in front too.
  const dashed =
    error.code === 'commander.unknownOption' ? args.find((arg) => arg.startsWith('-') && existsSync(arg)) : undefined;
  return dashed === undefined ? sentence : `${sentence}. If the file of that name is meant, write ./${dashed}`;
}

/** The sentence, how the command is used, and where to read more. */
function tellWrongUsage(io: Io, program: Command, args: readonly string[], sentence: string): ExitCode {
  const named = program.commands.find((command) => command.name() === args[0]);
  const command = named?.commands.find((inner) => inner.name() === args[1]) ?? named ?? program;
  const names = named === undefined || named === command ? [command.name()] : [named.name(), command.name()];
  const full = command === program ? 'enlarger' : `enlarger ${names.join(' ')}`;
  io.err(`enlarger: ${escapeControls(sentence)}\nUsage: ${full} ${command.usage()}\nSee "${full} --help".\n`);
  return exitCodes.usage;
}

/** A failure that is not one photo's: a sentence, and the code that it is known by. */
async function tellError(io: Io, thrown: unknown): Promise<ExitCode> {
  const { toFailure } = await import('../core/photo/failure.ts');
  const failure = toFailure(thrown);
  io.err(`enlarger: ${escapeControls(failure.message)}\n`);
  if (failure.code === 'internal' && process.env['ENLARGER_LOG'] === 'debug' && thrown instanceof Error)
    io.err(`${thrown.stack ?? ''}\n`);
  return failure.code === 'cancelled' ? exitCodes.interrupted : exitCodes.failed;
}

const io = processIo(process.stdout, process.stderr, process.env);
// An error in a listener reaches no `catch`: it is told like any other, and the next start cleans up.
process.on('uncaughtException', (error) => {
  void tellError(io, error).then((code) => process.exit(code));
});
process.exitCode = await main(process.argv.slice(2), io);
