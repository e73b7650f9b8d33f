import { page, userEvent } from 'vitest/browser';
import { describe, expect, it, vi } from 'vitest';
import { render } from 'vitest-browser-svelte';
import SearchField from '../../../../renderer/features/library/SearchField.svelte';
import { openTestApp } from '../../test-app.ts';
import WithApp from '../../WithApp.svelte';

async function show(hash = '#/library') {
  const test = await openTestApp({ hash });
  await render(WithApp, { props: { app: test.app, component: SearchField, props: {} } });
  return test;
}

const field = () => page.getByRole('textbox', { name: 'Search photos' });

describe('the search', () => {
  it('waits until somebody stops typing, and asks once', async () => {
    const { app, calls } = await show();
    const input = field().element() as HTMLInputElement;
    // All in one turn: how fast a loaded machine types is not what is asked here.
    for (const text of ['f', 'fj', 'fjo', 'fjor', 'fjord']) {
      input.value = text;
      input.dispatchEvent(new InputEvent('input', { bubbles: true }));
    }
    expect(app.list.filter).toEqual({});
    await vi.waitFor(() => expect(app.list.filter).toEqual({ text: 'fjord' }));
    await vi.waitFor(() =>
      expect(
        calls.filter(({ call }) => call === 'library.outline').map(({ params }) => (params as { text?: string }).text),
      ).toEqual([undefined, 'fjord']),
    );
  });

  it('stays in the album, and goes at once by Enter', async () => {
    const { app } = await show('#/library?album=Norway');
    await field().click();
    await userEvent.keyboard('fjord{Enter}');
    expect(app.list.filter).toEqual({ album: 'Norway', text: 'fjord' });
  });

  it('comes by a slash, and goes by Escape: first the words, then the keyboard', async () => {
    const { app } = await show('#/library?text=fjord');
    await expect.element(field()).toHaveValue('fjord');
    await userEvent.keyboard('/');
    await expect.element(field()).toHaveFocus();
    await userEvent.keyboard('{Escape}');
    await expect.element(field()).toHaveValue('');
    expect(app.list.filter).toEqual({});
    await userEvent.keyboard('{Escape}');
    await expect.element(field()).not.toHaveFocus();
  });

  it('is cleared by its button', async () => {
    const { app } = await show('#/library?text=fjord&minRating=3');
    await page.getByRole('button', { name: 'Clear the search' }).click();
    expect(app.list.filter).toEqual({ minRating: 3 });
  });

  it('follows the address, and leaves one step back for a whole search', async () => {
    const { app } = await show();
    const before = history.length;
    await field().click();
    await userEvent.keyboard('fj');
    await vi.waitFor(() => expect(app.list.filter).toEqual({ text: 'fj' }));
    await userEvent.keyboard('ord');
    await vi.waitFor(() => expect(app.list.filter).toEqual({ text: 'fjord' }));
    expect(history.length - before).toBeLessThanOrEqual(1);
    app.router.go({ view: 'library' });
    await expect.element(field()).toHaveValue('');
  });

  it('leads from a photo back to the list', async () => {
    const { app } = await show('#/photo/3?album=Norway');
    await field().click();
    await userEvent.keyboard('fjord{Enter}');
    expect(app.router.route).toEqual({ view: 'library', id: null, params: { album: 'Norway', text: 'fjord' } });
  });
});
