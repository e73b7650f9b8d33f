/** What is known of pictures: asked for once, shared by all who show them, and asked again only on demand. */
import { untrack } from 'svelte';
import { SvelteMap } from 'svelte/reactivity';
import { toFailure, type Failure } from '../../../../core/photo/failure.ts';
import type { MediaReader } from './media-reader.ts';
import type { Picture, PictureName } from './picture.ts';

export type PictureState =
  | { readonly state: 'reading' }
  | { readonly state: 'ready'; readonly picture: Picture }
  | { readonly state: 'failed'; readonly failure: Failure };

/** A review goes through hundreds of photos; those that were asked for first are forgotten. */
const kept = 100;

export class Pictures {
  readonly media: MediaReader;
  readonly #states = new SvelteMap<string, PictureState>();
  readonly #closing = new AbortController();

  constructor(media: MediaReader) {
    this.media = media;
  }

  /** Undefined: never wanted. Reading it follows it. */
  get(name: PictureName): PictureState | undefined {
    return this.#states.get(keyOf(name));
  }

  /** Has it read, unless it was or is being. An effect that wants it wants it again after it was forgotten. */
  want(name: PictureName): void {
    if (!this.#states.has(keyOf(name))) untrack(() => void this.#read(name));
  }

  /** What is known may not be true any more: whoever wants it has it read again. */
  forget(name: PictureName): void {
    this.#states.delete(keyOf(name));
  }

  /** Whatever kept pictures from being read may be over. */
  forgetFailures(): void {
    for (const [key, { state }] of [...this.#states]) if (state === 'failed') this.#states.delete(key);
  }

  /** Somebody found that its pixels cannot be had. */
  fail(name: PictureName, failure: Failure): void {
    this.#states.set(keyOf(name), { state: 'failed', failure });
  }

  /** Nobody waits for anything any more. */
  close(): void {
    this.#closing.abort();
  }

  async #read(name: PictureName): Promise<void> {
    const key = keyOf(name);
    this.#states.set(key, { state: 'reading' });
    for (const oldest of this.#states.keys()) {
      if (this.#states.size <= kept) break;
      this.#states.delete(oldest);
    }
    try {
      const picture = await this.media.info(name, this.#closing.signal);
      // Meanwhile it may have been forgotten.
      if (this.#states.has(key)) this.#states.set(key, { state: 'ready', picture });
    } catch (error) {
      if (this.#states.has(key) && !this.#closing.signal.aborted) this.fail(name, toFailure(error));
    }
  }
}

function keyOf({ kind, id }: PictureName): string {
  return `${kind}/${id}`;
}
