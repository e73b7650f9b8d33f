/** JSON columns: what is read from them is parsed, as from any file. */
import type { z } from 'zod';
import { EnlargerError } from '../photo/failure.ts';

/** Null for an empty column, and for a value that this version does not understand: it is forgotten, as if it had never been found out. */
export function parsed<Schema extends z.ZodType>(schema: Schema, text: string | null): z.output<Schema> | null {
  if (text === null) return null;
  const result = schema.safeParse(parseJson(text));
  return result.success ? result.data : null;
}

/** For values without which a row means nothing. Throws `damaged`. */
export function required<Schema extends z.ZodType>(schema: Schema, text: string): z.output<Schema> {
  const value = parsed(schema, text);
  if (value !== null) return value;
  throw new EnlargerError(
    'damaged',
    'A row of the library cannot be understood. Run "enlarger library check" to see what is wrong.',
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // No schema takes it.
  }
}
