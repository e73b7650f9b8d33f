/** One photo's own page, fresh after news. */
import type { Client } from '../../../../core/api/client.ts';
import type { Events } from '../../../../core/api/events.ts';
import { isFailureCode } from '../../../../core/photo/failure.ts';
import type { PhotoPage } from '../../../../core/photo/library-view.ts';
import type { Toasts } from '../../../state/toasts.svelte.ts';

/** News of one photo come in pairs: of its job and of itself. */
const restMs = 100;

export class PhotoPageState {
  /** Of the photo that is shown, or of the one before until it is there; null before the first. */
  page = $state.raw<PhotoPage | null>(null);
  /** There is no photo with this number. */
  gone = $state(false);
  readonly #client: Client;
  readonly #toasts: Toasts;
  readonly #endings: readonly (() => void)[];
  #id: number | null = null;
  #turn = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(client: Client, events: Events, toasts: Toasts) {
    this.#client = client;
    this.#toasts = toasts;
    this.#endings = [
      events.subscribe('library', ({ changedIds }) => {
        if (this.#id !== null && changedIds.includes(this.#id)) this.#reloadSoon();
      }),
      events.subscribe('job', ({ photoId, status }) => {
        if (photoId === this.#id && status.state !== 'running') this.#reloadSoon();
      }),
    ];
  }

  show(id: number): void {
    this.#id = id;
    this.gone = false;
    void this.#load(id);
  }

  /** No more news. */
  close(): void {
    clearTimeout(this.#timer);
    for (const end of this.#endings) end();
  }

  #reloadSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (this.#id !== null) void this.#load(this.#id);
    }, restMs);
  }

  async #load(id: number): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    try {
      const page = await this.#client.library.show({ id });
      // The next photo was asked for meanwhile.
      if (turn === this.#turn) this.page = page;
    } catch (error) {
      if (turn !== this.#turn) return;
      if (isFailureCode(error, 'not-found')) this.gone = true;
      else this.#toasts.failed(error);
    }
  }
}
