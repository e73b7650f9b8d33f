import axe from 'axe-core';
import { page, userEvent } from 'vitest/browser';
import { describe, expect, it, vi } from 'vitest';
import { render } from 'vitest-browser-svelte';
import { EnlargerError } from '../../../../core/photo/failure.ts';
import type { PhotoPage } from '../../../../core/photo/library-view.ts';
import PhotoView from '../../../../renderer/features/library/PhotoView.svelte';
import { openTestApp, type TestAppOptions } from '../../test-app.ts';
import { photoSummary } from '../../state/photo-summaries.ts';
import WithApp from '../../WithApp.svelte';
import { photoPage, resultView } from './photo/photo-pages.ts';
import { outlineOf } from './show-library.ts';

async function show(id: number, changes: Partial<PhotoPage> = {}, options: TestAppOptions = {}) {
  await page.viewport(1280, 800);
  const test = await openTestApp({
    hash: `#/photo/${id}?album=Norway`,
    ...options,
    overrides: {
      ...options.overrides,
      library: {
        outline: outlineOf(10),
        some: ({ ids }) => ({ photos: ids.map((one) => ({ ...photoSummary(one), state: changes.state ?? 'none' })) }),
        show: ({ id: wanted }) => photoPage(wanted, changes),
        ...options.overrides?.library,
      },
    },
  });
  await vi.waitFor(() => expect(test.app.list.size).toBe(10));
  const container = document.createElement('div');
  container.id = 'app';
  document.body.replaceChildren(container);
  await render(WithApp, { target: container, props: { app: test.app, component: PhotoView, props: {} } });
  return test;
}

const heading = () => page.getByRole('heading', { level: 1 });

describe('the page of a photo', () => {
  it('shows all that is known of it, and is clean to axe', async () => {
    await show(5, { rating: 3, albums: ['Norway'], results: [resultView(1, 5)] });
    await expect.element(heading()).toMatchTextContent('IMG_0005.jpg');
    await expect.element(page.getByText('1/250 s, ƒ/4, ISO 200, 35 mm')).toBeVisible();
    await expect.element(page.getByText('6 of 10')).toBeVisible();
    await expect.element(page.getByRole('link', { name: 'Norway' })).toHaveAttribute('href', '#/library?album=Norway');
    await expect.element(page.getByRole('link', { name: 'Compare and review' })).toHaveAttribute('href', '#/review/5?show=all');
    const { violations } = await axe.run(document.body, { rules: { region: { enabled: false } } });
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  });

  it('goes to the next and the previous photo of the same list by the arrow keys, and stops at its ends', async () => {
    const { app } = await show(2);
    await userEvent.keyboard('{ArrowRight}');
    await expect.element(heading()).toMatchTextContent('IMG_0001.jpg');
    await userEvent.keyboard('{ArrowRight}');
    expect(app.router.route).toEqual({ view: 'photo', id: 1, params: { album: 'Norway' } });
    await userEvent.keyboard('{ArrowLeft}{ArrowLeft}');
    await expect.element(heading()).toMatchTextContent('IMG_0003.jpg');
  });

  it('goes back to the same list by Escape, with the keyboard at this photo', async () => {
    const { app } = await show(2);
    await userEvent.keyboard('{ArrowLeft}{Escape}');
    expect(app.router.route).toEqual({ view: 'library', id: null, params: { album: 'Norway' } });
    expect(app.selection.focus).toBe(3);
  });

  it('is rated, and made a favourite', async () => {
    const { app, calls } = await show(5);
    await vi.waitFor(() => expect(app.photos.get(5)).toBeDefined());
    await expect.element(page.getByRole('group', { name: 'Rating' })).toBeVisible();
    await userEvent.keyboard('4f');
    expect(calls).toContainEqual({ call: 'library.rate', params: { ids: [5], rating: 4 } });
    expect(calls).toContainEqual({ call: 'library.favour', params: { ids: [5], favourite: true } });
    await expect.element(page.getByRole('button', { name: '4 stars' })).toHaveAttribute('aria-pressed', 'true');
  });

  it('has the panel to enhance it in place of its facts, until Escape', async () => {
    await show(5);
    await expect.element(heading()).toBeVisible();
    await userEvent.keyboard('e');
    await expect.element(page.getByRole('heading', { name: 'Enhance 1 photo' })).toBeVisible();
    await userEvent.keyboard('{Escape}');
    await expect.element(page.getByRole('heading', { name: 'About this photo' })).toBeVisible();
  });

  it('goes on to the next photo when it is removed', async () => {
    const { app, calls } = await show(5, {}, { overrides: { library: { remove: { changed: 1 } } } });
    await expect.element(heading()).toBeVisible();
    await userEvent.keyboard('{Delete}');
    await page.getByRole('button', { name: 'Remove 1 photo' }).click();
    await vi.waitFor(() => expect(app.router.route.id).toBe(4));
    expect(calls).toContainEqual({ call: 'library.remove', params: { ids: [5] } });
  });
});

describe('a photo that cannot be shown', () => {
  it('leads back when the address names none', async () => {
    await show(5, {}, { hash: '#/photo' });
    await expect.element(page.getByRole('button', { name: 'Back to the photos' })).toBeVisible();
  });

  it('says why and what to do when its file is damaged', async () => {
    const failure = { code: 'damaged', message: 'The file ends in the middle of the picture.' } as const;
    await show(
      5,
      { state: 'damaged', failure, facts: null, width: null, height: null, thumbnailKey: null },
      {
        overrides: {
          library: {
            some: ({ ids }) => ({ photos: ids.map((id) => photoSummary(id, { state: 'damaged', width: null, height: null })) }),
          },
        },
      },
    );
    await expect.element(page.getByText('The file ends in the middle of the picture.').first()).toBeVisible();
    await expect.element(page.getByText('Get the photo from another copy or a backup.').first()).toBeVisible();
  });

  it('says how it comes back when it is offline', async () => {
    await show(5, { state: 'offline' });
    await expect.element(page.getByText('Connect the drive that it lies on, and it is back.').first()).toBeVisible();
  });

  it('is left for the list when there is no such photo', async () => {
    const { app } = await show(99, {}, { overrides: { library: { show: new EnlargerError('not-found', 'There is none.') } } });
    await page.getByRole('button', { name: 'Back to the photos' }).click();
    expect(app.router.route.view).toBe('library');
  });
});

it('shows its file in the folder where the host can', async () => {
  const about = { version: '1', kind: 'desktop', choosing: 'dialog', reveals: true, libraryPath: '', cachePath: '' } as const;
  const { calls } = await show(5, {}, { overrides: { host: { about } } });
  await page.getByRole('button', { name: 'Show in folder' }).click();
  await vi.waitFor(() => expect(calls).toContainEqual({ call: 'host.reveal', params: { photoId: 5 } }));
});
