/** Verdicts on their way to the program, one after the other: what is taken back was said before. */
import type { Client } from '../../../../core/api/client.ts';
import { callsFor, type VerdictStep } from './verdict.ts';

export class VerdictCalls {
  readonly #review: Client['review'];
  #last: Promise<void> = Promise.resolve();
  #pending = 0;

  constructor(review: Client['review']) {
    this.#review = review;
  }

  /** Something is on its way: what the program tells of it may be how it was before. */
  get isPending(): boolean {
    return this.#pending > 0;
  }

  /** Resolves when everything so far was answered. Never rejects. */
  settled(): Promise<void> {
    return this.#last;
  }

  /** Makes steps true. `onRefused` hears why they were not. Resolves after either. */
  async make(steps: readonly VerdictStep[], onRefused: (error: unknown) => void): Promise<void> {
    this.#pending += 1;
    this.#last = this.#last.then(async () => {
      try {
        for (const { verb, ids } of callsFor(steps)) await this.#review[verb]({ ids });
      } catch (error) {
        onRefused(error);
      } finally {
        this.#pending -= 1;
      }
    });
    await this.#last;
  }
}
