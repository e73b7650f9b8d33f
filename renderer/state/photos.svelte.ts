/** Summaries of photos by number: asked for together, kept within bounds, fresh after news. */
import { SvelteMap } from 'svelte/reactivity';
import type { Client } from '../../core/api/client.ts';
import type { Events } from '../../core/api/events.ts';
import type { PhotoSummary } from '../../core/photo/library-view.ts';

/** Photos of one call. */
const batch = 500;
/** What is wanted in the same moment goes into the same call. */
const gatherMs = 20;

export interface PhotosOptions {
  /** Beyond so many, those that were wanted longest ago go: 100,000 photos scrolled by must not stay in memory. */
  readonly kept?: number;
}

export class Photos {
  readonly #client: Client;
  readonly #kept: number;
  readonly #known = new SvelteMap<number, PhotoSummary>();
  /** Everything that was wanted, known or not; the latest last. */
  readonly #recent = new Set<number>();
  /** To be asked for; the latest last. */
  readonly #missing = new Set<number>();
  readonly #asked = new Set<number>();
  #busy = false;

  constructor(client: Client, events: Events, { kept = 4000 }: PhotosOptions = {}) {
    this.#client = client;
    this.#kept = kept;
    events.subscribe('library', ({ changedIds }) => this.#refresh(changedIds));
    events.subscribe('job', ({ photoId, status }) => {
      if (photoId !== null && status.state !== 'running') this.#refresh([photoId]);
    });
  }

  /** Undefined until it is there; reading it follows it. Only what was wanted comes. */
  get(id: number): PhotoSummary | undefined {
    return this.#known.get(id);
  }

  /** Has them loaded, together with all that others want in the same moment, and kept for longest. */
  want(ids: Iterable<number>): void {
    for (const id of ids) {
      this.#recent.delete(id);
      this.#recent.add(id);
      if (!this.#known.has(id) && !this.#asked.has(id)) this.#miss(id);
    }
    this.#dropOldest();
    this.#loadSoon();
  }

  /** Nothing that is known is certain any more: what was wanted last is asked for again, the rest is forgotten. */
  forget(): void {
    const recent = [...this.#recent];
    for (const id of recent.slice(0, -batch)) this.#drop(id);
    for (const id of recent.slice(-batch)) this.#miss(id);
    this.#loadSoon();
  }

  /** Shown at once. Rejects with the host's refusal, and then takes it back. */
  async rate(ids: readonly number[], rating: number): Promise<void> {
    await this.#change(ids, { rating }, () => this.#client.library.rate({ ids: [...ids], rating }));
  }

  /** Shown at once. Rejects with the host's refusal, and then takes it back. */
  async favour(ids: readonly number[], favourite: boolean): Promise<void> {
    await this.#change(ids, { favourite }, () => this.#client.library.favour({ ids: [...ids], favourite }));
  }

  async #change(ids: readonly number[], change: Partial<PhotoSummary>, save: () => Promise<unknown>): Promise<void> {
    for (const id of ids) {
      const photo = this.#known.get(id);
      if (photo !== undefined) this.#known.set(id, { ...photo, ...change });
    }
    try {
      await save();
    } catch (error) {
      this.#refresh(ids);
      throw error;
    }
  }

  /** What is being asked for may be answered with how it was before. */
  #refresh(ids: Iterable<number>): void {
    for (const id of ids) if (this.#known.has(id) || this.#asked.has(id)) this.#miss(id);
    this.#loadSoon();
  }

  #miss(id: number): void {
    this.#missing.delete(id);
    this.#missing.add(id);
  }

  #drop(id: number): void {
    this.#recent.delete(id);
    this.#missing.delete(id);
    this.#known.delete(id);
  }

  #dropOldest(): void {
    for (const id of this.#recent) {
      if (this.#recent.size <= this.#kept) break;
      this.#drop(id);
    }
  }

  #loadSoon(): void {
    if (this.#busy || this.#missing.size === 0) return;
    this.#busy = true;
    setTimeout(() => void this.#load(), gatherMs);
  }

  async #load(): Promise<void> {
    // What was wanted last is what is on the screen.
    const ids = [...this.#missing].slice(-batch).reverse();
    for (const id of ids) {
      this.#missing.delete(id);
      this.#asked.add(id);
    }
    try {
      if (ids.length > 0) this.#take(ids, (await this.#client.library.some({ ids })).photos);
    } catch {
      // The connection tells that the host is away, and `forget` asks again when it is back; anything else is told by what asked for the list.
    } finally {
      for (const id of ids) this.#asked.delete(id);
      this.#busy = false;
    }
    this.#loadSoon();
  }

  #take(ids: readonly number[], photos: readonly PhotoSummary[]): void {
    const gone = new Set(ids);
    for (const photo of photos) {
      gone.delete(photo.id);
      if (this.#recent.has(photo.id)) this.#known.set(photo.id, photo);
    }
    for (const id of gone) this.#drop(id);
  }
}
