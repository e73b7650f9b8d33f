/** Which photos are to be reviewed, in which order, and which result of each one is looked at. Pure. */
import type { ResultView } from '../../../../core/photo/library-view.ts';

export const reviewFilters = ['open', 'accepted', 'rejected', 'all'] as const;
export type ReviewFilter = (typeof reviewFilters)[number];

/** A photo that has results, in the order in which they were asked for. Those whose pixels are still to come are not among them. */
export interface ReviewPhoto {
  readonly id: number;
  readonly name: string;
  readonly results: readonly ResultView[];
}

/** What a photo is as a whole. `open`: some result waits for a verdict. */
export type PhotoVerdict = 'open' | 'accepted' | 'rejected';

export function verdictOf({ results }: ReviewPhoto): PhotoVerdict {
  if (results.some(({ state }) => state === 'ready')) return 'open';
  return results.some(({ state }) => state === 'accepted' || state === 'exported') ? 'accepted' : 'rejected';
}

export function matchesFilter(photo: ReviewPhoto, filter: ReviewFilter): boolean {
  return filter === 'all' || verdictOf(photo) === filter;
}

/** Photos in the order of their first results. */
export function photosOf(results: readonly ResultView[]): ReviewPhoto[] {
  const made = results.filter(({ state }) => state !== 'pending').toSorted((a, b) => a.id - b.id);
  return [...Map.groupBy(made, ({ photoId }) => photoId)].map(([id, own]) => ({ id, name: own[0]?.name ?? '', results: own }));
}

/** An order with more photos: those that are new come last, so that nothing moves under the eyes. */
export function withAdded(order: readonly number[], ids: Iterable<number>): readonly number[] {
  const known = new Set(order);
  const added = [...new Set(ids)].filter((id) => !known.has(id));
  return added.length === 0 ? order : [...order, ...added];
}

/** The photo beside one; null at the ends and where the one is not in the order. */
export function neighbour(order: readonly number[], id: number | null, step: 1 | -1): number | null {
  const at = id === null ? -1 : order.indexOf(id);
  return at < 0 ? null : (order[at + step] ?? null);
}

/** The next photo that waits, after `id` and then from the beginning, never `id` itself. Null: none does. */
export function nextOpen(order: readonly number[], id: number | null, isOpen: (id: number) => boolean): number | null {
  const at = id === null ? -1 : order.indexOf(id);
  return [...order.slice(at + 1), ...order.slice(0, Math.max(0, at))].find(isOpen) ?? null;
}

/** The result that a photo is shown with first: the newest that waits, else the newest that was kept, else the newest. */
export function firstShown({ results }: ReviewPhoto): ResultView | null {
  const newest = (states: readonly string[]): ResultView | undefined => results.findLast(({ state }) => states.includes(state));
  return newest(['ready']) ?? newest(['accepted', 'exported']) ?? results.at(-1) ?? null;
}
