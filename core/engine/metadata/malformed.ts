import { readLimitBytes } from '../container/byte-source.ts';
import { MalformedContainer } from '../container/malformed-container.ts';

/** Largest metadata block read, after decompression. */
export const blockLimitBytes = readLimitBytes;

/** A block that breaks its own format. Never reaches a user: the reader turns it into a line in `problems`. */
export class MalformedMetadata extends Error {
  override readonly name = 'MalformedMetadata';
}

/** Refuses a block larger than `blockLimitBytes` before any memory is taken for it. */
export function checkBlockBytes(what: string, bytes: number): void {
  if (bytes > blockLimitBytes) throw new MalformedMetadata(`${what} is larger than ${blockLimitBytes / 1024 / 1024} MiB`);
}

/**
 * Runs one step of reading or editing. What the step finds wrong is reported and answered with null,
 * so that one bad block never costs the others. Failures of the file system and defects pass through.
 */
export function attempt<Value>(problems: string[], what: string, step: () => Value): Value | null {
  try {
    return step();
  } catch (thrown) {
    if (!isMalformed(thrown)) throw thrown;
    problems.push(`${what} could not be read (${thrown.message})`);
    return null;
  }
}

/** Buffer reads beyond the end throw ERR_OUT_OF_RANGE or ERR_BUFFER_OUT_OF_BOUNDS: in a parser that is a malformed block. */
function isMalformed(thrown: unknown): thrown is Error {
  if (thrown instanceof MalformedMetadata || thrown instanceof MalformedContainer) return true;
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : null;
  return code === 'ERR_OUT_OF_RANGE' || code === 'ERR_BUFFER_OUT_OF_BOUNDS';
}
