import { page, userEvent } from 'vitest/browser';
import { describe, expect, it } from 'vitest';
import { render } from 'vitest-browser-svelte';
import type { FolderView, PlaceView } from '../../../../../core/api/host-views.ts';
import type { Overrides } from '../../../../../core/api/test-double.ts';
import { EnlargerError } from '../../../../../core/photo/failure.ts';
import FolderBrowser from '../../../../../renderer/features/library/add/FolderBrowser.svelte';
import { openTestApp } from '../../../test-app.ts';
import WithApp from '../../../WithApp.svelte';

const place = (path: string): PlaceView => ({ grant: path, name: path.split('/').at(-1)!, path });
const tree: Record<string, readonly string[]> = {
  '/home': ['/home/Pictures', '/home/Music'],
  '/home/Pictures': ['/home/Pictures/Norway', '/home/Pictures/Oslo'],
  '/home/Pictures/Norway': [],
  '/home/Pictures/Oslo': [],
  '/home/Music': [],
  '/home/Pictures/New': [],
};

function view(path: string): FolderView {
  const parts = path.split('/').slice(1, -1);
  return {
    folder: place(path),
    parents: parts.map((_, index) => place(`/${parts.slice(0, index + 1).join('/')}`)),
    folders: (tree[path] ?? []).map(place),
    photos: path.length,
  };
}

async function show(props: Partial<{ purpose: string }> = {}, host: Overrides['host'] = {}) {
  const picked: PlaceView[] = [];
  const { app, calls } = await openTestApp({
    overrides: {
      host: {
        browse: ({ folder }) =>
          folder === null ? { folder: null, parents: [], folders: [place('/home'), place('/drive')], photos: 0 } : view(folder),
        makeFolder: ({ folder, name }) => place(`${folder}/${name}`),
        ...host,
      },
    },
  });
  const pick = (chosen: PlaceView): number => picked.push(chosen);
  await render(WithApp, {
    props: { app, component: FolderBrowser, props: { pick, pickLabel: 'Add this folder', purpose: 'sources', ...props } },
  });
  return { app, calls, picked };
}

const pickButton = () => page.getByRole('button', { name: 'Add this folder' });
const folder = (name: string) => page.getByRole('list', { name: 'Folders' }).getByRole('button', { name });

describe('the folder browser', () => {
  it('begins with what may be looked at, and picks nothing there', async () => {
    await show();
    await expect.element(folder('drive')).toBeVisible();
    await expect.element(pickButton()).toBeDisabled();
  });

  it('goes down, says how many photos lie there, and picks the folder that is open', async () => {
    const { picked } = await show();
    await folder('home').click();
    await folder('Pictures').click();
    await expect.element(page.getByText('About 14 photos right in this folder')).toBeVisible();
    await pickButton().click();
    expect(picked).toEqual([place('/home/Pictures')]);
  });

  it('goes back up by its way', async () => {
    await show();
    await folder('home').click();
    await folder('Pictures').click();
    await folder('Norway').click();
    await expect.element(page.getByText('No folders in here')).toBeVisible();
    await page.getByRole('navigation').getByRole('button', { name: 'home' }).click();
    await expect.element(folder('Music')).toBeVisible();
    await page.getByRole('button', { name: 'Start' }).click();
    await expect.element(folder('drive')).toBeVisible();
  });

  it('enters the only beginning by itself', async () => {
    await show(
      {},
      {
        browse: ({ folder: wanted }) =>
          wanted === null ? { ...view('/home'), folder: null, parents: [], folders: [place('/home')] } : view(wanted),
      },
    );
    await expect.element(folder('Pictures')).toBeVisible();
  });

  it('is walked through by the keyboard', async () => {
    await show();
    await folder('home').click();
    await expect.element(folder('Music')).toBeVisible();
    folder('Pictures').element().focus();
    await userEvent.keyboard('{ArrowDown}');
    await expect.element(folder('Music')).toHaveFocus();
    await userEvent.keyboard('{ArrowUp}{Enter}');
    await expect.element(folder('Oslo')).toBeVisible();
    folder('Oslo').element().focus();
    await userEvent.keyboard('{Backspace}');
    await expect.element(folder('Music')).toBeVisible();
  });

  it('shows the way to folders that were used last', async () => {
    const { picked } = await show({}, { recent: { sources: [place('/home/Pictures/Norway')], targets: [place('/home/Music')] } });
    await page.getByRole('button', { name: 'Norway' }).click();
    await pickButton().click();
    expect(picked).toEqual([place('/home/Pictures/Norway')]);
  });

  it('makes a folder where files are to be written', async () => {
    const { picked } = await show({ purpose: 'targets' });
    await folder('home').click();
    await folder('Pictures').click();
    await page.getByRole('button', { name: 'New folder' }).click();
    await page.getByRole('textbox', { name: 'Name of the folder' }).fill('New');
    await page.getByRole('button', { name: 'Create' }).click();
    await pickButton().click();
    expect(picked).toEqual([place('/home/Pictures/New')]);
  });

  it('says why a folder cannot be made, and lets another name be tried', async () => {
    await show({ purpose: 'targets' }, { makeFolder: new EnlargerError('conflict', 'There is a folder of this name already.') });
    await folder('home').click();
    await page.getByRole('button', { name: 'New folder' }).click();
    await page.getByRole('textbox').fill('Music');
    await page.getByRole('button', { name: 'Create' }).click();
    await expect.element(page.getByText('There is a folder of this name already.')).toBeVisible();
    await page.getByRole('textbox').fill('Music 2');
    await expect.element(page.getByText('There is a folder of this name already.')).not.toBeInTheDocument();
  });

  it('follows the last click, whichever answer comes first', async () => {
    const slow = Promise.withResolvers<FolderView>();
    await show(
      {},
      {
        browse: ({ folder: wanted }) =>
          wanted === null
            ? { ...view('/home'), folder: null, parents: [] }
            : wanted === '/home/Music'
              ? slow.promise
              : view(wanted),
      },
    );
    await folder('Music').click();
    await folder('Pictures').click();
    await expect.element(folder('Norway')).toBeVisible();
    slow.resolve(view('/home/Music'));
    await new Promise((resolve) => setTimeout(resolve, 50));
    await expect.element(folder('Norway')).toBeVisible();
  });
});
