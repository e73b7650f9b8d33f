/** The calls of the contract about results and the verdicts on them. */
import type { Handlers } from '../api/contract.ts';
import { EnlargerError } from '../photo/failure.ts';
import type { ResultEvent } from '../photo/result.ts';
import type { Catalog } from './catalog.ts';

export interface ReviewService {
  readonly catalog: Pick<Catalog, 'photos' | 'results' | 'transaction'>;
  /** Which of these results have their pixels in the cache. */
  readonly cachedKeys: (keys: readonly string[]) => Promise<ReadonlySet<string>>;
}

export function reviewHandlers({ catalog, cachedKeys }: ReviewService): Handlers<'review'> {
  const { results } = catalog;

  /** Judges all of them or, when one cannot be, none. */
  const judge = async (event: ResultEvent, ids?: readonly number[]): Promise<{ changed: number }> => {
    await Promise.resolve();
    return catalog.transaction(() => {
      let changed = 0;
      for (const id of ids ?? results.list({ states: ['ready'] }).map((result) => result.id)) {
        const before = results.get(id);
        if (before === null)
          throw new EnlargerError(
            'not-found',
            `There is no result with the number ${String(id)}. "enlarger review list" shows all.`,
          );
        const after = results.apply(id, event);
        if (after === null)
          throw new EnlargerError(
            'conflict',
            `Result ${String(id)} is not made yet, so there is nothing to judge. Run the queue first.`,
          );
        if (after.state !== before.state) changed += 1;
      }
      return { changed };
    });
  };

  return {
    async list({ state, photoIds, choice }) {
      const chosen = choice === undefined ? undefined : catalog.photos.choose(choice);
      const among = chosen === undefined || photoIds === undefined ? (chosen ?? photoIds) : both(chosen, photoIds);
      const filter = { ...(state === undefined ? {} : { states: [state] }), ...(among === undefined ? {} : { photoIds: among }) };
      const cached = await cachedKeys(results.list(filter).map(({ key }) => key));
      return { results: results.views(filter, (key) => cached.has(key)) };
    },
    accept: ({ ids }) => judge('accept', ids),
    reject: ({ ids }) => judge('reject', ids),
    reset: ({ ids }) => judge('reset', ids),
  };
}

function both(some: readonly number[], others: readonly number[]): number[] {
  const wanted = new Set(others);
  return some.filter((id) => wanted.has(id));
}
