/** Which photos of the list are selected, as in every file manager: click, Shift for a range, Ctrl for one more, and the keyboard. */
import type { PhotoChoice } from '../../core/photo/library-view.ts';
import type { PhotoList } from './photo-list.svelte.ts';

export class Selection {
  /** The photo that the keyboard is at; null before it was anywhere. */
  focus = $state.raw<number | null>(null);
  /** What left the list is selected no more: nobody could see that something is done to it. */
  readonly ids: ReadonlySet<number> = $derived.by(() => {
    if (this.#list.outline === null || [...this.#chosen].every((id) => this.#list.position(id) >= 0)) return this.#chosen;
    return new Set([...this.#chosen].filter((id) => this.#list.position(id) >= 0));
  });
  /** Always a new set: one change is one piece of news, also when it is 100,000 photos. */
  #chosen = $state.raw<ReadonlySet<number>>(new Set());
  /** Where a range begins. */
  #anchor: number | null = null;
  readonly #list: Pick<PhotoList, 'outline' | 'choice' | 'position'>;

  constructor(list: Pick<PhotoList, 'outline' | 'choice' | 'position'>) {
    this.#list = list;
  }

  get size(): number {
    return this.ids.size;
  }

  has(id: number): boolean {
    return this.ids.has(id);
  }

  /** In the order of the list. */
  inOrder(): number[] {
    const { ids } = this;
    return ids.size === 0 ? [] : (this.#list.outline?.ids ?? [...ids]).filter((id) => ids.has(id));
  }

  /** The selection, or everything in the list when nothing is selected. */
  get choice(): PhotoChoice {
    return this.size === 0 ? this.#list.choice : { ids: this.inOrder() };
  }

  /** The keyboard goes there and selects nothing; the next range begins there. */
  moveTo(id: number): void {
    this.focus = id;
    this.#anchor = null;
  }

  only(id: number): void {
    this.#chosen = new Set([id]);
    this.focus = this.#anchor = id;
  }

  toggle(id: number): void {
    const chosen = new Set(this.ids);
    if (!chosen.delete(id)) chosen.add(id);
    this.#chosen = chosen;
    this.focus = this.#anchor = id;
  }

  /** From where the last range began to here; what was selected otherwise goes, unless it is to be kept. */
  extend(id: number, { keep = false } = {}): void {
    const to = this.#list.position(id);
    if (to < 0) return;
    if (this.#anchor === null || this.#list.position(this.#anchor) < 0) this.#anchor = this.#startOfRange() ?? id;
    const from = this.#list.position(this.#anchor);
    const range = (this.#list.outline?.ids ?? []).slice(Math.min(from, to), Math.max(from, to) + 1);
    this.#chosen = new Set(keep ? [...this.ids, ...range] : range);
    this.focus = id;
  }

  /** These as well. */
  add(ids: Iterable<number>): void {
    this.#chosen = new Set([...this.ids, ...ids]);
  }

  /** Not these any more. */
  drop(ids: Iterable<number>): void {
    const chosen = new Set(this.ids);
    for (const id of ids) chosen.delete(id);
    this.#chosen = chosen;
  }

  all(): void {
    this.#chosen = new Set(this.#list.outline?.ids);
  }

  clear(): void {
    this.#chosen = new Set();
    this.#anchor = null;
  }

  /** Where the keyboard is, when no range was begun yet. */
  #startOfRange(): number | null {
    return this.focus !== null && this.#list.position(this.focus) >= 0 ? this.focus : null;
  }
}
