import { beforeEach, describe, expect, test } from 'vitest';
import { render } from 'vitest-browser-svelte';
import { setLanguage } from '../../../renderer/messages/index.svelte.ts';
import LazyView from '../../../renderer/ui/LazyView.svelte';
import WithApp from '../WithApp.svelte';
import { openTestApp } from '../test-app.ts';

beforeEach(() => setLanguage('en'));

describe('a view that is loaded when it is wanted', () => {
  test('is shown when it is there', async () => {
    const { app } = await openTestApp();
    const props = { load: () => import('../../../renderer/features/settings/SettingsView.svelte') };
    const screen = await render(WithApp, { props: { app, component: LazyView, props } });
    await expect.element(screen.getByRole('heading', { name: 'Settings', level: 1 })).toBeVisible();
  });

  test('says what is wrong when it cannot be loaded, and how to go on', async () => {
    const screen = await render(LazyView, { load: () => Promise.reject(new Error('no such file')) });
    await expect.element(screen.getByRole('heading', { name: 'This view cannot be shown' })).toBeVisible();
    await expect.element(screen.getByRole('button', { name: 'Load the window again' })).toBeVisible();
  });
});
