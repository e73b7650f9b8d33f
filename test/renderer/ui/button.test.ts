import { createRawSnippet } from 'svelte';
import { expect, test, vi } from 'vitest';
import { render } from 'vitest-browser-svelte';
import Button from '../../../renderer/ui/Button.svelte';

const children = createRawSnippet(() => ({ render: () => '<span>Keep</span>' }));

test('a button is named by what it shows, and answers a click', async () => {
  const onclick = vi.fn();
  const screen = await render(Button, { children, onclick });
  await screen.getByRole('button', { name: 'Keep' }).click();
  expect(onclick).toHaveBeenCalledOnce();
});

test('a button with a label is named by it, also in its tooltip', async () => {
  const screen = await render(Button, { children, label: 'Accept' });
  await expect.element(screen.getByRole('button', { name: 'Accept' })).toHaveAttribute('title', 'Accept');
});
