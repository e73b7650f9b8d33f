/** The queue as the host tells it. */
import type { Client } from '../../core/api/client.ts';
import type { QueueStatus } from '../../core/api/contract.ts';
import type { Events } from '../../core/api/events.ts';
import type { Toasts } from './toasts.svelte.ts';

export class QueueState {
  /** Null until the first answer. */
  status = $state.raw<QueueStatus | null>(null);
  /** Nothing is worked on. False while that is not known. */
  idle = $derived(this.status !== null && this.status.running.length === 0);
  readonly #client: Client;
  readonly #toasts: Toasts;
  #heard = 0;

  constructor(client: Client, events: Events, toasts: Toasts) {
    this.#client = client;
    this.#toasts = toasts;
    events.subscribe('queue', (status) => {
      this.#heard += 1;
      this.status = status;
    });
    this.reload();
  }

  reload(): void {
    const heard = this.#heard;
    this.#do(async () => {
      const status = await this.#client.queue.status();
      // News that came meanwhile are younger than the answer.
      if (heard === this.#heard) this.status = status;
    });
  }

  pause(): void {
    this.#do(() => this.#client.queue.pause());
  }

  resume(): void {
    this.#do(() => this.#client.queue.resume());
  }

  /** Without numbers: everything that is not settled. */
  cancel(ids?: number[]): void {
    this.#do(() => this.#client.queue.cancel(ids === undefined ? {} : { ids }));
  }

  /** Without numbers: everything that failed. */
  retry(ids?: number[]): void {
    this.#do(() => this.#client.queue.retry(ids === undefined ? {} : { ids }));
  }

  #do(work: () => Promise<unknown>): void {
    work().catch((error: unknown) => this.#toasts.failed(error));
  }
}
