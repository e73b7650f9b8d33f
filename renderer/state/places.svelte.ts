/** Where photos can be found in the library, and how many there are: what the sidebar shows. */
import type { Client } from '../../core/api/client.ts';
import type { Events } from '../../core/api/events.ts';
import type { AlbumView, RootView } from '../../core/photo/library-view.ts';
import type { Toasts } from './toasts.svelte.ts';

export interface PlaceCounts {
  readonly all: number;
  readonly favourites: number;
  readonly toReview: number;
  readonly enhanced: number;
  readonly failed: number;
}

/** News come in bursts; figures at the side may be a second old. */
const restMs = 1000;

export class Places {
  /** Null until the first answer. */
  counts = $state.raw<PlaceCounts | null>(null);
  /** By name. */
  albums = $state.raw<readonly AlbumView[]>([]);
  /** Folders that photos were added from. */
  roots = $state.raw<readonly RootView[]>([]);
  readonly #client: Client;
  readonly #toasts: Toasts;
  #turn = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(client: Client, events: Events, toasts: Toasts) {
    this.#client = client;
    this.#toasts = toasts;
    events.subscribe('library', () => {
      this.#timer ??= setTimeout(() => this.reload(), restMs);
    });
    this.reload();
  }

  reload(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    void this.#load();
  }

  async #load(): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    const { library, album } = this.#client;
    try {
      const [all, favourites, toReview, enhanced, failed, { albums }, { roots }] = await Promise.all([
        library.count(),
        library.count({ favourite: true }),
        library.count({ state: 'ready' }),
        library.count({ enhanced: true }),
        library.count({ state: 'failed' }),
        album.list(),
        library.roots(),
      ]);
      // An older answer must not replace a newer one.
      if (turn !== this.#turn) return;
      this.counts = {
        all: all.count,
        favourites: favourites.count,
        toReview: toReview.count,
        enhanced: enhanced.count,
        failed: failed.count,
      };
      this.albums = albums;
      this.roots = roots;
    } catch (error) {
      if (turn === this.#turn) this.#toasts.failed(error);
    }
  }
}
