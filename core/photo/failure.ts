/**
 * The failures a user can meet, as data. Every boundary (process, command line, window) carries a
 * `Failure`; code branches on `code`, people read `message`.
 */
import { z } from 'zod';

export const failureCodes = [
  'not-found',
  'not-a-photo',
  'unsupported-format',
  'damaged',
  'too-large',
  'out-of-memory',
  'disk-full',
  'not-writable',
  'conflict',
  'model-missing',
  'model-invalid',
  'device-failed',
  'source-changed',
  'cancelled',
  'internal',
] as const;

export const failureSchema = z.object({
  code: z.enum(failureCodes),
  /** One or two sentences for the user: what is wrong and what to do. Names no file; the caller does. */
  message: z.string().min(1),
  /** True when the same request may succeed if it is simply made again. */
  retry: z.boolean().optional(),
});

export type FailureCode = (typeof failureCodes)[number];
export type Failure = z.infer<typeof failureSchema>;

/** The one envelope that crosses every boundary. */
export type Outcome<Value> = { ok: true; value: Value } | { ok: false; failure: Failure };

/** An error that a user may see. Anything else that is thrown is a defect and becomes `internal`. */
export class EnlargerError extends Error {
  override readonly name = 'EnlargerError';
  readonly code: FailureCode;
  readonly retry: boolean;

  constructor(code: FailureCode, message: string, options: { retry?: boolean; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retry = options.retry ?? false;
  }
}

/** Turns anything that was thrown into a failure; unknown errors keep their text behind `internal`. */
export function toFailure(thrown: unknown): Failure {
  if (thrown instanceof EnlargerError) {
    return { code: thrown.code, message: thrown.message, ...(thrown.retry ? { retry: true } : {}) };
  }
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return {
    code: 'internal',
    message: `Something unexpected went wrong (${text}). Please report it with the file, if you can share it.`,
  };
}

/** The way back across a boundary: a failure becomes an error again. */
export function toError(failure: Failure): EnlargerError {
  return new EnlargerError(failure.code, failure.message, { retry: failure.retry ?? false });
}

export function isFailureCode(thrown: unknown, code: FailureCode): boolean {
  return thrown instanceof EnlargerError && thrown.code === code;
}
