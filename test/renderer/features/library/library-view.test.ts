import axe from 'axe-core';
import { page, userEvent } from 'vitest/browser';
import { describe, expect, it, vi } from 'vitest';
import { EnlargerError } from '../../../../core/photo/failure.ts';
import type { Outline } from '../../../../core/photo/library-view.ts';
import { setLanguage } from '../../../../renderer/messages/index.svelte.ts';
import { cell, frames, outlineOf, showLibrary } from './show-library.ts';

const empty: Outline = { ids: [], ratios: [], days: [] };
const bar = () => page.getByRole('toolbar', { name: 'Selected photos' });

async function violations(): Promise<unknown> {
  const { violations: found } = await axe.run(document.body, { rules: { region: { enabled: false } } });
  return found.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
}

describe('the library', () => {
  it.each([
    ['dark', 1280],
    ['light', 1280],
    ['dark', 360],
  ] as const)('is clean to axe in %s at %i pixels, with photos of every state', async (theme, width) => {
    const states = ['none', 'queued', 'ready', 'accepted', 'rejected', 'exported', 'failed', 'damaged', 'offline'] as const;
    const { app } = await showLibrary({
      outline: outlineOf(40),
      size: [width, 740],
      photo: (id) => ({ state: states[id % states.length]!, rating: id % 6, favourite: id % 2 === 0 }),
      library: { roots: { roots: [{ id: 1, path: '/photos', scope: 'tree', watched: true, offline: true, photos: 12 }] } },
      overrides: { album: { list: { albums: [{ name: 'Norway', photos: 3, createdMs: 0 }] } } },
    });
    document.documentElement.dataset['theme'] = theme;
    await userEvent.click(cell(40)!);
    await expect.element(bar()).toBeVisible();
    expect(await violations()).toEqual([]);
    delete document.documentElement.dataset['theme'];
    expect(app.selection.size).toBe(1);
  });

  it('says what the list is and how many photos are in it', async () => {
    await showLibrary({ outline: outlineOf(40), hash: '#/library?album=Norway' });
    await expect.element(page.getByRole('heading', { level: 1 })).toMatchTextContent('Norway');
    await expect.element(page.getByText('40 photos')).toBeVisible();
  });

  it('tells of the search for photos while it goes on', async () => {
    const { events } = await showLibrary();
    events.emit('scan', { running: true, found: 1240 });
    await expect.element(page.getByText('Looking for photos … 1,240 found')).toBeVisible();
    events.emit('scan', { running: false, found: 1300 });
    await expect.element(page.getByText(/Looking for photos/)).not.toBeInTheDocument();
  });
});

describe('a list without photos', () => {
  it('says in the first minute what to do', async () => {
    const { calls } = await showLibrary({ outline: empty });
    await expect.element(page.getByText('Begin with your photos')).toBeVisible();
    await expect.element(page.getByText('Or drop them anywhere in this window.')).toBeVisible();
    await page.getByRole('button', { name: 'Choose photos' }).click();
    await vi.waitFor(() => expect(calls).toContainEqual({ call: 'host.choose', params: { what: 'photos' } }));
  });

  it('offers nothing that this host cannot do', async () => {
    const about = { version: '1', kind: 'browser', choosing: 'browse', reveals: false, libraryPath: '', cachePath: '' } as const;
    const { app } = await showLibrary({ outline: empty, overrides: { host: { about } } });
    await page.getByRole('button', { name: 'Choose a folder' }).click();
    expect(app.adding.browser).toBe('open');
    await expect.element(page.getByRole('button', { name: 'Choose photos' })).not.toBeInTheDocument();
    await expect.element(page.getByText(/drop them/)).not.toBeInTheDocument();
  });

  it('leads out of a search that finds nothing, and stays in the album', async () => {
    const { app } = await showLibrary({ outline: empty, hash: '#/library?album=Norway&text=desert&minRating=3' });
    await expect.element(page.getByText('Nothing found')).toBeVisible();
    await page.getByRole('button', { name: 'Show everything in here' }).click();
    expect(app.list.filter).toEqual({ album: 'Norway' });
  });

  it('says how to fill an empty album', async () => {
    await showLibrary({ outline: empty, hash: '#/library?album=Norway' });
    await expect.element(page.getByText('This album is empty')).toBeVisible();
  });

  it('waits for the first photos of a folder that is being read', async () => {
    const { events } = await showLibrary({ outline: empty });
    events.emit('scan', { running: true, found: 0 });
    await expect.element(page.getByText('Begin with your photos')).not.toBeInTheDocument();
    await expect.element(page.getByText('Looking for photos …', { exact: true })).toBeVisible();
  });
});

describe('filters', () => {
  it('are part of the address and of what is asked for', async () => {
    const { app, calls } = await showLibrary();
    await page.getByRole('combobox', { name: 'Least rating' }).selectOptions('3 stars or more');
    await page.getByRole('combobox', { name: 'State' }).selectOptions('To review');
    await page.getByRole('combobox', { name: 'Order' }).selectOptions('Name');
    await page.getByRole('button', { name: 'Rising order. Turn it round' }).click();
    expect(app.list.filter).toEqual({ minRating: 3, state: 'ready', sort: 'name', descending: true });
    await vi.waitFor(() =>
      expect(calls.findLast(({ call }) => call === 'library.outline')?.params).toEqual({
        ...{ minRating: 3, state: 'ready', sort: 'name', descending: true },
      }),
    );
    await page.getByRole('combobox', { name: 'Least rating' }).selectOptions('Any rating');
    expect(app.list.filter.minRating).toBeUndefined();
  });

  it('are behind a button in a narrow window', async () => {
    await showLibrary({ size: [360, 740] });
    await expect.element(page.getByRole('combobox', { name: 'State' })).not.toBeInTheDocument();
    await page.getByRole('button', { name: 'Filter and order' }).click();
    await expect.element(page.getByRole('combobox', { name: 'State' })).toBeVisible();
  });

  it('change the size of the photos at once, and remember it when the slider is let go', async () => {
    const { calls } = await showLibrary();
    const before = cell(300)!.clientHeight;
    const slider = page.getByRole('slider', { name: 'Size of the photos' }).element() as HTMLInputElement;
    slider.value = '400';
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    await frames();
    expect(cell(300)!.clientHeight).toBeGreaterThan(1.5 * before);
    expect(calls.some(({ call }) => call === 'preferences.set')).toBe(false);
    slider.dispatchEvent(new Event('change', { bubbles: true }));
    await vi.waitFor(() => expect(calls).toContainEqual({ call: 'preferences.set', params: { rowHeight: 400 } }));
  });
});

describe('selected photos', () => {
  it('are rated by number keys and made favourites by f, and show it at once', async () => {
    const { app, calls } = await showLibrary();
    await vi.waitFor(() => expect(app.photos.get(300)).toBeDefined());
    await userEvent.click(cell(300)!);
    await userEvent.click(cell(298)!, { modifiers: ['Shift'] });
    await userEvent.keyboard('4f');
    expect(calls).toContainEqual({ call: 'library.rate', params: { ids: [300, 299, 298], rating: 4 } });
    expect(calls).toContainEqual({ call: 'library.favour', params: { ids: [300, 299, 298], favourite: true } });
    await expect.element(bar().getByRole('button', { name: '4 stars' })).toHaveAttribute('aria-pressed', 'true');
    await bar().getByRole('button', { name: '4 stars' }).click();
    expect(calls).toContainEqual({ call: 'library.rate', params: { ids: [300, 299, 298], rating: 0 } });
  });

  it('may be none: then the photo that has the keyboard is meant', async () => {
    const { app, calls } = await showLibrary();
    await userEvent.keyboard('{ArrowRight}5');
    expect(app.selection.size).toBe(0);
    expect(calls).toContainEqual({ call: 'library.rate', params: { ids: [300], rating: 5 } });
  });

  it('tells when a rating is refused', async () => {
    const { app } = await showLibrary({ library: { rate: new EnlargerError('not-found', 'There is no such photo.') } });
    await userEvent.click(cell(300)!);
    await userEvent.keyboard('2');
    await vi.waitFor(() => expect(app.toasts.shown.map(({ text }) => text)).toEqual(['There is no such photo.']));
  });

  it('leave the library only after a question, and no file is touched', async () => {
    const { calls, app } = await showLibrary({ library: { remove: { changed: 1 } } });
    await userEvent.click(cell(300)!);
    await userEvent.keyboard('{Delete}');
    await expect.element(page.getByText('The files stay where they are.', { exact: false })).toBeVisible();
    await page.getByRole('button', { name: 'Cancel' }).click();
    expect(calls.some(({ call }) => call === 'library.remove')).toBe(false);
    await userEvent.keyboard('{Delete}');
    await page.getByRole('button', { name: 'Remove 1 photo' }).click();
    await vi.waitFor(() => expect(calls).toContainEqual({ call: 'library.remove', params: { ids: [300] } }));
    await vi.waitFor(() => expect(app.toasts.shown.map(({ text }) => text)).toEqual(['1 photo removed.']));
    expect(app.selection.size).toBe(0);
  });

  it('are added to an album, or to one that is made for them', async () => {
    const { calls } = await showLibrary({
      overrides: {
        album: {
          list: { albums: [{ name: 'Norway', photos: 3, createdMs: 0 }] },
          create: ({ name }) => ({ name, photos: 0, createdMs: 0 }),
        },
      },
    });
    await userEvent.click(cell(300)!);
    await bar().getByRole('button', { name: 'Add to an album' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Norway 3' }).click();
    await vi.waitFor(() => expect(calls).toContainEqual({ call: 'album.add', params: { name: 'Norway', ids: [300] } }));
    await bar().getByRole('button', { name: 'Add to an album' }).click();
    await page.getByRole('textbox', { name: 'Or a new album' }).fill('Oslo');
    await page.getByRole('button', { name: 'Create and add' }).click();
    await vi.waitFor(() => expect(calls).toContainEqual({ call: 'album.add', params: { name: 'Oslo', ids: [300] } }));
  });

  it('can be taken out of the album that is shown, and back in', async () => {
    const { app, calls } = await showLibrary({ hash: '#/library?album=Norway' });
    await userEvent.click(cell(300)!);
    await bar().getByRole('button', { name: 'Take out of “Norway”' }).click();
    await vi.waitFor(() => expect(calls).toContainEqual({ call: 'album.remove', params: { name: 'Norway', ids: [300] } }));
    await vi.waitFor(() => expect(app.toasts.shown).toHaveLength(1));
    app.toasts.shown[0]?.action?.run();
    await vi.waitFor(() => expect(calls).toContainEqual({ call: 'album.add', params: { name: 'Norway', ids: [300] } }));
  });
});

describe('the panel to enhance photos', () => {
  const panel = () => page.getByRole('heading', { name: /^Enhance \d+ photo/ });

  it('comes by e for what is selected, and goes by Escape', async () => {
    await showLibrary();
    await userEvent.click(cell(300)!);
    await userEvent.keyboard('e');
    await expect.element(panel()).toMatchTextContent('Enhance 1 photo');
    await userEvent.click(cell(299)!, { modifiers: ['Control'] });
    await expect.element(panel()).toMatchTextContent('Enhance 2 photos');
    await userEvent.keyboard('{Escape}');
    await expect.element(panel()).not.toBeInTheDocument();
    await expect.element(bar()).toBeVisible();
  });

  it('never turns from a selection to the whole list by itself', async () => {
    const { app } = await showLibrary();
    await userEvent.click(cell(300)!);
    await userEvent.keyboard('e');
    await expect.element(panel()).toBeVisible();
    app.selection.clear();
    await expect.element(panel()).not.toBeInTheDocument();
  });

  it('is for the whole list when that is asked for', async () => {
    const { calls } = await showLibrary({ hash: '#/library?album=Norway' });
    await page.getByRole('button', { name: 'Enhance all' }).click();
    await expect.element(panel()).toMatchTextContent('Enhance 300 photos');
    await vi.waitFor(() =>
      expect(calls.find(({ call }) => call === 'queue.plan')?.params).toMatchObject({ choice: { album: 'Norway' } }),
    );
  });
});

it('has room for German words in a narrow window', async () => {
  await setLanguage('de');
  await showLibrary({ size: [360, 740], overrides: { preferences: {} } });
  await setLanguage('de');
  await userEvent.click(cell(300)!);
  await frames();
  expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(360);
  await setLanguage('en');
});
