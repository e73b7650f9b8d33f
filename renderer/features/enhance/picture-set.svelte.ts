/** Pictures that belong together and follow what is wanted, without ever showing some of the one wish and some of the other. */
import { toFailure, type Failure } from '../../../core/photo/failure.ts';

/** Rejects with an `EnlargerError`; an abort may reject with anything. */
export type LoadPicture = (path: string, signal: AbortSignal) => Promise<ImageBitmap>;

/** Those before stay until all of the next are there; only the very first come one by one. What is not wanted any more is aborted. */
export class PictureSet {
  /** In the order of the wish; none before the first one is there. */
  shown = $state.raw<readonly ImageBitmap[]>([]);
  /** What is shown is not all that is wanted. */
  loading = $state(false);
  /** Why what is wanted cannot be shown. */
  failure = $state.raw<Failure | null>(null);
  readonly #load: LoadPicture;
  readonly #restMs: number;
  #key: string | null = null;
  #isWhole = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #abort = new AbortController();

  /** `restMs`: so long a wish has to stay the same before it is asked for, unless it is the first. */
  constructor(load: LoadPicture, restMs: number) {
    this.#load = load;
    this.#restMs = restMs;
  }

  /** Paths of the media handler. Null: nothing new is wanted, what is shown stays. */
  want(paths: readonly string[] | null): void {
    const key = paths?.join('\n') ?? null;
    if (key === this.#key) return;
    const isFirst = this.#key === null && !this.#isWhole;
    this.#key = key;
    this.#stop();
    if (paths === null) return;
    this.loading = true;
    const { signal } = this.#abort;
    this.#timer = setTimeout(() => void this.#get(paths, signal), isFirst ? 0 : this.#restMs);
  }

  close(): void {
    this.#stop();
    this.#show([]);
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#abort.abort();
    this.#abort = new AbortController();
    this.loading = false;
    this.failure = null;
  }

  #show(bitmaps: readonly ImageBitmap[]): void {
    for (const bitmap of this.shown) if (!bitmaps.includes(bitmap)) bitmap.close();
    this.shown = bitmaps;
  }

  async #get(paths: readonly string[], signal: AbortSignal): Promise<void> {
    const bitmaps: ImageBitmap[] = [];
    try {
      for (const path of paths) {
        bitmaps.push(await this.#load(path, signal));
        if (signal.aborted) throw new DOMException('not wanted any more', 'AbortError');
        if (!this.#isWhole) this.#show([...bitmaps]);
      }
      this.#show(bitmaps);
      this.#isWhole = true;
      this.loading = false;
    } catch (error) {
      for (const bitmap of bitmaps) if (!this.shown.includes(bitmap)) bitmap.close();
      if (signal.aborted) return;
      this.failure = toFailure(error);
      this.loading = false;
    }
  }
}
