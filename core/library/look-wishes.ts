/** Photos that somebody waits for: whoever asked hears when all of them were looked at. */
import { EnlargerError, type Failure } from '../photo/failure.ts';
import type { PhotoRows } from './photo-rows.ts';

export interface LookWishes {
  /** Resolves when nobody has to look at these any more, with what was wrong with some of them. */
  add(ids: readonly number[]): Promise<ReadonlyMap<number, Failure>>;
  /** Numbers that are waited for, those that were asked for first in front. */
  waiting(): number[];
  /** Some photos were looked at, and these of them failed. */
  looked(failures: ReadonlyMap<number, Failure>): void;
  /** All that can be looked at was: who waits still waits for what went away, or tells nothing of itself. */
  end(): void;
  /** Nobody can look now. */
  fail(error: unknown): void;
  /** Nobody looks any more. */
  cancel(): void;
}

interface Wish {
  left: readonly number[];
  readonly failures: Map<number, Failure>;
  readonly through: PromiseWithResolvers<ReadonlyMap<number, Failure>>;
}

/** Asks the catalog what is left: a photo may be looked at for another reason, too. */
export function lookWishes(photos: Pick<PhotoRows, 'unlooked'>): LookWishes {
  const wishes = new Set<Wish>();
  const settle = (how: (wish: Wish) => void): void => {
    for (const wish of wishes) how(wish);
    wishes.clear();
  };
  const fail = (error: unknown): void => settle(({ through }) => through.reject(error));
  return {
    add(ids) {
      const wish: Wish = { left: photos.unlooked(ids), failures: new Map(), through: Promise.withResolvers() };
      if (wish.left.length === 0) wish.through.resolve(wish.failures);
      else wishes.add(wish);
      return wish.through.promise;
    },
    waiting: () => [...wishes].flatMap(({ left }) => left),
    looked(failures) {
      for (const wish of wishes) {
        for (const id of wish.left) {
          const failure = failures.get(id);
          if (failure !== undefined) wish.failures.set(id, failure);
        }
        wish.left = photos.unlooked(wish.left).filter((id) => !wish.failures.has(id));
        if (wish.left.length > 0) continue;
        wish.through.resolve(wish.failures);
        wishes.delete(wish);
      }
    },
    end: () => settle(({ through, failures }) => through.resolve(failures)),
    fail,
    cancel: () => fail(new EnlargerError('cancelled', 'The library was closed meanwhile.')),
  };
}
