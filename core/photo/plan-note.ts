/** What a user should know of a planned result, as data: windows say it in their user's language, the command line by `planNoteText`. */
import { z } from 'zod';
import { dimensions } from './plan-file.ts';

export const planNoteSchema = z.discriminatedUnion('code', [
  /** The photo is larger than this size already: it is made smaller, and no network runs. */
  z.object({ code: z.literal('shrunk'), width: z.int().positive(), height: z.int().positive() }),
]);
export type PlanNote = z.infer<typeof planNoteSchema>;

/** In English. */
export function planNoteText(note: PlanNote): string {
  return `the photo is larger than ${dimensions(note)} already: it is shrunk, not enlarged`;
}
