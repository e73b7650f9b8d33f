/** Results that can be judged, by the rules of the real library. */
import { EnlargerError } from '../../../../core/photo/failure.ts';
import type { ResultView } from '../../../../core/photo/library-view.ts';
import { nextResultState, type ResultEvent, type ResultState } from '../../../../core/photo/result.ts';

interface Ids {
  readonly ids?: readonly number[] | undefined;
}

interface Asked {
  readonly state?: string | undefined;
  readonly photoIds?: readonly number[] | undefined;
}

export interface FakeLibrary {
  readonly review: {
    list(params: Asked): { results: ResultView[] };
    accept(params: Ids): { changed: number };
    reject(params: Ids): { changed: number };
    reset(params: Ids): { changed: number };
  };
  add(...results: ResultView[]): void;
  /** All results of a photo. */
  remove(photoId: number): void;
  /** By the number of the result. */
  states(): Record<number, ResultState>;
}

export function fakeLibrary(initial: readonly ResultView[]): FakeLibrary {
  const results = new Map(initial.map((result) => [result.id, result]));
  const judge =
    (event: ResultEvent) =>
    ({ ids = [] }: Ids) => {
      for (const id of ids) {
        const result = results.get(id);
        const state = result && nextResultState(result.state, event);
        if (result === undefined || state === null || state === undefined)
          throw new EnlargerError('conflict', `Result ${id} cannot be judged.`);
        results.set(id, { ...result, state });
      }
      return { changed: ids.length };
    };
  return {
    review: {
      list: ({ state, photoIds }) => ({
        results: [...results.values()].filter(
          (result) =>
            (state === undefined || result.state === state) && (photoIds === undefined || photoIds.includes(result.photoId)),
        ),
      }),
      ...{ accept: judge('accept'), reject: judge('reject'), reset: judge('reset') },
    },
    add: (...added) => {
      for (const result of added) results.set(result.id, result);
    },
    remove: (photoId) => {
      for (const { id } of [...results.values()].filter((result) => result.photoId === photoId)) results.delete(id);
    },
    states: () => Object.fromEntries([...results.values()].map(({ id, state }) => [id, state])),
  };
}
