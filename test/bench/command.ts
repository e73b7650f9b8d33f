/** Runs the real `enlarger` command, as a user's script would, and listens to its lines. */
import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { runLineSchema, type RunLine } from '../../core/photo/run-events.ts';
import { watchMemory } from './process-memory.ts';

const entry = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));

export interface CommandRun {
  readonly lines: readonly { readonly line: RunLine; readonly atMs: number }[];
  /** From spawn to exit, milliseconds. */
  readonly wallMs: number;
  /** Largest proportional set size of all its processes together; null when not asked for or not measurable here. */
  readonly peakMemoryBytes: number | null;
}

export interface CommandOptions {
  /** Folder for the command's own state, so that a bench neither uses nor changes the user's. */
  readonly stateDirectory: string;
  readonly measureMemory?: boolean;
  /** Interrupts the command at the first line that it is true for, as Ctrl-C would. */
  readonly stopAt?: (line: RunLine) => boolean;
}

const interruptedExitCode = 130;

/** `enlarger enhance --json …args`, with nothing in its cache: every run is a first one. Throws when it exits with anything but 0, or 130 where it was interrupted. */
export async function runEnhance(args: readonly string[], options: CommandOptions): Promise<CommandRun> {
  await rm(join(options.stateDirectory, 'enhance-cache'), { recursive: true, force: true });
  const startMs = performance.now();
  const child = spawn(process.execPath, [entry, 'enhance', '--json', ...args], {
    env: { ...process.env, ENLARGER_CACHE: options.stateDirectory },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exit = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const memory = options.measureMemory === true && child.pid !== undefined ? watchMemory(child.pid) : null;
  const lines: { line: RunLine; atMs: number }[] = [];
  let complaints = '';
  const stop = { asked: false };
  createInterface({ input: child.stdout }).on('line', (text) => {
    const line = runLineSchema.parse(JSON.parse(text));
    lines.push({ line, atMs: performance.now() - startMs });
    if (stop.asked || options.stopAt?.(line) !== true) return;
    stop.asked = true;
    child.kill('SIGINT');
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints = (complaints + text).slice(-4000)));
  const code = await exit;
  const wallMs = performance.now() - startMs;
  const peakMemoryBytes = memory?.stop() ?? null;
  if (code !== 0 && !(stop.asked && code === interruptedExitCode))
    throw new Error(`enlarger enhance ${args.join(' ')} ended with ${String(code)}:\n${complaints}`);
  return { lines, wallMs, peakMemoryBytes };
}

/** The only line of a type. */
export function onlyLine<Type extends RunLine['type']>(run: CommandRun, type: Type): Extract<RunLine, { type: Type }> {
  const found = run.lines.filter(({ line }) => line.type === type);
  if (found.length !== 1) throw new Error(`${String(found.length)} lines of type ${type}, not one`);
  return found[0]!.line as Extract<RunLine, { type: Type }>;
}
