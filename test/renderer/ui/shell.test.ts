import { beforeEach, describe, expect, test, vi } from 'vitest';
import { render } from 'vitest-browser-svelte';
import { setLanguage } from '../../../renderer/messages/index.svelte.ts';
import { Shortcuts } from '../../../renderer/state/shortcuts.svelte.ts';
import { Toasts as ToastsState } from '../../../renderer/state/toasts.svelte.ts';
import Keys from '../../../renderer/ui/Keys.svelte';
import ShortcutSheet from '../../../renderer/ui/ShortcutSheet.svelte';
import Toasts from '../../../renderer/ui/Toasts.svelte';

beforeEach(() => setLanguage('en'));

describe('the keys of a shortcut', () => {
  test.each([
    ['a', ['A']],
    ['Ctrl+a', ['Ctrl', 'A']],
    ['Ctrl+Shift+ArrowLeft', ['Ctrl', 'Shift', '←']],
    ['+', ['+']],
    ['Ctrl++', ['Ctrl', '+']],
    [' ', ['Space']],
    ['?', ['?']],
    ['PageDown', ['Page ↓']],
  ])('%s are shown as %j', async (keys, shown) => {
    const { container } = await render(Keys, { keys });
    expect([...container.querySelectorAll('kbd')].map(({ textContent }) => textContent)).toEqual(shown);
  });

  test('are called as on the keyboards of the language', async () => {
    await setLanguage('de');
    const { container } = await render(Keys, { keys: 'Ctrl+Delete' });
    expect(container.textContent).toBe('StrgEntf');
  });
});

describe('the sheet of shortcuts', () => {
  test('lists what holds right now, the view before the rest', async () => {
    const shortcuts = new Shortcuts();
    const run = (): void => undefined;
    shortcuts.register({ title: 'shell.everywhere', shortcuts: [{ keys: ['g'], label: 'shell.goLibrary', run }] });
    shortcuts.register({ title: 'shell.settings', shortcuts: [{ keys: ['x', 'y'], label: 'shell.goQueue', run }] });
    const screen = await render(ShortcutSheet, { shortcuts, onclose: () => undefined });
    const headings = [...screen.container.querySelectorAll('h3')].map(({ textContent }) => textContent);
    expect(headings).toEqual(['Settings', 'Everywhere']);
    expect([...screen.container.querySelectorAll('kbd')].map(({ textContent }) => textContent)).toEqual(['X', 'Y', 'G']);
  });
});

describe('news at the edge', () => {
  test('are told to screen readers, errors at once', async () => {
    const toasts = new ToastsState();
    const screen = await render(Toasts, { toasts });
    await expect.element(screen.getByRole('region', { name: 'Messages' })).toHaveAttribute('aria-live', 'polite');
    toasts.failed(new Error('x'));
    await expect.poll(() => screen.getByRole('alert').element().textContent).toContain('unexpected');
  });

  test('offer one thing to do, and are gone then', async () => {
    const toasts = new ToastsState();
    const screen = await render(Toasts, { toasts });
    const run = vi.fn();
    toasts.info('Rejected', { label: 'Undo', run });
    await screen.getByRole('button', { name: 'Undo' }).click();
    expect(run).toHaveBeenCalledOnce();
    expect(toasts.shown).toEqual([]);
  });

  test('can be dismissed, and then the others go in their time again', async () => {
    const toasts = new ToastsState();
    const release = vi.spyOn(toasts, 'release');
    const screen = await render(Toasts, { toasts });
    toasts.info('Rejected');
    await screen.getByRole('button', { name: 'Dismiss' }).click();
    expect(toasts.shown).toEqual([]);
    expect(release).toHaveBeenCalled();
  });
});
