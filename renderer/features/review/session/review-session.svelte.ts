/** A review: its photos, the one that is looked at, the verdicts, and the way back, also from one list of photos to another. */
import { SvelteMap, SvelteSet } from 'svelte/reactivity';
import type { Client } from '../../../../core/api/client.ts';
import type { Events } from '../../../../core/api/events.ts';
import type { ResultView } from '../../../../core/photo/library-view.ts';
import type { Toasts } from '../../../state/toasts.svelte.ts';
import {
  firstShown,
  matchesFilter,
  neighbour,
  nextOpen,
  photosOf,
  verdictOf,
  withAdded,
  type ReviewFilter,
  type ReviewPhoto,
} from './review-order.ts';
import { PhotoNews } from './photo-news.ts';
import { afterSteps, judge, takenBack, type Verdict, type VerdictStep } from './verdict.ts';
import { VerdictCalls } from './verdict-calls.ts';

export interface ReviewScope {
  readonly filter: ReviewFilter;
  /** Photos of one album only. */
  readonly album: string | null;
}

export class ReviewSession {
  /** Which photos are reviewed. */
  scope = $state.raw<ReviewScope>({ filter: 'open', album: null });
  /** Null until the first answer about them. */
  order = $state.raw<readonly number[] | null>(null);
  currentId = $state<number | null>(null);
  /** What is to be undone, the latest last. */
  verdicts = $state.raw<readonly Verdict[]>([]);
  /** Photos that are being made again, and need no look until then. */
  readonly awaited = new SvelteSet<number>();
  /** Photos whose turn in the network is over, and whose results are about to be asked for. */
  readonly #over = new Set<number>();
  readonly #photos = new SvelteMap<number, ReviewPhoto>();
  /** The result that the user chose to look at, by photo. */
  readonly #chosen = new SvelteMap<number, number>();
  readonly #client: Client;
  readonly #toasts: Toasts;
  readonly #calls: VerdictCalls;
  readonly #news: PhotoNews;
  #asked = 0;

  constructor(client: Client, events: Events, toasts: Toasts) {
    this.#client = client;
    this.#toasts = toasts;
    this.#calls = new VerdictCalls(client.review);
    this.#news = new PhotoNews(events, {
      onChanged: (photoIds) => void this.#refresh(photoIds),
      onEnhanced: (photoId) => void this.#over.add(photoId),
    });
  }

  close(): void {
    this.#news.close();
  }

  /** Resolves when every verdict so far is known to the program. */
  saved(): Promise<void> {
    return this.#calls.settled();
  }

  get current(): ReviewPhoto | null {
    return this.currentId === null ? null : (this.#photos.get(this.currentId) ?? null);
  }

  /** The result under review of the photo that is looked at. */
  get shown(): ResultView | null {
    const photo = this.current;
    if (photo === null) return null;
    const chosen = this.#chosen.get(photo.id);
    return photo.results.find(({ id }) => id === chosen) ?? firstShown(photo);
  }

  /** Photos that wait for a verdict, those aside that are being made again. */
  get openCount(): number {
    return (this.order ?? []).filter((id) => this.#waits(id)).length;
  }

  get acceptedCount(): number {
    return this.#count('accepted');
  }

  get rejectedCount(): number {
    return this.#count('rejected');
  }

  /** Where the current photo is, from 1 on; 0 where there is none. */
  get position(): number {
    return this.currentId === null ? 0 : (this.order ?? []).indexOf(this.currentId) + 1;
  }

  /** Null for a photo that is not in this review. */
  verdict(id: number): ReturnType<typeof verdictOf> | null {
    const photo = this.#photos.get(id);
    return photo === undefined ? null : verdictOf(photo);
  }

  photo(id: number): ReviewPhoto | null {
    return this.#photos.get(id) ?? null;
  }

  /** Begins with the photo of this number when it is among those to review, else with the first. */
  async open(scope: ReviewScope, firstId: number | null = null): Promise<void> {
    const turn = (this.#asked += 1);
    try {
      const found = await this.#find(scope);
      // The list before stays until then; an older answer is none.
      if (turn === this.#asked) this.#begin(scope, found, firstId);
    } catch (error) {
      if (turn !== this.#asked) return;
      this.#toasts.failed(error);
      this.#begin(scope, [], null);
    }
  }

  /** News may have been missed: asks what there is now, and moves nothing. */
  async catchUp(): Promise<void> {
    const { scope } = this;
    try {
      const found = await this.#find(scope);
      this.#news.hear([...(this.order ?? []), ...found.map(({ id }) => id)]);
    } catch (error) {
      this.#toasts.failed(error);
    }
  }

  #begin(scope: ReviewScope, photos: readonly ReviewPhoto[], firstId: number | null): void {
    this.scope = scope;
    this.#photos.clear();
    for (const photo of photos) this.#photos.set(photo.id, photo);
    this.order = photos.map(({ id }) => id);
    this.currentId = firstId !== null && this.order.includes(firstId) ? firstId : (this.order[0] ?? null);
  }

  go(id: number): void {
    this.currentId = id;
  }

  step(direction: 1 | -1): void {
    this.currentId = neighbour(this.order ?? [], this.currentId, direction) ?? this.currentId;
  }

  /** To the first or the last. */
  end(direction: 1 | -1): void {
    this.currentId = this.order?.at(direction === 1 ? -1 : 0) ?? null;
  }

  /** Looks at another result of the current photo. */
  choose(resultId: number): void {
    if (this.currentId !== null) this.#chosen.set(this.currentId, resultId);
  }

  /** Accepts or rejects what is shown, and goes on to what waits. Null: there is nothing to judge. */
  judge(kind: Verdict['kind']): Verdict | null {
    const { current, shown } = this;
    if (current === null || shown === null) return null;
    const verdict = judge(current, shown.id, kind);
    if (verdict !== null) {
      this.verdicts = [...this.verdicts, verdict];
      void this.#take(current.id, verdict.steps, () => {
        this.verdicts = this.verdicts.filter((other) => other !== verdict);
      });
      this.#chosen.delete(current.id);
    }
    if (!this.#waits(current.id)) this.#goOn();
    return verdict;
  }

  /** Takes the last verdict back and shows what it was about. Null: there is none. */
  undo(): Verdict | null {
    const verdict = this.verdicts.at(-1);
    if (verdict === undefined) return null;
    this.verdicts = this.verdicts.slice(0, -1);
    void this.#take(verdict.photoId, takenBack(verdict.steps), () => undefined);
    // What is not in this list is not shown; it joins by itself when it belongs there now.
    if (this.#photos.has(verdict.photoId)) {
      this.currentId = verdict.photoId;
      this.#chosen.set(verdict.photoId, verdict.resultId);
    }
    return verdict;
  }

  /**
   * The current photo was asked for again. What there is of it stays, to be compared with what comes; until then it waits apart, and the review goes
   * on. Resolves to whether it is being made: what was asked for may be there already.
   */
  async awaitAnother(): Promise<boolean> {
    const id = this.currentId;
    if (id === null) return false;
    try {
      const { photos } = await this.#client.library.some({ ids: [id] });
      if (photos[0]?.state !== 'queued') return false;
      this.awaited.add(id);
      if (this.currentId === id) this.#goOn();
      return true;
    } catch (error) {
      this.#toasts.failed(error);
      return false;
    }
  }

  /** To a photo that waits, where the current one does not. */
  goToOpen(): void {
    if (this.currentId === null || !this.#waits(this.currentId)) this.#goOn();
  }

  #goOn(): void {
    this.currentId = nextOpen(this.order ?? [], this.currentId, (id) => this.#waits(id)) ?? this.currentId;
  }

  #count(verdict: ReturnType<typeof verdictOf>): number {
    return (this.order ?? []).filter((id) => this.verdict(id) === verdict).length;
  }

  #waits(id: number): boolean {
    return this.verdict(id) === 'open' && !this.awaited.has(id);
  }

  /** Shown at once; asked for afterwards, and taken back when the host refuses. */
  async #take(photoId: number, steps: readonly VerdictStep[], onRefused: () => void): Promise<void> {
    this.#apply(photoId, steps);
    await this.#calls.make(steps, (error) => {
      this.#apply(photoId, takenBack(steps));
      onRefused();
      this.#toasts.failed(error);
    });
    this.#news.hear([photoId]);
  }

  #apply(photoId: number, steps: readonly VerdictStep[]): void {
    const photo = this.#photos.get(photoId);
    if (photo !== undefined) this.#photos.set(photoId, { ...photo, results: afterSteps(photo.results, steps) });
  }

  async #find({ filter, album }: ReviewScope): Promise<ReviewPhoto[]> {
    const choice = album === null ? {} : { choice: { album } };
    const states = { open: ['ready'], accepted: ['accepted', 'exported'], rejected: ['rejected'], all: [undefined] } as const;
    const answers = await Promise.all(
      states[filter].map((state) => this.#client.review.list({ ...choice, ...(state === undefined ? {} : { state }) })),
    );
    const results = answers.flatMap((answer) => answer.results);
    if (filter === 'all' || results.length === 0) return photosOf(results);
    // The other results of the same photos belong to the picture, and to the verdict.
    const photoIds = [...new Set(results.map(({ photoId }) => photoId))];
    return photosOf((await this.#client.review.list({ photoIds })).results).filter((photo) => matchesFilter(photo, filter));
  }

  #join(photo: ReviewPhoto): void {
    this.#photos.set(photo.id, photo);
    this.order = withAdded(this.order ?? [], [photo.id]);
    this.currentId ??= photo.id;
  }

  /** It left the library, or the album. */
  #forget(id: number): void {
    const order = this.order ?? [];
    if (!order.includes(id)) return;
    if (this.currentId === id) this.currentId = neighbour(order, id, 1) ?? neighbour(order, id, -1);
    this.order = order.filter((other) => other !== id);
    this.#photos.delete(id);
  }

  async #refresh(photoIds: readonly number[]): Promise<void> {
    const { scope } = this;
    // Before they are asked for: an answer from before the end does not hold what was made.
    const over = photoIds.filter((id) => this.#over.has(id));
    try {
      const choice = scope.album === null ? {} : { choice: { album: scope.album } };
      // What was just decided here must not be shown as it was before, and an answer about another list is none.
      const isLate = (): boolean => this.#calls.isPending || scope !== this.scope || this.order === null;
      const results = isLate() ? null : (await this.#client.review.list({ photoIds: [...photoIds], ...choice })).results;
      if (results === null || isLate()) {
        this.#news.hear(photoIds);
        return;
      }
      const found = new Map(photosOf(results).map((photo) => [photo.id, photo]));
      for (const id of photoIds) {
        const photo = found.get(id);
        if (photo === undefined) this.#forget(id);
        else if (this.#photos.has(id)) this.#photos.set(id, photo);
        else if (matchesFilter(photo, scope.filter)) this.#join(photo);
      }
      this.#show(over);
    } catch {
      // The next news, or opening the review again, ask again; what is shown is still true as far as anybody knows.
      this.#show(over);
    }
  }

  /** They wait apart no longer. Only with what was made of them: who judges at once must not judge what was there before. */
  #show(ids: readonly number[]): void {
    for (const id of ids) {
      this.#over.delete(id);
      this.awaited.delete(id);
    }
  }
}
