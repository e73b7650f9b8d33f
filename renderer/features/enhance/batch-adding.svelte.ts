/** A batch on its way into the queue: what nobody read yet is read first, a few photos at a time, so that whoever leaves meanwhile stops it. */
import type { Client } from '../../../core/api/client.ts';
import type { Result } from '../../../core/api/contract.ts';
import type { Failure } from '../../../core/photo/failure.ts';
import type { PhotoChoice } from '../../../core/photo/library-view.ts';
import type { Recipe } from '../../../core/photo/recipe.ts';
import type { PlanRequest } from './plan-request.svelte.ts';

/** As many as are read within about a second. */
const pieceSize = 64;

export interface AddedBatch extends Pick<Result<'queue', 'add'>, 'jobs' | 'known' | 'cached'> {
  /** Photos that cannot be made, and of which the plan did not tell that. */
  readonly refused: readonly { readonly id: number; readonly failure: Failure }[];
}

export class BatchAdding {
  /** It has begun and is not through. */
  busy = $state(false);
  /** How many photos of how many are read; null while none are to be. */
  read = $state.raw<{ readonly done: number; readonly all: number } | null>(null);
  readonly #client: Pick<Client, 'queue'>;
  #turn = 0;

  constructor(client: Pick<Client, 'queue'>) {
    this.#client = client;
  }

  /** Null when it was stopped: then nothing was added. Rejects with the failure of the call. */
  async add(choice: PhotoChoice, recipe: Recipe, known: PlanRequest['plan']): Promise<AddedBatch | null> {
    this.#turn += 1;
    const turn = this.#turn;
    this.busy = true;
    try {
      const plan = known ?? (await this.#client.queue.plan({ choice, recipe }));
      const failures = await this.#readAll(plan.unread, turn);
      if (turn !== this.#turn) return null;
      const { jobs, known: waiting, cached, plan: made } = await this.#client.queue.add({ choice, recipe });
      const told = new Set(plan.refused.map(({ id }) => id));
      const refused = made.refused
        .filter(({ id }) => !told.has(id))
        .map(({ id, failure }) => ({ id, failure: failures.get(id) ?? failure }));
      return { jobs, known: waiting, cached, refused };
    } finally {
      if (turn === this.#turn) this.stop();
    }
  }

  /** Nothing is added any more, unless it was given to the queue already. */
  stop(): void {
    this.#turn += 1;
    this.busy = false;
    this.read = null;
  }

  async #readAll(ids: readonly number[], turn: number): Promise<ReadonlyMap<number, Failure>> {
    const failures = new Map<number, Failure>();
    for (let done = 0; done < ids.length && turn === this.#turn; done += pieceSize) {
      this.read = { done, all: ids.length };
      const { failed } = await this.#client.queue.read({ photoIds: ids.slice(done, done + pieceSize) });
      for (const { id, failure } of failed) failures.set(id, failure);
    }
    if (turn === this.#turn) this.read = null;
    return failures;
  }
}
