/** The list that the grid shows: its filter, which is part of the address, and the outline of everything in it. */
import { untrack } from 'svelte';
import type { Client } from '../../core/api/client.ts';
import type { Events } from '../../core/api/events.ts';
import { isFailureCode } from '../../core/photo/failure.ts';
import type { Outline, PhotoChoice } from '../../core/photo/library-view.ts';
import { filterParams, orderOf, parseFilter, type PhotoFilter } from './photo-filter.ts';
import type { Router } from './router.svelte.ts';
import type { Toasts } from './toasts.svelte.ts';

/** News come in bursts while folders are read: a list is not asked for more often than this, … */
const restMs = 500;
/** … and asking must leave most of the time to other things, however long the list. */
const restForEachMs = 5;

/** Where a list was scrolled to: this photo's row, and how many pixels of it were above the edge. */
export interface ScrollPlace {
  readonly id: number;
  /** Of the photo in the list, for when it is gone. */
  readonly index: number;
  readonly offsetPx: number;
}

export class PhotoList {
  /** Null until the first answer. The one before stays until the next is there. */
  outline = $state.raw<Outline | null>(null);
  loading = $state(false);
  /** The address's, while it shows photos; other views leave the list as it was. */
  readonly filter: PhotoFilter = $derived.by(() => {
    const { view, params } = this.#router.route;
    if (view === 'library' || view === 'photo') this.#lastFilter = parseFilter(params);
    return this.#lastFilter;
  });
  readonly #key = $derived(JSON.stringify(filterParams(this.filter)));
  /** Of the photos of `outline`, for `scrollPlace`. */
  shownKey = $state.raw('');
  /** Of the list with `shownKey`; null: at its top. Nobody follows it. */
  scrollPlace: ScrollPlace | null = null;
  readonly #client: Client;
  readonly #toasts: Toasts;
  readonly #router: Router;
  readonly #positions = $derived(new Map(this.outline?.ids.map((id, index) => [id, index])));
  #lastFilter: PhotoFilter = {};
  #turn = 0;
  #tookMs = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(client: Client, events: Events, router: Router, toasts: Toasts) {
    this.#client = client;
    this.#router = router;
    this.#toasts = toasts;
    events.subscribe('library', ({ listChanged }) => {
      if (listChanged || this.#dependsOnPhotos()) this.#reloadSoon();
    });
    // As long as the page: nothing takes it away.
    $effect.root(() => {
      $effect(() => {
        void this.#key;
        untrack(() => this.reload());
      });
    });
  }

  /** Photos in it. */
  get size(): number {
    return this.outline?.ids.length ?? 0;
  }

  /** What a call about everything in the list means by it. */
  get choice(): PhotoChoice {
    const { album, ...rest } = this.filter;
    const isWholeAlbum = album !== undefined && Object.keys(rest).length === 0;
    return isWholeAlbum ? { album } : { ids: this.outline?.ids ?? [] };
  }

  /** Place of a photo in the list, -1 where it is not in it. */
  position(id: number): number {
    return this.#positions.get(id) ?? -1;
  }

  reload(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    void this.#load();
  }

  /** Whether a photo can enter or leave the list, or go elsewhere in it, because something changed about it. */
  #dependsOnPhotos(): boolean {
    const { state, enhanced, favourite, minRating, sort } = this.filter;
    return [state, enhanced, favourite, minRating].some((part) => part !== undefined) || sort === 'rating';
  }

  #reloadSoon(): void {
    this.#timer ??= setTimeout(() => this.reload(), Math.max(restMs, restForEachMs * this.#tookMs));
  }

  async #load(): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    const { filter } = this;
    const key = this.#key;
    const begunMs = performance.now();
    this.loading = true;
    try {
      const outline = await this.#client.library.outline({ ...filter, ...orderOf(filter) });
      // An older answer must not replace a newer one.
      if (turn !== this.#turn) return;
      if (key !== this.shownKey) this.scrollPlace = null;
      this.shownKey = key;
      this.outline = outline;
      this.#tookMs = performance.now() - begunMs;
    } catch (error) {
      if (turn === this.#turn) this.#fail(error, filter);
    } finally {
      if (turn === this.#turn) this.loading = false;
    }
  }

  #fail(error: unknown, { album }: PhotoFilter): void {
    this.#toasts.failed(error);
    // The album was deleted or renamed, maybe in another window: there is nothing to stay for.
    if (album !== undefined && isFailureCode(error, 'not-found') && this.#router.route.view === 'library')
      this.#router.go({ view: 'library' }, { replace: true });
  }
}
