/** Short news at the edge of the window, with at most one thing to do about it. */
import { toFailure } from '../../core/photo/failure.ts';
import { failureSentences } from '../messages/failures.ts';

export interface Toast {
  readonly id: number;
  readonly kind: 'info' | 'error';
  readonly text: string;
  readonly action: { readonly label: string; readonly run: () => void } | null;
  /** How long it is shown; null: until it is dismissed. */
  readonly shownMs: number | null;
}

const infoMs = 6000;
/** More would cover what they are about. */
const maxShown = 4;

export class Toasts {
  shown = $state.raw<readonly Toast[]>([]);
  #made = 0;
  readonly #timers = new Map<number, ReturnType<typeof setTimeout>>();
  #held = false;

  /** Goes by itself after six seconds, unless there is something to do about it: then after twelve. */
  info(text: string, action: Toast['action'] = null): void {
    this.#add({ kind: 'info', text, action, shownMs: action === null ? infoMs : 2 * infoMs });
  }

  /** Stays until it is dismissed. Aborts are no errors and are not shown. */
  failed(error: unknown, action: Toast['action'] = null): void {
    const failure = toFailure(error);
    if (failure.code !== 'cancelled') this.#add({ kind: 'error', text: failureSentences(failure), action, shownMs: null });
  }

  dismiss(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    this.shown = this.shown.filter((toast) => toast.id !== id);
  }

  /** While somebody reads them, or is about to press something in them, none goes. */
  hold(): void {
    this.#held = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  /** Ends `hold`: each has its whole time again. */
  release(): void {
    this.#held = false;
    for (const toast of this.shown) this.#start(toast);
  }

  #add(news: Omit<Toast, 'id'>): void {
    this.#made += 1;
    const toast: Toast = { ...news, id: this.#made };
    // The same trouble twice is told once.
    const others = this.shown.filter(({ text }) => text !== toast.text);
    const kept = [...others, toast].slice(-maxShown);
    for (const { id } of this.shown) if (!kept.some((one) => one.id === id)) this.dismiss(id);
    this.shown = kept;
    this.#start(toast);
  }

  #start({ id, shownMs }: Toast): void {
    if (shownMs === null || this.#held) return;
    clearTimeout(this.#timers.get(id));
    this.#timers.set(
      id,
      setTimeout(() => this.dismiss(id), shownMs),
    );
  }
}
