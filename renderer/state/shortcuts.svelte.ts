/** Keys and what they do. Each view registers its own while it is shown; the sheet on `?` lists what holds right now. */
import { untrack } from 'svelte';
import type { MessageKey } from '../messages/index.svelte.ts';

export interface Shortcut {
  /** As `keyName` says: `a`, `Ctrl+a` (Command on a Mac), `Shift+ArrowLeft`, `?`. */
  readonly keys: readonly string[];
  /** What it does, for the sheet. */
  readonly label: MessageKey;
  /** Repeats while the key is held. Default false. */
  readonly repeats?: boolean;
  /** False: the key is left to whatever else wants it, such as the button or the slider that has the focus. Default: always true. */
  when?(event: KeyboardEvent): boolean;
  run(event: KeyboardEvent): void;
  /** The key was let go, or the window lost the keyboard while it was held. */
  end?(): void;
}

export interface ShortcutGroup {
  readonly title: MessageKey;
  readonly shortcuts: readonly Shortcut[];
}

export class Shortcuts {
  /** The latest goes first when two want the same key. */
  groups = $state.raw<readonly ShortcutGroup[]>([]);
  /** By the place of the key: what it writes changes when Shift is let go first. */
  readonly #held = new Map<string, Shortcut>();

  /** Returns what takes them away again: made to be returned from an `$effect`. */
  register(group: ShortcutGroup): () => void {
    // The effect that registers must not follow what others register.
    untrack(() => (this.groups = [group, ...this.groups]));
    return () => {
      this.groups = this.groups.filter((other) => other !== group);
    };
  }

  keydown(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.isComposing || isModalOpen()) return;
    const pressed = keyName(event);
    if (belongsTo(event.target, pressed)) return;
    for (const { shortcuts } of this.groups) {
      const shortcut = shortcuts.find((one) => one.keys.includes(pressed) && one.when?.(event) !== false);
      if (shortcut === undefined) continue;
      event.preventDefault();
      if (event.repeat && shortcut.repeats !== true) return;
      this.#held.set(event.code, shortcut);
      shortcut.run(event);
      return;
    }
  }

  keyup({ key, code }: KeyboardEvent): void {
    // A Mac does not tell of keys that are let go while Command is held.
    if (key === 'Meta') this.#endAll();
    const shortcut = this.#held.get(code);
    this.#held.delete(code);
    shortcut?.end?.();
  }

  /** The window lost the keyboard: no key is held any more, as far as anybody can tell. */
  blur(): void {
    this.#endAll();
  }

  #endAll(): void {
    const held = [...this.#held.values()];
    this.#held.clear();
    for (const shortcut of held) shortcut.end?.();
  }
}

type Pressed = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'> & {
  readonly getModifierState?: KeyboardEvent['getModifierState'];
};

/**
 * `Ctrl+Alt+Shift+a`, in this order. Letters are in lower case; where a layout writes others than Latin ones, they are those that stand there on
 * a Latin keyboard. Shift is named with letters and with keys that have a name, and not with signs: some layouts need it for `?`, others do not.
 */
export function keyName(event: Pressed): string {
  const key = latinLetter(event) ?? event.key;
  const takesShift = key.length > 1 || key === ' ' || /^\p{L}$/u.test(key);
  // Windows tells AltGr as Ctrl and Alt, but it only helps to write a sign.
  const isWriting = key.length === 1 && event.getModifierState?.('AltGraph') === true;
  return [
    (event.ctrlKey || event.metaKey) && !isWriting ? 'Ctrl+' : '',
    event.altKey && !isWriting ? 'Alt+' : '',
    event.shiftKey && takesShift ? 'Shift+' : '',
    key.length === 1 ? key.toLowerCase() : key,
  ].join('');
}

function latinLetter({ key, code }: Pick<KeyboardEvent, 'key' | 'code'>): string | null {
  return /^(?!\p{Script=Latin})\p{L}$/u.test(key) ? (/^Key([A-Z])$/.exec(code)?.[1]?.toLowerCase() ?? null) : null;
}

/** Types of input that are no place to write in, and the keys that they use. */
const inputKeys: Readonly<Record<string, RegExp>> = {
  checkbox: /^ $/,
  radio: /^( |Arrow.*)$/,
  range: /^(Arrow.*|Home|End|PageUp|PageDown)$/,
  button: /^( |Enter)$/,
  submit: /^( |Enter)$/,
};

/** Whether what has the focus uses the key itself: places to write in use all, a button its own two. */
function belongsTo(target: EventTarget | null, pressed: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return inputKeys[target.type]?.test(pressed) ?? true;
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable) return true;
  if (target instanceof HTMLButtonElement || target.tagName === 'SUMMARY') return pressed === ' ' || pressed === 'Enter';
  return target instanceof HTMLAnchorElement && pressed === 'Enter';
}

function isModalOpen(): boolean {
  return document.querySelector('dialog:modal') !== null;
}
