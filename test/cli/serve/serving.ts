/** `enlarger serve` as a process. */
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { startCli, type CliOptions, type CliResult, type RunningCli } from '../run-cli.ts';

export interface ServingCli extends RunningCli {
  /** The first line of stdout. */
  readonly line: string;
  readonly url: string;
}

/** Resolves when it listens; rejects with what it said when it ends before. */
export async function serving(args: readonly string[], options: CliOptions): Promise<ServingCli> {
  const cli = startCli(['serve', ...args], options);
  const { stdout } = cli.child;
  if (stdout === null) throw new Error('The command has no stdout.');
  const [line] = (await Promise.race([
    once(createInterface(stdout), 'line'),
    cli.result.then((result) => {
      throw new Error(`The command ended: ${JSON.stringify(result)}`);
    }),
  ])) as [string];
  return { ...cli, line, url: /http:\/\/[^"\s]+/.exec(line)?.[0] ?? '' };
}

/** Ends it as Ctrl-C does. */
export async function interrupted(cli: RunningCli, signal: NodeJS.Signals = 'SIGINT'): Promise<CliResult> {
  cli.child.kill(signal);
  return await cli.result;
}
