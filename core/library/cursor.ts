/** Where a page ends, as an opaque word: the query it belongs to and the last photo's place in its order. Needs nothing on the server's side. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { EnlargerError } from '../photo/failure.ts';
import type { PhotoQuery } from '../photo/library-view.ts';

const placeSchema = z.object({
  /** Digest of the query. */
  q: z.string(),
  /** Value of the last photo in the sorted column. */
  v: z.union([z.number(), z.string()]),
  /** Its number, which decides among equal values. */
  id: z.int(),
  /** Which part of the list it is in. */
  p: z.int(),
});

export interface ListPlace {
  /** Lists come in parts one after the other, each in the order of the query; from 0 on. */
  readonly part: number;
  readonly value: number | string;
  readonly id: number;
}

export function writeCursor(query: PhotoQuery, { part, value, id }: ListPlace): string {
  const place: z.output<typeof placeSchema> = { q: digest(query), v: value, id, p: part };
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** Null for the first page. Throws `not-found` for what is no cursor, or one of another query. */
export function readCursor(query: PhotoQuery): ListPlace | null {
  if (query.cursor === null) return null;
  const place = parse(query.cursor);
  if (place?.q === digest(query)) return { part: place.p, value: place.v, id: place.id };
  throw new EnlargerError(
    'not-found',
    'This place in the list is unknown: it belongs to another list. Start again from the first page.',
  );
}

function parse(cursor: string): z.output<typeof placeSchema> | null {
  try {
    return placeSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch {
    return null; // Whatever it is, it did not come from here.
  }
}

/** Of everything that decides which photos come in which order; pages may differ in length. */
function digest({ cursor: _cursor, limit: _limit, ...rest }: PhotoQuery): string {
  const sorted = Object.entries(rest).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('base64url').slice(0, 16);
}
