/** The two pictures that are compared: what they are, what they are called, and what is wrong with them. */
import { SvelteMap } from 'svelte/reactivity';
import type { Failure } from '../../../../core/photo/failure.ts';
import type { ResultView } from '../../../../core/photo/library-view.ts';
import { t } from '../../../messages/index.svelte.ts';
import { otherSide, pictureOf, type Against } from '../compare/sides.ts';
import { resultLabel } from '../result-words.ts';
import type { PictureName } from '../viewer/picture.ts';
import type { Pictures } from '../viewer/pictures.svelte.ts';
import type { ModelNames } from './model-names.svelte.ts';
import type { ReviewSession } from './review-session.svelte.ts';

export type PairProblem =
  /** The pixels of the result under review are gone. */
  | { readonly kind: 'uncached' }
  /** They can be seen, and are of bytes that the original no longer has. */
  | { readonly kind: 'outdated' }
  /** A picture cannot be read, for another reason. */
  | { readonly kind: 'unreadable'; readonly picture: PictureName; readonly failure: Failure };

export class ShownPair {
  readonly #session: ReviewSession;
  readonly #pictures: Pictures;
  readonly #names: ModelNames;
  /** Goes on from photo to photo. */
  #against = $state<Against>('original');
  readonly #chosen = new SvelteMap<number, number>();

  constructor(session: ReviewSession, pictures: Pictures, names: ModelNames) {
    this.#session = session;
    this.#pictures = pictures;
    this.#names = names;
  }

  /** What the result under review is compared with; null: the original. */
  get other(): ResultView | null {
    const { current, shown } = this.#session;
    if (current === null || shown === null) return null;
    return otherSide(current.results, shown, this.#against, this.#chosen.get(current.id) ?? null);
  }

  /** Null: cannot be shown. */
  get a(): PictureName | null {
    const { current } = this.#session;
    return current && this.#readable(pictureOf(current.id, this.other));
  }

  get b(): PictureName | null {
    const { current, shown } = this.#session;
    return current && shown && this.#readable(pictureOf(current.id, shown));
  }

  get labelA(): string {
    return this.other === null ? t('review.original') : resultLabel(this.other, this.#names);
  }

  get labelB(): string {
    const { shown } = this.#session;
    return shown === null ? '' : resultLabel(shown, this.#names);
  }

  get problem(): PairProblem | null {
    const { current, shown } = this.#session;
    if (current === null || shown === null) return null;
    for (const result of [shown, this.other]) {
      const picture = pictureOf(current.id, result);
      const known = picture && this.#pictures.get(picture);
      if (picture === null || (result !== null && known?.state === 'failed' && known.failure.code === 'not-found'))
        return { kind: 'uncached' };
      if (known?.state === 'failed') return { kind: 'unreadable', picture, failure: known.failure };
    }
    return shown.outdated ? { kind: 'outdated' } : null;
  }

  /** Null: with the original. */
  compareWith(resultId: number | null): void {
    const { current } = this.#session;
    this.#against = resultId === null ? 'original' : 'result';
    if (current !== null && resultId !== null) this.#chosen.set(current.id, resultId);
  }

  /** With the original, then with each other result of the photo, and round again. */
  compareNext(): void {
    const { current, shown } = this.#session;
    if (current === null || shown === null) return;
    const sides = [null, ...current.results.map(({ id }) => id).filter((id) => id !== shown.id)];
    this.compareWith(sides[(sides.indexOf(this.other?.id ?? null) + 1) % sides.length] ?? null);
  }

  #readable(picture: PictureName | null): PictureName | null {
    return picture !== null && this.#pictures.get(picture)?.state === 'failed' ? null : picture;
  }
}
