import { createRawSnippet } from 'svelte';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import { setLanguage } from '../../../renderer/messages/index.svelte.ts';
import ConfirmDialog from '../../../renderer/ui/ConfirmDialog.svelte';
import Dialog from '../../../renderer/ui/Dialog.svelte';

const opener = document.createElement('button');

beforeEach(async () => {
  await setLanguage('en');
  document.body.append(opener);
  opener.focus();
});
afterEach(() => opener.remove());

const children = createRawSnippet(() => ({
  render: () => '<p><input aria-label="first"><input aria-label="second" data-autofocus></p>',
}));

/** A dialog whose owner takes it out of the page as soon as it was closed. */
async function opened() {
  const onclose = vi.fn();
  const screen = await render(Dialog, { title: 'Names', children, onclose });
  onclose.mockImplementation(() => void screen.unmount());
  return { screen, onclose };
}

describe('a dialog', () => {
  test('is named by its title, and gives the keyboard to what wants it', async () => {
    const { screen } = await opened();
    await expect.element(screen.getByRole('dialog', { name: 'Names' })).toBeVisible();
    await expect.element(screen.getByLabelText('second')).toHaveFocus();
  });

  test('closes with Escape, once, and gives the focus back', async () => {
    const { onclose } = await opened();
    await userEvent.keyboard('{Escape}');
    await expect.poll(() => onclose.mock.calls.length).toBe(1);
    expect(document.activeElement).toBe(opener);
  });

  test('closes with its button, once', async () => {
    const { screen, onclose } = await opened();
    await screen.getByRole('button', { name: 'Close' }).click();
    await expect.poll(() => onclose.mock.calls.length).toBe(1);
    expect(document.activeElement).toBe(opener);
  });

  test('gives the focus back also when its owner simply takes it away', async () => {
    const { screen, onclose } = await opened();
    await screen.unmount();
    expect(document.activeElement).toBe(opener);
    expect(onclose).not.toHaveBeenCalled();
  });

  test('keeps the focus inside', async () => {
    await opened();
    for (let step = 0; step < 8; step += 1) {
      await userEvent.tab();
      expect(document.activeElement).not.toBe(opener);
    }
  });
});

describe('a question', () => {
  const ask = async (danger: boolean) => {
    const onconfirm = vi.fn();
    const onclose = vi.fn();
    const props = {
      title: 'Forget the folder',
      text: 'No file is touched.',
      confirmLabel: 'Forget 3 photos',
      danger,
      onconfirm,
      onclose,
    };
    return { screen: await render(ConfirmDialog, props), onconfirm, onclose };
  };

  test('does the deed and closes', async () => {
    const { screen, onconfirm, onclose } = await ask(true);
    await screen.getByRole('button', { name: 'Forget 3 photos' }).click();
    expect(onconfirm).toHaveBeenCalledOnce();
    expect(onclose).toHaveBeenCalledOnce();
  });

  test('closes without it', async () => {
    const { screen, onconfirm, onclose } = await ask(true);
    await screen.getByRole('button', { name: 'Cancel' }).click();
    expect(onconfirm).not.toHaveBeenCalled();
    expect(onclose).toHaveBeenCalledOnce();
  });

  test.each([
    [true, 'Cancel'],
    [false, 'Forget 3 photos'],
  ])('of danger: %s begins at the button "%s"', async (danger, name) => {
    const { screen } = await ask(danger);
    await expect.element(screen.getByRole('button', { name })).toHaveFocus();
  });
});
