/** What is made of photos, by the number of the result: a job names only that. */
import { SvelteMap } from 'svelte/reactivity';
import type { Client } from '../../../core/api/client.ts';
import type { JobView } from '../../../core/api/contract.ts';
import type { ResultView } from '../../../core/photo/library-view.ts';

export class ResultDetails {
  readonly #client: Pick<Client, 'review'>;
  readonly #known = new SvelteMap<number, ResultView>();
  readonly #asked = new Set<number>();

  constructor(client: Pick<Client, 'review'>) {
    this.#client = client;
  }

  /** Undefined until it is there; reading it follows it. */
  get(resultId: number | null): ResultView | undefined {
    return resultId === null ? undefined : this.#known.get(resultId);
  }

  /** Asks for the results of these jobs, once. */
  async want(jobs: readonly JobView[]): Promise<void> {
    const missing = jobs.filter(({ resultId }) => resultId !== null && !this.#asked.has(resultId));
    const photoIds = [...new Set(missing.flatMap(({ photoId }) => photoId ?? []))];
    if (photoIds.length === 0) return;
    for (const { resultId } of missing) if (resultId !== null) this.#asked.add(resultId);
    try {
      const { results } = await this.#client.review.list({ photoIds });
      for (const result of results) this.#known.set(result.id, result);
    } catch {
      // The rows do without; whoever asks next asks for these, too.
      for (const { resultId } of missing) if (resultId !== null) this.#asked.delete(resultId);
    }
  }
}
