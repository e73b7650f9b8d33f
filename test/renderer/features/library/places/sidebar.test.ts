import { page, userEvent } from 'vitest/browser';
import { describe, expect, it, vi } from 'vitest';
import { EnlargerError } from '../../../../../core/photo/failure.ts';
import type { RootView } from '../../../../../core/photo/library-view.ts';
import { cell, showLibrary, type LibraryOptions } from '../show-library.ts';

const norway = { name: 'Norway', photos: 3, createdMs: 0 };
const root: RootView = { id: 7, path: '/home/me/Pictures', scope: 'tree', watched: true, offline: false, photos: 40 };

const show = (options: LibraryOptions = {}) =>
  showLibrary({
    ...options,
    library: {
      roots: { roots: [root] },
      count: ({ state }) => ({ count: state === 'ready' ? 24 : state === 'failed' ? 0 : 300 }),
      ...options.library,
    },
    overrides: { ...options.overrides, album: { list: { albums: [norway] }, ...options.overrides?.album } },
  });

const places = () => page.getByRole('navigation', { name: 'Places' });
const link = (name: string | RegExp) => places().getByRole('link', { name });

async function choose(menu: string, item: string): Promise<void> {
  await places().getByRole('button', { name: menu }).click();
  await page.getByRole(item.includes('Watch') ? 'menuitemcheckbox' : 'menuitem', { name: item }).click();
}

describe('the places at the side', () => {
  it('lead to their photos, and tell which one is shown', async () => {
    const { app } = await show();
    await expect.element(link(/^All photos/)).toHaveAttribute('aria-current', 'page');
    await link(/^To review/).click();
    expect(app.list.filter).toEqual({ state: 'ready' });
    await expect.element(link('To review 24')).toHaveAttribute('aria-current', 'page');
    await link('Norway 3').click();
    expect(app.list.filter).toEqual({ album: 'Norway' });
    await expect.element(link('Norway 3')).toHaveAttribute('aria-current', 'page');
    await link('Pictures 40').click();
    expect(app.list.filter).toEqual({ rootId: 7 });
    await expect.element(link(/^All photos/)).not.toHaveAttribute('aria-current');
  });

  it('speak of failures only where there are some', async () => {
    await show();
    await expect.element(link(/^Failed/)).not.toBeInTheDocument();
    await show({ library: { count: { count: 2 } } });
    await expect.element(link('Failed 2')).toBeVisible();
  });

  it('stand above the photos in a narrow window, until one is chosen', async () => {
    const { app } = await show({ size: [360, 740] });
    await expect.element(places()).not.toBeInTheDocument();
    await page.getByRole('button', { name: 'Places' }).click();
    await link('Norway 3').click();
    expect(app.list.filter).toEqual({ album: 'Norway' });
    await expect.element(places()).not.toBeInTheDocument();
  });
});

describe('an album', () => {
  it('is made under a name, and one that is taken can be corrected', async () => {
    let taken = true;
    const { calls } = await show({
      overrides: {
        album: {
          create: ({ name }) => {
            if (taken) throw new EnlargerError('conflict', 'There is an album "Oslo" already.');
            return { name, photos: 0, createdMs: 0 };
          },
        },
      },
    });
    await places().getByRole('button', { name: 'New album' }).click();
    await page.getByRole('textbox', { name: 'Name of the album' }).fill('Oslo');
    await page.getByRole('button', { name: 'Create' }).click();
    await expect.element(page.getByText('There is an album "Oslo" already.')).toBeVisible();
    taken = false;
    await page.getByRole('button', { name: 'Create' }).click();
    await expect.element(page.getByRole('dialog')).not.toBeInTheDocument();
    expect(calls.filter(({ call }) => call === 'album.create')).toHaveLength(2);
  });

  it('is renamed while it is shown, and goes on being shown', async () => {
    const { app, calls } = await show({
      hash: '#/library?album=Norway',
      overrides: { album: { rename: { ...norway, name: 'Lofoten' } } },
    });
    await choose('Album Norway', 'Rename');
    await page.getByRole('textbox').fill('Lofoten');
    await page.getByRole('dialog').getByRole('button', { name: 'Rename' }).click();
    await vi.waitFor(() => expect(app.list.filter).toEqual({ album: 'Lofoten' }));
    expect(calls).toContainEqual({ call: 'album.rename', params: { name: 'Norway', to: 'Lofoten' } });
  });

  it('is deleted after a question that says what stays', async () => {
    const { app, calls } = await show({ hash: '#/library?album=Norway' });
    await choose('Album Norway', 'Delete album');
    await expect.element(page.getByText('3 photos in it stay in the library.')).toBeVisible();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete album' }).click();
    await vi.waitFor(() => expect(app.list.filter).toEqual({}));
    expect(calls).toContainEqual({ call: 'album.delete', params: { name: 'Norway' } });
  });

  it('takes the selection that is dragged onto it, and a photo that was not selected alone', async () => {
    const { app, calls } = await show({ overrides: { album: { add: { changed: 2 } } } });
    await userEvent.click(cell(300)!);
    await userEvent.click(cell(299)!, { modifiers: ['Control'] });
    await userEvent.dragAndDrop(cell(300)!, link('Norway 3'));
    await vi.waitFor(() => expect(calls).toContainEqual({ call: 'album.add', params: { name: 'Norway', ids: [300, 299] } }));
    await vi.waitFor(() => expect(app.toasts.shown.map(({ text }) => text)).toEqual(['2 photos added to “Norway”.']));
    await userEvent.dragAndDrop(cell(297)!, link('Norway 3'));
    await vi.waitFor(() => expect(calls).toContainEqual({ call: 'album.add', params: { name: 'Norway', ids: [297] } }));
  });

  it('takes nothing that only calls itself photos', async () => {
    const { calls } = await show();
    const data = new DataTransfer();
    data.setData('application/x-enlarger-photos', '{"ids": "all"}');
    link('Norway 3')
      .element()
      .dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: data }));
    expect(calls.some(({ call }) => call === 'album.add')).toBe(false);
  });

  it('is enhanced as a whole from its menu', async () => {
    const { app } = await show();
    await choose('Album Norway', 'Enhance all photos');
    expect(app.list.choice).toEqual({ album: 'Norway' });
    await expect.element(page.getByRole('heading', { name: 'Enhance 300 photos' })).toBeVisible();
  });
});

describe('a folder', () => {
  it('is watched or not', async () => {
    const { calls } = await show();
    await places().getByRole('button', { name: 'Folder Pictures' }).click();
    await expect
      .element(page.getByRole('menuitemcheckbox', { name: 'Watch for new photos' }))
      .toHaveAttribute('aria-checked', 'true');
    await page.getByRole('menuitemcheckbox', { name: 'Watch for new photos' }).click();
    await vi.waitFor(() => expect(calls).toContainEqual({ call: 'library.watch', params: { rootId: 7, watched: false } }));
  });

  it('is forgotten after a question that says what goes', async () => {
    const { app, calls } = await show({ hash: '#/library?rootId=7' });
    await choose('Folder Pictures', 'Forget folder');
    await expect.element(page.getByText(/^40 photos leave the library/)).toBeVisible();
    await page.getByRole('dialog').getByRole('button', { name: 'Forget folder' }).click();
    await vi.waitFor(() => expect(app.list.filter).toEqual({}));
    expect(calls).toContainEqual({ call: 'library.forgetRoot', params: { rootId: 7 } });
  });

  it('says that it is offline in place of its number', async () => {
    await show({ library: { roots: { roots: [{ ...root, offline: true }] } } });
    await expect.element(link('Pictures Offline')).toBeVisible();
  });

  it('of files that were named one by one cannot be watched', async () => {
    await show({ library: { roots: { roots: [{ ...root, scope: 'named' }] } } });
    await places().getByRole('button', { name: 'Folder Pictures' }).click();
    await expect.element(page.getByRole('menuitem', { name: 'Forget folder' })).toBeVisible();
    await expect.element(page.getByRole('menuitemcheckbox')).not.toBeInTheDocument();
  });
});

it('has menus for the keyboard', async () => {
  const { calls } = await show();
  places().getByRole('button', { name: 'Folder Pictures' }).element().focus();
  await userEvent.keyboard('{Enter}');
  await expect.element(page.getByRole('menuitemcheckbox')).toHaveFocus();
  await userEvent.keyboard('{ArrowDown}');
  await expect.element(page.getByRole('menuitem', { name: 'Look for changes now' })).toHaveFocus();
  await userEvent.keyboard('{ArrowUp}{ArrowUp}');
  await expect.element(page.getByRole('menuitem', { name: 'Forget folder' })).toHaveFocus();
  await userEvent.keyboard('{Escape}');
  await expect.element(page.getByRole('menu')).not.toBeInTheDocument();
  await userEvent.keyboard('{Enter}{ArrowDown}{Enter}');
  await vi.waitFor(() => expect(calls).toContainEqual({ call: 'library.rescan', params: {} }));
});
