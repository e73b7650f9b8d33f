import axe from 'axe-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import type { Overrides } from '../../../../core/api/test-double.ts';
import ReviewView from '../../../../renderer/features/review/ReviewView.svelte';
import { setLanguage } from '../../../../renderer/messages/index.svelte.ts';
import { openTestApp } from '../../test-app.ts';
import WithApp from '../../WithApp.svelte';
import { fakeLibrary, type FakeLibrary } from './fake-library.ts';
import { openFakeMedia } from './fake-media.ts';
import { aResult } from './results.ts';
import { canvases, drawn, placeAt, sized, until } from './stage-page.ts';

const size = { width: 1600, height: 1200 };

let media: ReturnType<typeof openFakeMedia>;
beforeEach(async () => {
  await setLanguage('en');
  await page.viewport(1280, 800);
  media = openFakeMedia({});
});
afterEach(() => media.close());

const noOverrides: Overrides = {};

/** A review of so many photos, whose results are those of the same number, and each of which has another blue. */
async function open(count: number, { library = libraryOf(count), overrides = noOverrides, hash = '#/review' } = {}) {
  for (let id = 1; id <= count; id++) {
    media.pictures.set(`original/${id}`, { width: 800, height: 600, blue: id });
    media.pictures.set(`result/${id}`, { ...size, blue: id + 100 });
    media.pictures.set(`thumbnail/${id}`, { width: 800, height: 600, blue: id });
  }
  const opened = await openTestApp({
    hash,
    overrides: {
      ...overrides,
      review: library.review,
      library: { some: ({ ids }) => ({ photos: ids.map(aSummary) }), ...overrides.library },
    },
    bridge: { mediaUrl: (path) => media.mediaUrl(path) },
  });
  const target = sized(1200, 700);
  const view = await render(WithApp, { target, props: { app: opened.app, component: ReviewView, props: {} } });
  const shownName = (): string => target.querySelector('h2')?.textContent ?? '';
  const whole = (): Promise<void> => until(() => target.querySelector('.compare')?.getAttribute('aria-busy') === 'false');
  return { ...opened, ...view, target, library, shownName, whole, canvas: () => canvases(target)[0]! };
}

function libraryOf(count: number): FakeLibrary {
  return fakeLibrary(Array.from({ length: count }, (_, index) => aResult(index + 1, { photoId: index + 1, ...size })));
}

function aSummary(id: number) {
  return {
    ...{
      id,
      name: `photo-${id}.jpg`,
      path: '/a',
      width: 800,
      height: 600,
      fileBytes: 1,
      takenAt: null,
      rating: 0,
      favourite: false,
    },
    ...{ state: 'ready' as const, thumbnailKey: `k${id}` },
  };
}

test('twenty photos are reviewed by keyboard alone, undone, and exported', async () => {
  const { library, shownName, whole, app, getByRole } = await open(20);
  await whole();
  expect(shownName()).toBe('photo-1.jpg');
  for (let id = 1; id <= 20; id++) {
    expect(shownName()).toBe(`photo-${id}.jpg`);
    await userEvent.keyboard(id % 3 === 0 ? 'x' : 'a');
  }
  await expect.element(getByRole('heading', { name: 'All reviewed' })).toBeInTheDocument();
  const expected = Object.fromEntries(
    Array.from({ length: 20 }, (_, index) => [index + 1, (index + 1) % 3 === 0 ? 'rejected' : 'accepted']),
  );
  await until(() => JSON.stringify(library.states()) === JSON.stringify(expected));

  await userEvent.keyboard('u');
  expect(shownName()).toBe('photo-20.jpg');
  await userEvent.keyboard('u');
  expect(shownName()).toBe('photo-19.jpg');
  await until(() => library.states()[19] === 'ready' && library.states()[20] === 'ready');
  await userEvent.keyboard('xa');
  await until(() => library.states()[19] === 'rejected' && library.states()[20] === 'accepted');
  await expect.element(getByRole('heading', { name: 'All reviewed' })).toBeInTheDocument();

  await userEvent.keyboard('{ArrowLeft}');
  expect(shownName()).toBe('photo-19.jpg');
  await userEvent.keyboard('{Home}');
  expect(shownName()).toBe('photo-1.jpg');
  expect(app.router.route).toMatchObject({ view: 'review', id: 1 });
});

test('at the end the accepted photos are a key press away from their export', async () => {
  const { app, getByRole } = await open(2, { overrides: { library: { count: { count: 2 } } } });
  await userEvent.keyboard('aa');
  await getByRole('button', { name: 'Export 2 accepted photos' }).click();
  expect(app.router.route.view).toBe('export');
});

describe('the picture', () => {
  test('is the next one at once, looked at in the same way', async () => {
    const { whole, canvas, target } = await open(3);
    await whole();
    await userEvent.keyboard('b1');
    await until(
      () => placeAt(canvas(), 100, 100)?.across !== undefined && target.querySelector('.scale')?.textContent === '100%',
    );
    await drawn();
    const place = placeAt(canvas(), 300, 200)!;
    await until(() => media.asked.some((path) => path.startsWith('result/2/0/')));
    await userEvent.keyboard('a');
    await until(() => placeAt(canvas(), 300, 200)?.blue === 102);
    const next = placeAt(canvas(), 300, 200)!;
    expect(Math.abs(next.across - place.across)).toBeLessThan(2 / 255);
    expect(Math.abs(next.down - place.down)).toBeLessThan(2 / 255);
  });

  test('of the next photo is read before it is asked for', async () => {
    const { whole } = await open(2);
    await whole();
    await until(() => media.asked.includes('result/2/0/0_0?v=result-2') || media.asked.includes('result/2/1/0_0?v=result-2'));
    const before = media.asked.filter((path) => path.startsWith('result/2/')).length;
    await new Promise((resolve) => setTimeout(resolve, 300));
    await userEvent.keyboard('{ArrowRight}');
    await drawn();
    await whole();
    expect(before).toBeGreaterThan(0);
    const asked = media.asked.filter((path) => path.startsWith('result/2/') && !path.endsWith('info'));
    expect(new Set(asked).size).toBe(asked.length);
  });

  test('is the original as long as Space is held', async () => {
    const { whole, canvas } = await open(1);
    await whole();
    const right = (): number | undefined => placeAt(canvas(), 700, 300)?.blue;
    expect(right()).toBe(101);
    await userEvent.keyboard('[Space>]');
    await drawn();
    expect(right()).toBe(1);
    await userEvent.keyboard('[/Space]');
    await drawn();
    expect(right()).toBe(101);
  });
});

test('new results join at the end while one is looked at', async () => {
  const { library, events, target, shownName, whole } = await open(3);
  await whole();
  await userEvent.keyboard('{ArrowRight}');
  library.add(aResult(9, { photoId: 9, ...size }));
  events.emit('library', { changedIds: [9], listChanged: false });
  await until(() => target.querySelectorAll('nav li').length === 4);
  expect(shownName()).toBe('photo-2.jpg');
  expect(target.querySelector('nav li:last-child button')?.getAttribute('aria-label')).toBe('photo-9.jpg, to review');
});

describe('when all is reviewed', () => {
  test('a photo that was made again is shown as soon as it is there, and not the one that was accepted last', async () => {
    const library = fakeLibrary([aResult(1, { photoId: 1, ...size }), aResult(2, { photoId: 2, ...size, cached: false })]);
    const { getByRole, events, shownName, calls } = await open(2, {
      library,
      overrides: {
        library: { some: ({ ids }) => ({ photos: ids.map((id) => ({ ...aSummary(id), state: 'queued' as const })) }) },
      },
    });
    await userEvent.keyboard('{ArrowRight}');
    await getByRole('button', { name: 'Enhance again' }).click();
    await until(() => shownName() === 'photo-1.jpg');
    await userEvent.keyboard('a');
    await expect.element(getByRole('heading', { name: 'All reviewed' })).toBeVisible();
    library.add(aResult(2, { photoId: 2, ...size }));
    const job = { id: 5, kind: 'enhance' as const, photoId: 2, resultId: 2, name: 'a', priority: 0, fraction: 1 };
    events.emit('job', { ...job, status: { state: 'done' } });
    await until(() => shownName() !== '' && shownName() !== 'All reviewed');
    expect([shownName(), calls.filter(({ call }) => call === 'queue.add').length]).toEqual(['photo-2.jpg', 1]);
  });

  test('a new photo is shown, but not to somebody who looks through all once more', async () => {
    const { getByRole, library, events, shownName, target } = await open(2);
    const add = (id: number): void => {
      library.add(aResult(id, { photoId: id, ...size }));
      events.emit('library', { changedIds: [id], listChanged: false });
    };
    await userEvent.keyboard('aa');
    await expect.element(getByRole('heading', { name: 'All reviewed' })).toBeVisible();
    add(3);
    await until(() => shownName() === 'photo-3.jpg');
    await userEvent.keyboard('a');
    await getByRole('button', { name: 'Look through them again' }).click();
    await userEvent.keyboard('{Home}');
    add(4);
    await until(() => target.querySelectorAll('nav li').length === 4);
    expect(shownName()).toBe('photo-1.jpg');
  });
});

describe('what cannot be shown', () => {
  test('pixels that left the cache are asked for again, and seen when they are there', async () => {
    const library = fakeLibrary([aResult(1, { ...size, cached: false })]);
    const { getByRole, calls, events, whole, canvas } = await open(1, { library });
    await getByRole('button', { name: 'Enhance again' }).click();
    await until(() => calls.some(({ call }) => call === 'queue.add'));
    expect(calls.find(({ call }) => call === 'queue.add')?.params).toMatchObject({ choice: { ids: [1] } });
    library.add(aResult(1, size));
    const job = {
      id: 5,
      kind: 'enhance',
      photoId: 1,
      resultId: 1,
      name: 'a',
      priority: 0,
      status: { state: 'done' },
      fraction: 1,
    } as const;
    events.emit('job', job);
    await until(() => placeAt(canvas(), 700, 300)?.blue === 101);
    await whole();
  });

  test('a damaged result says so, and is tried again on demand', async () => {
    media.refuse('result/1/', 'damaged');
    const { getByRole } = await open(1);
    await expect.element(getByRole('button', { name: 'Try again' })).toBeInTheDocument();
  });

  test('the result is seen where its original is away', async () => {
    media.refuse('original/1', 'not-found');
    const { canvas, getByText } = await open(1);
    await until(() => placeAt(canvas(), 300, 300)?.blue === 101);
    await expect.element(getByText('Check that the file or drive is there', { exact: false })).toBeInTheDocument();
  });
});

describe('without anything to review', () => {
  test('the way to the library is shown', async () => {
    const { getByRole, app } = await open(0);
    await getByRole('button', { name: 'Go to the library' }).click();
    expect(app.router.route.view).toBe('library');
  });

  test('what is on the way is told', async () => {
    const { getByRole } = await open(0, { overrides: { library: { count: { count: 3 } } } });
    await expect.element(getByRole('heading', { name: '3 photos are on the way' })).toBeInTheDocument();
  });

  test('another verdict is a choice away', async () => {
    const { getByRole, app, target } = await open(0, { library: fakeLibrary([aResult(1, { state: 'rejected' })]) });
    await userEvent.click(getByRole('radio', { name: 'Rejected' }));
    expect(app.router.route.params).toEqual({ show: 'rejected' });
    await until(() => target.querySelector('h2')?.textContent === 'photo-1.jpg');
  });
});

test('two hundred photos leave no canvas behind, and only the strip that is seen in the page', async () => {
  const { target, whole, unmount } = await open(200);
  await whole();
  for (let count = 1; count <= 200; count++) {
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'a', code: 'KeyA', bubbles: true }));
    document.body.dispatchEvent(new KeyboardEvent('keyup', { key: 'a', code: 'KeyA', bubbles: true }));
    if (count % 20 === 0) await drawn();
    if (count === 100) {
      expect(canvases(document)).toHaveLength(1);
      expect(target.querySelectorAll('nav li').length).toBeLessThan(30);
    }
  }
  await until(() => target.querySelector('.compare') === null);
  expect(canvases(document)).toHaveLength(0);
  await unmount();
});

test.each(['dark', 'light'])('axe finds nothing in any mode, in the %s theme', async (theme) => {
  document.documentElement.dataset['theme'] = theme;
  const library = fakeLibrary([
    aResult(1, size),
    aResult(2, { ...size, modelId: 'photo-x2-best' }),
    aResult(3, { ...size, photoId: 3 }),
  ]);
  const { target, whole } = await open(3, { library });
  await whole();
  for (const key of ['s', 'd', 'b', 'f', 'l']) {
    await userEvent.keyboard(key);
    await drawn();
    const { violations } = await axe.run(target);
    expect(violations.map(({ id, nodes }) => `${key}: ${id} ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
  }
  delete document.documentElement.dataset['theme'];
});
