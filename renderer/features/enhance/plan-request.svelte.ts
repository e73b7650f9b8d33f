/** The plan of what is wanted right now. */
import type { Client } from '../../../core/api/client.ts';
import type { BatchPlan } from '../../../core/api/contract.ts';
import { toFailure, type Failure } from '../../../core/photo/failure.ts';
import type { PhotoChoice } from '../../../core/photo/library-view.ts';
import type { Recipe } from '../../../core/photo/recipe.ts';

/** Whoever types a number or drags a slider is not asked about at each step. */
const restMs = 250;
/** While photos are still being read, the plan is made again after so long, and after so many times as long as it took: it costs the host work. */
const readingMs = 1000;
const readingTimes = 4;

interface Wish {
  readonly choice: PhotoChoice;
  readonly recipe: Recipe;
}

/**
 * The figures before stay until the new ones are there, and an answer to an older wish is ignored. One question is under way at a time: to plan a
 * hundred thousand photos takes the host a while.
 */
export class PlanRequest {
  /** The latest plan; null before the first one. */
  plan = $state.raw<BatchPlan | null>(null);
  /** Why there is none for what is wanted now, where asking failed. */
  failure = $state.raw<Failure | null>(null);
  /** `plan` is of something that is not wanted any more. */
  outdated = $state(false);
  readonly #client: Pick<Client, 'queue'>;
  #wish: Wish | null = null;
  #key = '';
  #turn = 0;
  #isAsking = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(client: Pick<Client, 'queue'>) {
    this.#client = client;
  }

  /** Null: what is wanted makes no sense yet. The first wish is asked about at once, each further one when it has rested. */
  want(wish: Wish | null): void {
    const key = JSON.stringify(wish);
    if (key === this.#key) return;
    const isFirst = this.#key === '';
    this.#key = key;
    this.#wish = wish;
    this.#outdate();
    if (wish !== null) this.#timer = setTimeout(() => this.#askNow(), isFirst ? 0 : restMs);
  }

  /** Something that the figures depend on is known better by now. */
  again(): void {
    if (this.#wish === null) return;
    this.#outdate();
    this.#askNow();
  }

  /** Asks no more, and hears no more. */
  close(): void {
    this.#wish = null;
    this.#outdate();
  }

  #askNow(): void {
    this.#timer = undefined;
    void this.#ask();
  }

  #outdate(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#turn += 1;
    this.outdated = true;
  }

  async #ask(): Promise<void> {
    if (this.#wish === null || this.#isAsking) return;
    const turn = this.#turn;
    this.#isAsking = true;
    const startMs = performance.now();
    try {
      const plan = await this.#client.queue.plan(this.#wish);
      if (turn === this.#turn) [this.plan, this.failure, this.outdated] = [plan, null, false];
    } catch (error) {
      if (turn === this.#turn) [this.failure, this.outdated] = [toFailure(error), false];
    }
    this.#isAsking = false;
    if (this.#timer !== undefined) return;
    if (turn !== this.#turn) void this.#ask();
    else if (this.failure === null && (this.plan?.unread.length ?? 0) > 0) {
      const pauseMs = Math.max(readingMs, readingTimes * (performance.now() - startMs));
      this.#timer = setTimeout(() => this.#askNow(), pauseMs);
    }
  }
}
