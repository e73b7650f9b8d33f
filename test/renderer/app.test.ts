import { beforeEach, describe, expect, test } from 'vitest';
import { userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import App from '../../renderer/App.svelte';
import { setLanguage } from '../../renderer/messages/index.svelte.ts';
import { openTestApp } from './test-app.ts';

beforeEach(() => setLanguage('en'));

async function opened(hash?: string) {
  const made = await openTestApp(hash === undefined ? {} : { hash });
  return { ...made, screen: await render(App, { props: { app: made.app } }) };
}

describe('the window', () => {
  test.each([
    ['g', 'Library'],
    ['v', 'Review'],
    ['o', 'Export'],
    ['q', 'Queue'],
    ['{Control>},{/Control}', 'Settings'],
  ])('goes with the key %s to %s, and is named after it', async (keys, name) => {
    await opened(name === 'Library' ? '#/settings' : '#/library');
    await userEvent.keyboard(keys);
    await expect.poll(() => document.title).toBe(`${name} – Enlarger`);
  });

  test('marks where one is', async () => {
    const { screen } = await opened('#/export');
    await expect
      .element(screen.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Export' }))
      .toHaveAttribute('aria-current', 'page');
  });

  test('gives the keyboard to a new view when the old one had it', async () => {
    const { screen } = await opened('#/settings');
    await screen.getByLabelText('Language').click();
    await userEvent.keyboard('{Escape}');
    await userEvent.click(screen.getByRole('heading', { name: 'Settings', level: 1 }));
    await userEvent.keyboard('o');
    await expect.element(screen.getByRole('main')).toHaveFocus();
  });

  test('begins with a way past the header', async () => {
    const { screen } = await opened('#/settings');
    await userEvent.tab();
    const skip = screen.getByRole('link', { name: 'Skip to the content' });
    await expect.element(skip).toHaveFocus();
    await userEvent.keyboard('{Enter}');
    await expect.element(screen.getByRole('main')).toHaveFocus();
    expect(location.hash).toBe('#/settings');
  });

  test('has icons that grow with the text', async () => {
    const { screen } = await opened('#/library');
    const widths = (): number[] =>
      [...screen.container.querySelectorAll('header svg')].map((icon) => icon.getBoundingClientRect().width);
    const before = widths();
    expect(before.length).toBeGreaterThan(1);
    document.documentElement.style.fontSize = '200%';
    expect(widths()).toEqual(before.map((width) => 2 * width));
    document.documentElement.style.fontSize = '';
  });

  test('shows its keys on a question mark, and closes with Escape', async () => {
    const { screen } = await opened();
    await userEvent.keyboard('?');
    await expect.element(screen.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
    await userEvent.keyboard('{Escape}');
    await expect.element(screen.getByRole('dialog')).not.toBeInTheDocument();
  });

  test('says that a page of a run that has ended has to be opened anew', async () => {
    const { screen, app } = await opened();
    app.connection.reach = 'gone';
    await expect
      .element(screen.getByRole('alert'))
      .toMatchTextContent(/^This page belongs to a run of the program that has ended\./);
  });

  test('says when the program does not answer', async () => {
    const { screen, app } = await opened();
    app.connection.reach = 'lost';
    await expect.element(screen.getByRole('alert')).toHaveTextContent('The program does not answer. Trying to reach it again …');
  });
});
