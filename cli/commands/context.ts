/** What the composition hands to each command. */
import type { ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';

export interface CommandContext {
  readonly io: Io;
  /** Sets the exit code of the process; the last call wins. */
  exitWith(code: ExitCode): void;
}
