import { flushSync } from 'svelte';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createEvents } from '../../../core/api/events.ts';
import { createTestDouble, type Overrides } from '../../../core/api/test-double.ts';
import { EnlargerError } from '../../../core/photo/failure.ts';
import type { Outline } from '../../../core/photo/library-view.ts';
import { PhotoList } from '../../../renderer/state/photo-list.svelte.ts';
import { Router } from '../../../renderer/state/router.svelte.ts';
import { Toasts } from '../../../renderer/state/toasts.svelte.ts';

function outlineOf(...ids: number[]): Outline {
  return { ids, ratios: ids.map(() => 1500), days: [{ day: '2019-07-14', count: ids.length }] };
}

function setUp(outline: NonNullable<Overrides['library']>['outline'] = outlineOf(3, 2, 1)) {
  const events = createEvents({ check: true });
  const router = new Router();
  const toasts = new Toasts();
  const double = createTestDouble({ library: { outline } });
  const list = new PhotoList(double.client, events, router, toasts);
  flushSync();
  const asked = (): unknown[] => double.calls.map(({ params }) => params);
  return { events, router, toasts, list, asked };
}

beforeEach(() => history.replaceState(null, '', '#/library'));

describe('the list', () => {
  it('asks for what the address says, newest first', async () => {
    history.replaceState(null, '', '#/library?album=Norway');
    const { list, asked } = setUp();
    await vi.waitFor(() => expect(list.outline?.ids).toEqual([3, 2, 1]));
    expect(asked()).toEqual([{ album: 'Norway', sort: 'taken', descending: true }]);
    expect(list.loading).toBe(false);
  });

  it('follows the address, and not to views that show no photos', async () => {
    const { list, asked, router } = setUp();
    router.go({ view: 'library', params: { minRating: '3' } });
    flushSync();
    router.go({ view: 'queue' });
    flushSync();
    expect(list.filter).toEqual({ minRating: 3 });
    await vi.waitFor(() => expect(asked()).toHaveLength(2));
  });

  it('is not asked for again by going to a photo of it and back', async () => {
    const { list, asked, router } = setUp();
    await vi.waitFor(() => expect(list.outline).not.toBeNull());
    list.scrollPlace = { id: 2, index: 1, offsetPx: 10 };
    router.go({ view: 'photo', id: 2 });
    flushSync();
    router.go({ view: 'library' });
    flushSync();
    expect(asked()).toHaveLength(1);
    expect(list.scrollPlace).toEqual({ id: 2, index: 1, offsetPx: 10 });
  });

  it('ignores an answer that comes after the one to a later question', async () => {
    const first = Promise.withResolvers<Outline>();
    const { list, router } = setUp(({ album }) => (album === undefined ? first.promise : outlineOf(9)));
    router.go({ view: 'library', params: { album: 'Norway' } });
    flushSync();
    await vi.waitFor(() => expect(list.outline?.ids).toEqual([9]));
    first.resolve(outlineOf(1, 2));
    await pause(20);
    expect(list.outline?.ids).toEqual([9]);
  });

  it('keeps the photos it has until the next ones are there', async () => {
    const second = Promise.withResolvers<Outline>();
    const { list, router } = setUp(({ album }) => (album === undefined ? outlineOf(1) : second.promise));
    await vi.waitFor(() => expect(list.size).toBe(1));
    router.go({ view: 'library', params: { album: 'Norway' } });
    flushSync();
    expect(list.loading).toBe(true);
    expect(list.outline?.ids).toEqual([1]);
    second.resolve(outlineOf(4, 5));
    await vi.waitFor(() => expect(list.size).toBe(2));
  });

  it('asks once for a burst of news, and not at all for news that change no list', async () => {
    const { list, asked, events } = setUp();
    await vi.waitFor(() => expect(list.outline).not.toBeNull());
    events.emit('library', { changedIds: [1], listChanged: false });
    for (let times = 0; times < 20; times++) events.emit('library', { changedIds: [], listChanged: true });
    await vi.waitFor(() => expect(asked()).toHaveLength(2), { timeout: 3000 });
    await pause(700);
    expect(asked()).toHaveLength(2);
  });

  it('asks again when a change of a photo may take it out of the list', async () => {
    history.replaceState(null, '', '#/library?state=ready');
    const { asked, events } = setUp();
    events.emit('library', { changedIds: [1], listChanged: false });
    await vi.waitFor(() => expect(asked()).toHaveLength(2), { timeout: 3000 });
  });

  it('knows the place of each photo', async () => {
    const { list } = setUp();
    await vi.waitFor(() => expect(list.outline).not.toBeNull());
    expect([3, 1, 99].map((id) => list.position(id))).toEqual([0, 2, -1]);
  });

  it('means a whole album by its name, and everything else by numbers', async () => {
    const { list, router } = setUp();
    await vi.waitFor(() => expect(list.outline).not.toBeNull());
    expect(list.choice).toEqual({ ids: [3, 2, 1] });
    router.go({ view: 'library', params: { album: 'Norway' } });
    expect(list.choice).toEqual({ album: 'Norway' });
    router.go({ view: 'library', params: { album: 'Norway', minRating: '3' } });
    expect(list.choice).toEqual({ ids: [3, 2, 1] });
  });

  it('leaves an album that is not there any more', async () => {
    history.replaceState(null, '', '#/library?album=Gone');
    const { toasts, router } = setUp(({ album }) => {
      if (album !== undefined) throw new EnlargerError('not-found', 'There is no album "Gone".');
      return outlineOf(1);
    });
    await vi.waitFor(() => expect(router.route.params).toEqual({}));
    expect(toasts.shown.map(({ text }) => text)).toEqual(['There is no album "Gone".']);
  });
});

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}
