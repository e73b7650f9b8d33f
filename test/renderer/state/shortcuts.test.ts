import { afterEach, describe, expect, test, vi } from 'vitest';
import { keyName, Shortcuts, type Shortcut } from '../../../renderer/state/shortcuts.svelte.ts';

afterEach(() => document.body.replaceChildren());

/** A key as the browser tells it, at an element of the page. */
function press(shortcuts: Shortcuts, key: string, init: KeyboardEventInit = {}, target: Element = document.body): KeyboardEvent {
  const event = new KeyboardEvent('keydown', { key, code: `Key${key.toUpperCase()}`, bubbles: true, cancelable: true, ...init });
  const listener = (heard: Event): void => shortcuts.keydown(heard as KeyboardEvent);
  window.addEventListener('keydown', listener);
  target.dispatchEvent(event);
  window.removeEventListener('keydown', listener);
  return event;
}

function withShortcut(keys: readonly string[], more: Partial<Shortcut> = {}) {
  const shortcuts = new Shortcuts();
  const run = vi.fn();
  const unregister = shortcuts.register({
    title: 'shell.everywhere',
    shortcuts: [{ keys, label: 'shell.goLibrary', run, ...more }],
  });
  return { shortcuts, run, unregister };
}

function element(html: string): HTMLElement {
  const holder = document.createElement('div');
  // The test writes this itself.
  holder.innerHTML = html;
  document.body.append(holder);
  return holder.firstElementChild as HTMLElement;
}

describe('the name of a key', () => {
  const plain = { ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, code: '' };
  test.each([
    ['a letter', { key: 'a' }, 'a'],
    ['a letter with Shift', { key: 'A', shiftKey: true }, 'Shift+a'],
    ['a letter with the caps locked', { key: 'A' }, 'a'],
    ['Ctrl', { key: 'a', ctrlKey: true }, 'Ctrl+a'],
    ['Command', { key: 'a', metaKey: true }, 'Ctrl+a'],
    ['all of them', { key: 'A', ctrlKey: true, altKey: true, shiftKey: true }, 'Ctrl+Alt+Shift+a'],
    ['an arrow with Shift', { key: 'ArrowLeft', shiftKey: true }, 'Shift+ArrowLeft'],
    ['Space', { key: ' ' }, ' '],
    ['a question mark, where Shift writes it', { key: '?', shiftKey: true }, '?'],
    ['a question mark with a key of its own', { key: '?' }, '?'],
    ['a plus, where Shift writes it', { key: '+', shiftKey: true }, '+'],
    ['a digit, where Shift writes it', { key: '1', shiftKey: true }, '1'],
    ['a Russian letter', { key: 'п', code: 'KeyG' }, 'g'],
    ['a Russian letter with Shift', { key: 'П', code: 'KeyG', shiftKey: true }, 'Shift+g'],
    ['a letter that Latin keyboards have elsewhere', { key: 'z', code: 'KeyY' }, 'z'],
    ['an umlaut', { key: 'ö', code: 'Semicolon' }, 'ö'],
    [
      'a sign that AltGr writes',
      { key: '@', ctrlKey: true, altKey: true, getModifierState: (name: string) => name === 'AltGraph' },
      '@',
    ],
  ])('%s', (_, event, name) => {
    expect(keyName({ ...plain, ...event })).toBe(name);
  });
});

describe('a shortcut', () => {
  test('runs and keeps the key from the browser', () => {
    const { shortcuts, run } = withShortcut(['g']);
    expect(press(shortcuts, 'g').defaultPrevented).toBe(true);
    expect(press(shortcuts, 'h').defaultPrevented).toBe(false);
    expect(run).toHaveBeenCalledOnce();
  });

  test('is gone when its view is', () => {
    const { shortcuts, run, unregister } = withShortcut(['g']);
    unregister();
    press(shortcuts, 'g');
    expect(run).not.toHaveBeenCalled();
    expect(shortcuts.groups).toEqual([]);
  });

  test('of the view that came last goes first', () => {
    const { shortcuts, run } = withShortcut(['g']);
    const later = vi.fn();
    shortcuts.register({ title: 'shell.everywhere', shortcuts: [{ keys: ['g'], label: 'shell.goQueue', run: later }] });
    press(shortcuts, 'g');
    expect(later).toHaveBeenCalledOnce();
    expect(run).not.toHaveBeenCalled();
  });

  test.each([
    '<input>',
    '<input type="search">',
    '<textarea></textarea>',
    '<select><option>a</option></select>',
    '<p contenteditable>a</p>',
  ])('does not run while somebody writes in %s', (html) => {
    const { shortcuts, run } = withShortcut(['g', ' ', 'ArrowLeft', 'Ctrl+a']);
    for (const key of ['g', ' ', 'ArrowLeft']) expect(press(shortcuts, key, {}, element(html)).defaultPrevented).toBe(false);
    press(shortcuts, 'a', { ctrlKey: true }, element(html));
    expect(run).not.toHaveBeenCalled();
  });

  test.each([
    ['<button>a</button>', [' ', 'Enter'], ['g', 'ArrowLeft', '1']],
    ['<a href="#x">a</a>', ['Enter'], ['g', ' ', 'ArrowLeft']],
    ['<input type="checkbox">', [' '], ['g', 'Enter', 'ArrowLeft']],
    ['<input type="radio">', [' ', 'ArrowLeft'], ['g', '1']],
    ['<input type="range">', ['ArrowLeft', 'Home'], ['g', ' ', '1']],
  ])('leaves %s the keys %j and takes %j', (html, own, others) => {
    const target = element(html);
    for (const key of own) {
      const { shortcuts, run } = withShortcut([key]);
      press(shortcuts, key, {}, target);
      expect(run, key).not.toHaveBeenCalled();
    }
    for (const key of others) {
      const { shortcuts, run } = withShortcut([key]);
      press(shortcuts, key, {}, target);
      expect(run, key).toHaveBeenCalledOnce();
    }
  });

  test('does not run while text is being composed, a dialog is open, or somebody took the key', () => {
    const { shortcuts, run } = withShortcut(['g']);
    press(shortcuts, 'g', { isComposing: true });
    const dialog = element('<dialog>a</dialog>') as HTMLDialogElement;
    dialog.showModal();
    press(shortcuts, 'g');
    dialog.close();
    const greedy = element('<p>a</p>');
    greedy.addEventListener('keydown', (event) => event.preventDefault());
    press(shortcuts, 'g', {}, greedy);
    expect(run).not.toHaveBeenCalled();
    press(shortcuts, 'g');
    expect(run).toHaveBeenCalledOnce();
  });

  test('repeats only where that is wanted', () => {
    const once = withShortcut(['g']);
    const often = withShortcut(['g'], { repeats: true });
    for (const repeat of [false, true, true]) {
      press(once.shortcuts, 'g', { repeat });
      press(often.shortcuts, 'g', { repeat });
    }
    expect(once.run).toHaveBeenCalledOnce();
    expect(often.run).toHaveBeenCalledTimes(3);
  });
});

describe('a held key', () => {
  const release = (key: string, code: string): KeyboardEvent => new KeyboardEvent('keyup', { key, code });

  test('ends once, when it is let go, also when Shift was let go before', () => {
    const end = vi.fn();
    const { shortcuts } = withShortcut(['Shift+b'], { end });
    press(shortcuts, 'B', { shiftKey: true, code: 'KeyB' });
    shortcuts.keyup(release('Shift', 'ShiftLeft'));
    expect(end).not.toHaveBeenCalled();
    shortcuts.keyup(release('b', 'KeyB'));
    shortcuts.keyup(release('b', 'KeyB'));
    expect(end).toHaveBeenCalledOnce();
  });

  test('ends when the window loses the keyboard', () => {
    const end = vi.fn();
    const { shortcuts } = withShortcut([' '], { end });
    press(shortcuts, ' ', { code: 'Space' });
    shortcuts.blur();
    shortcuts.blur();
    shortcuts.keyup(release(' ', 'Space'));
    expect(end).toHaveBeenCalledOnce();
  });

  test('ends with Command, because a Mac tells no more of it', () => {
    const end = vi.fn();
    const { shortcuts } = withShortcut(['Ctrl+b'], { end });
    press(shortcuts, 'b', { metaKey: true });
    shortcuts.keyup(release('Meta', 'MetaLeft'));
    expect(end).toHaveBeenCalledOnce();
  });

  test('ends also when its view is gone meanwhile', () => {
    const end = vi.fn();
    const { shortcuts, unregister } = withShortcut(['b'], { end });
    press(shortcuts, 'b');
    unregister();
    shortcuts.keyup(release('b', 'KeyB'));
    expect(end).toHaveBeenCalledOnce();
  });
});
