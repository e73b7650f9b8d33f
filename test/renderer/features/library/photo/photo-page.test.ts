import { describe, expect, it, vi } from 'vitest';
import { createEvents } from '../../../../../core/api/events.ts';
import { createTestDouble, type Overrides } from '../../../../../core/api/test-double.ts';
import { EnlargerError } from '../../../../../core/photo/failure.ts';
import type { PhotoPage } from '../../../../../core/photo/library-view.ts';
import { PhotoPageState } from '../../../../../renderer/features/library/photo/photo-page.svelte.ts';
import { Toasts } from '../../../../../renderer/state/toasts.svelte.ts';
import { photoPage } from './photo-pages.ts';

function setUp(show: NonNullable<Overrides['library']>['show'] = ({ id }) => photoPage(id)) {
  const events = createEvents({ check: true });
  const double = createTestDouble({ library: { show } });
  const pages = new PhotoPageState(double.client, events, new Toasts());
  return { events, pages, asked: () => double.calls.length };
}

describe('the page of a photo', () => {
  it('is that of the last photo that was asked for, whichever answer comes first', async () => {
    const first = Promise.withResolvers<PhotoPage>();
    const { pages } = setUp(({ id }) => (id === 1 ? first.promise : photoPage(id)));
    pages.show(1);
    pages.show(2);
    await vi.waitFor(() => expect(pages.page?.id).toBe(2));
    first.resolve(photoPage(1));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(pages.page?.id).toBe(2);
  });

  it('is fresh after news of this photo, once for all of them, and never after news of others', async () => {
    const { events, pages, asked } = setUp();
    pages.show(1);
    await vi.waitFor(() => expect(pages.page?.id).toBe(1));
    events.emit('library', { changedIds: [2, 3], listChanged: true });
    events.emit('library', { changedIds: [1], listChanged: false });
    events.emit('library', { changedIds: [1, 2], listChanged: false });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(asked()).toBe(2);
    pages.close();
    events.emit('library', { changedIds: [1], listChanged: false });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(asked()).toBe(2);
  });

  it('is gone when the photo is', async () => {
    const { pages } = setUp(({ id }) => {
      if (id === 9) throw new EnlargerError('not-found', 'There is no photo with the number 9.');
      return photoPage(id);
    });
    pages.show(9);
    await vi.waitFor(() => expect(pages.gone).toBe(true));
    pages.show(1);
    expect(pages.gone).toBe(false);
  });
});
