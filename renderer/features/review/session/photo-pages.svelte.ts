/** What the library knows of photos, asked for one by one as they are looked at. */
import { untrack } from 'svelte';
import { SvelteMap } from 'svelte/reactivity';
import type { Client } from '../../../../core/api/client.ts';
import type { PhotoPage } from '../../../../core/photo/library-view.ts';

/** Going back and forth asks nothing again. */
const kept = 50;

export class PhotoPages {
  readonly #client: Client;
  readonly #pages = new SvelteMap<number, PhotoPage | null>();

  constructor(client: Client) {
    this.#client = client;
  }

  /** Null until it is there. */
  get(id: number): PhotoPage | null {
    return this.#pages.get(id) ?? null;
  }

  want(id: number): void {
    if (!this.#pages.has(id)) untrack(() => void this.#read(id));
  }

  async #read(id: number): Promise<void> {
    this.#pages.set(id, null);
    for (const oldest of this.#pages.keys()) {
      if (this.#pages.size <= kept) break;
      this.#pages.delete(oldest);
    }
    try {
      this.#pages.set(id, await this.#client.library.show({ id }));
    } catch {
      // The facts beside a photo are missing then; the photo itself says what is wrong with it.
    }
  }
}
