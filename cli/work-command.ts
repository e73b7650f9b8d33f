/** A command that works on a library for a while: its lines, its steady line for people, and Ctrl-C. */
import { isFailureCode } from '../core/photo/failure.ts';
import type { JobKind } from '../core/photo/job.ts';
import type { RunEvent } from '../core/photo/run-events.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { createHumanReporter } from './human.ts';
import { listenForInterrupts } from './interrupts.ts';
import type { Io } from './io.ts';
import { createJsonLines } from './json-lines.ts';
import type { LibraryFlags } from './library-options.ts';
import type { LibraryPlace } from '../core/host/place.ts';
import { withLibrary } from './with-library.ts';
import { createWorkLines, type WorkLines } from './work-lines.ts';
import type { Say } from './workplace.ts';

export interface Work {
  readonly place: LibraryPlace;
  readonly lines: WorkLines;
  /** Aborted by Ctrl-C, and when the reader of stdout has gone. */
  readonly signal: AbortSignal;
  /** One line for people. */
  readonly say: Say;
  /** What is going on before there are figures. */
  readonly wait: Say;
}

/**
 * Does `work`, which resolves as well when the signal stopped it; the summary is told behind it. Exit code 1 when something failed, 130 when it
 * was stopped. `shown` is what people see of an event, which may be less than the line of it.
 */
export async function workOnLibrary(
  io: Io,
  flags: LibraryFlags,
  options: { readonly kinds: readonly JobKind[]; readonly shown?: (event: RunEvent) => RunEvent },
  work: (means: Work) => Promise<void>,
): Promise<ExitCode> {
  const human = createHumanReporter(io.screen({ stdoutIsUsed: flags.json ?? false }), () => signal.aborted);
  const interrupts = listenForInterrupts(process, () => {
    human.close();
    process.exit(exitCodes.interrupted);
  });
  const signal = AbortSignal.any([interrupts.signal, io.outClosed]);
  const json = flags.json === true ? createJsonLines(io.out) : () => undefined;
  const { kinds } = options;
  const shown = options.shown ?? ((event: RunEvent): RunEvent => event);
  const lines = createWorkLines((event) => {
    json(event);
    human.onEvent(shown(event));
  });
  const { onEnhance, onExport, onSettled } = lines;
  try {
    return await withLibrary(
      io,
      flags,
      async (place) => {
        const unfollow = lines.follow(place);
        try {
          await work({ place, lines, signal, say: human.say, wait: human.wait });
        } catch (error) {
          if (!signal.aborted || !isStop(error)) {
            // Scripts wait for a last line; people get the error's sentence instead.
            json(lines.summary());
            throw error;
          }
        } finally {
          unfollow();
        }
        const summary = lines.summary();
        json(summary);
        human.onEvent(summary);
        if (signal.aborted) return exitCodes.interrupted;
        return summary.failed > 0 ? exitCodes.failed : exitCodes.done;
      },
      { kinds, say: human.say, onEnhance, onExport, onSettled },
    );
  } finally {
    human.close();
    interrupts.dispose();
  }
}

/** What calls reject with when their signal was aborted. */
function isStop(error: unknown): boolean {
  return isFailureCode(error, 'cancelled') || (error instanceof Error && error.name === 'AbortError');
}
