/** `enlarger library add`. */
import { resolve } from 'node:path';
import { toFailure, type FailureCode } from '../core/photo/failure.ts';
import { skipReasonText } from '../core/photo/skip-reason.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { formatCount } from './format.ts';
import { createHumanReporter } from './human.ts';
import { shownPath } from './human-text.ts';
import { listenForInterrupts } from './interrupts.ts';
import type { Io } from './io.ts';
import type { LibraryFlags } from './library-options.ts';
import type { LibraryPlace } from '../core/host/place.ts';
import { escapeControls } from './text.ts';
import { UsageError } from './usage-error.ts';
import { withLibrary } from './with-library.ts';

/** Lines of `library add --json`: what cannot be used, what was passed over, and at last the counts. */
type AddLine =
  | { readonly type: 'failed'; readonly input: string; readonly code: FailureCode; readonly message: string }
  | { readonly type: 'skipped'; readonly input: string; readonly reason: string }
  | ({ readonly type: 'summary' } & Counts & { readonly ms: number });

interface Counts {
  /** Files that were found, and what they were to the library. */
  readonly files: number;
  readonly added: number;
  readonly changed: number;
  readonly moved: number;
  readonly missing: number;
  readonly returned: number;
  readonly unchanged: number;
  readonly skipped: number;
  /** What was named and cannot be added, and photos that cannot be used. */
  readonly failed: number;
}

/** Scans, then looks at everything that nobody has looked at. Exit code 1 when something was named, or is a photo, and cannot be used. */
export async function addToLibrary(
  io: Io,
  paths: readonly string[],
  flags: LibraryFlags & { readonly recursive: boolean },
): Promise<ExitCode> {
  if (paths.includes('')) throw new UsageError('An empty path was given. Name a photo or a folder.');
  const human = createHumanReporter(io.screen({ stdoutIsUsed: flags.json ?? false }), () => signal.aborted);
  const interrupts = listenForInterrupts(process, () => {
    human.close();
    process.exit(exitCodes.interrupted);
  });
  const signal = AbortSignal.any([interrupts.signal, io.outClosed]);
  const tell = (line: AddLine): void => {
    if (flags.json === true) io.out(`${JSON.stringify(line)}\n`);
    else if (line.type !== 'summary')
      human.say(
        `${line.type.padEnd(8)} ${shownPath(line.input)}: ${escapeControls('reason' in line ? line.reason : line.message)}`,
      );
  };
  const startMs = performance.now();
  try {
    return await withLibrary(
      io,
      flags,
      async (place) => {
        human.wait('looking for photos …');
        const counts = await add(place, paths, flags.recursive, { tell, wait: human.wait, signal });
        human.close();
        tell({ type: 'summary', ...counts, ms: performance.now() - startMs });
        for (const line of countLines(counts, signal.aborted)) human.say(line);
        if (signal.aborted) return exitCodes.interrupted;
        return counts.failed > 0 ? exitCodes.failed : exitCodes.done;
      },
      { say: human.say },
    );
  } finally {
    human.close();
    interrupts.dispose();
  }
}

interface Output {
  readonly tell: (line: AddLine) => void;
  readonly wait: (text: string) => void;
  readonly signal: AbortSignal;
}

async function add(place: LibraryPlace, paths: readonly string[], recursive: boolean, output: Output): Promise<Counts> {
  const { client, grants, catalog } = place;
  const { tell } = output;
  const report = await client.library.add({ grants: paths.map((path) => grants.issue(resolve(path))), recursive });
  const asNamed = new Map(paths.map((path) => [resolve(path), path]));
  for (const { path, failure } of report.failed)
    tell({ type: 'failed', input: asNamed.get(path) ?? path, code: failure.code, message: failure.message });
  for (const { path, reason } of report.skipped) tell({ type: 'skipped', input: path, reason: skipReasonText(reason) });
  let failed = report.failed.length;
  const onLooked = (ids: readonly number[]): void => {
    for (const id of ids) {
      const { path, failure } = catalog.photos.get(id) ?? { path: '', failure: null };
      if (failure === null) continue;
      failed += 1;
      tell({ type: 'failed', input: path, code: failure.code, message: failure.message });
    }
  };
  await lookAtAll(place, output, onLooked);
  const { files, added, changed, moved, missing, returned, unchanged } = report;
  return { files, added, changed, moved, missing, returned, unchanged, skipped: report.skipped.length, failed };
}

/** Stopped by the signal, it resolves all the same: the rest is looked at by the next command that does. */
export async function lookAtAll(
  { importer }: Pick<LibraryPlace, 'importer'>,
  { wait, signal }: Pick<Output, 'wait' | 'signal'>,
  onLooked: (ids: readonly number[]) => void = () => undefined,
): Promise<void> {
  let looked = 0;
  try {
    await importer.lookAtAll(signal, {
      onLooked(ids) {
        looked += ids.length;
        wait(`looked at ${formatCount(looked, 'photo')} …`);
        onLooked(ids);
      },
    });
  } catch (error) {
    if (!signal.aborted) throw error;
    // What the engine says of a stop, and the reason of the signal itself, are no failures; anything else is one in spite of the stop.
    if (toFailure(error).code !== 'cancelled' && error !== signal.reason) throw error;
  }
}

/** What a person reads at the end. */
export function countLines(counts: Counts, stopped: boolean): string[] {
  const parts = [`${formatCount(counts.added, 'photo')} added`];
  const say = (count: number, what: string): void => {
    if (count > 0) parts.push(`${String(count)} ${what}`);
  };
  say(counts.changed, 'changed');
  say(counts.moved, 'moved');
  say(counts.returned, 'found again');
  say(counts.missing, 'missing');
  say(counts.unchanged, 'known already');
  say(counts.failed, 'failed');
  const lines = [`${parts.join(', ')}.`];
  if (stopped) lines.push('Stopped. The same command goes on with the rest.');
  return lines;
}
