/** What of a list is seen: which part of its layout lies in the view, and how the view keeps its place while the list changes. */
import type { Outline } from '../../../../core/photo/library-view.ts';
import type { ScrollPlace } from '../../../state/photo-list.svelte.ts';
import { rowAt, rowOf, sectionAt } from './find-in-layout.ts';
import { justify, type GridLayout } from './justify.ts';
import { scrollScale } from './scroll-scale.ts';

/** Photos so far outside the view are in the page already: scrolling finds them there. */
const overscanPx = 600;

export interface GridSource {
  readonly outline: Outline;
  /** Wanted height of rows, in pixels. */
  readonly rowHeight: number;
  /** Above the photos of a day, in pixels. */
  readonly headHeight: number;
  /** What a heading needs at least, in pixels. */
  readonly headWidth: number;
  /** Kept free under the last row, in pixels. */
  readonly footHeight: number;
  /** Place in the list of the photo that has the focus, -1 when none has: it stays in the page. */
  readonly focus: number;
  /** Place of a photo in the list, -1 where it is not in it. */
  position(id: number): number;
}

/** Between photos, in pixels. */
const gap = 6;
/** Before the width of the view is known. */
const nothing = { ratios: [], days: [] };

export class GridWindow {
  /** Of the view, without its margins, in pixels. */
  width = $state(0);
  height = $state(0);
  /**
   * What is at the upper edge. This, and not a number of pixels, is what stays when the list or the window changes: all that is seen derives from it,
   * so that no wrong photo is shown for a moment. Null: the top, where new photos come in.
   */
  #place = $state.raw<ScrollPlace | null>(null);
  /** Of the element, as far as is known; the browser reports by events, and asking it would cost a layout. */
  #seenScrollTop = 0;
  readonly #source: GridSource;

  constructor(source: GridSource, place: ScrollPlace | null) {
    this.#source = source;
    this.#place = place;
  }

  readonly layout: GridLayout = $derived.by(() =>
    justify(this.width === 0 ? nothing : this.#source.outline, {
      width: this.width,
      rowHeight: Math.min(this.#source.rowHeight, Math.max(80, this.height)),
      gap,
      headHeight: this.#source.headHeight,
      headWidth: this.#source.headWidth,
    }),
  );
  readonly contentHeight: number = $derived.by(() => this.layout.height + this.#source.footHeight);
  readonly #scale = $derived(scrollScale(this.contentHeight, this.height));
  /** Of the element that is scrolled. */
  readonly scrollHeight: number = $derived(this.#scale.height);
  /** Pixels of the list above the view. */
  readonly top: number = $derived(this.#topOf(this.#place));
  readonly scrollTop: number = $derived(this.top / this.#scale.factor);
  /** To be added to each place in the list, in pixels: 0 but in the very longest lists. */
  readonly shift: number = $derived(this.scrollTop - this.top);
  readonly #firstRow = $derived(Math.max(0, rowAt(this.layout, this.top - overscanPx)));
  readonly #lastRow = $derived(rowAt(this.layout, this.top + this.height + overscanPx));
  readonly #firstSeenRow = $derived(rowAt(this.layout, this.top));
  readonly #lastSeenRow = $derived(rowAt(this.layout, this.top + this.height));

  /** Place in the list of the first photo that is to be in the page because of where it is. */
  readonly first: number = $derived(this.#photosOf(this.#firstRow, this.#lastRow)[0]);
  /** Behind the last one. */
  readonly end: number = $derived(this.#photosOf(this.#firstRow, this.#lastRow)[1]);

  /** Places in the list of all photos that are to be in the page, in order: with the one that has the focus, wherever it is. */
  readonly shown: readonly number[] = $derived.by(() => {
    const { first, end } = this;
    const { focus } = this.#source;
    const numbers = range(first, end);
    if (focus < 0 || focus >= this.layout.count || (focus >= first && focus < end)) return numbers;
    return focus < first ? [focus, ...numbers] : [...numbers, focus];
  });

  /** Places in the list of the photos in the view itself. */
  readonly seen: readonly number[] = $derived(range(...this.#photosOf(this.#firstSeenRow, this.#lastSeenRow)));

  /** Numbers of the sections that are in the page. */
  readonly shownSections: readonly number[] = $derived.by(() => {
    const first = sectionAt(this.layout, this.top - overscanPx);
    return first < 0 ? [] : range(first, sectionAt(this.layout, this.top + this.height + overscanPx) + 1);
  });

  /** The element was scrolled, by whomever. Returns the new place. */
  scrolled(scrollTop: number): ScrollPlace | null {
    // By `takeScroll`, and rounded by the browser: the place stays exact.
    if (Math.abs(scrollTop - this.#seenScrollTop) < 1 && scrollTop > 0) return this.#place;
    this.#seenScrollTop = scrollTop;
    this.scrollTo(scrollTop * this.#scale.factor);
    return this.#place;
  }

  /** Where the element has to be scrolled to, or null when it is there. To be asked after every change. */
  takeScroll(): number | null {
    const wanted = this.scrollTop;
    if (Math.abs(wanted - this.#seenScrollTop) < 1) return null;
    this.#seenScrollTop = wanted;
    return wanted;
  }

  /** Brings this pixel of the list to the upper edge, as far as the list reaches. */
  scrollTo(y: number): void {
    const top = Math.min(y, this.contentHeight - this.height);
    const row = rowAt(this.layout, top);
    if (top <= 0 || row < 0) {
      this.#place = null;
      return;
    }
    const index = this.layout.rowStarts[row] ?? 0;
    const offsetPx = top - (this.layout.rowTops[row] ?? 0);
    this.#place = { id: this.#source.outline.ids[index] ?? 0, index, offsetPx };
  }

  /** Scrolls no further than is needed to see a photo whole, below the heading of its day. */
  reveal(index: number): void {
    const row = rowOf(this.layout, index);
    const rowTop = this.layout.rowTops[row] ?? 0;
    const rowBottom = rowTop + (this.layout.rowHeights[row] ?? 0);
    const { headHeight, footHeight } = this.#source;
    const room = Math.max(0, Math.min(gap, this.height - headHeight - footHeight - (rowBottom - rowTop)));
    if (rowTop - headHeight < this.top) this.scrollTo(rowTop - headHeight);
    else if (rowBottom + footHeight > this.top + this.height) this.scrollTo(rowBottom + footHeight + room - this.height);
  }

  #topOf(place: ScrollPlace | null): number {
    if (place === null || this.layout.rows === 0) return 0;
    const known = this.#source.position(place.id);
    // Gone: what took its place in the list is nearest to what was there.
    const row = rowOf(this.layout, Math.min(known < 0 ? place.index : known, this.layout.count - 1));
    const offset = Math.min(place.offsetPx, this.layout.rowHeights[row] ?? 0);
    const last = Math.max(0, this.contentHeight - this.height);
    return Math.min(last, Math.max(0, (this.layout.rowTops[row] ?? 0) + offset));
  }

  #photosOf(firstRow: number, lastRow: number): [first: number, end: number] {
    const { rowStarts } = this.layout;
    return lastRow < 0 ? [0, 0] : [rowStarts[Math.max(0, firstRow)] ?? 0, rowStarts[lastRow + 1] ?? 0];
  }
}

function range(first: number, end: number): number[] {
  return Array.from({ length: Math.max(0, end - first) }, (_, index) => first + index);
}
