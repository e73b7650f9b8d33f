import { describe, expect, it, vi } from 'vitest';
import { createEvents } from '../../../core/api/events.ts';
import { createTestDouble, type Overrides } from '../../../core/api/test-double.ts';
import { EnlargerError } from '../../../core/photo/failure.ts';
import { Places } from '../../../renderer/state/places.svelte.ts';
import { Toasts } from '../../../renderer/state/toasts.svelte.ts';

function setUp(overrides: Overrides = {}) {
  const events = createEvents({ check: true });
  const toasts = new Toasts();
  const double = createTestDouble(overrides);
  return { events, toasts, places: new Places(double.client, events, toasts), calls: double.calls };
}

describe('the places', () => {
  it('are counted each by its own filter', async () => {
    const counts = { all: 100, favourites: 20, toReview: 3, enhanced: 40, failed: 1 };
    const { places } = setUp({
      library: {
        count: ({ favourite, state, enhanced }) => {
          if (favourite === true) return { count: counts.favourites };
          if (enhanced === true) return { count: counts.enhanced };
          return { count: state === 'ready' ? counts.toReview : state === 'failed' ? counts.failed : counts.all };
        },
      },
    });
    await vi.waitFor(() => expect(places.counts).toEqual(counts));
  });

  it('are counted once for a burst of news', async () => {
    const { events, calls } = setUp();
    const asked = (): number => calls.filter(({ call }) => call === 'album.list').length;
    for (let times = 0; times < 50; times++) events.emit('library', { changedIds: [1], listChanged: true });
    await vi.waitFor(() => expect(asked()).toBe(2), { timeout: 3000 });
  });

  it('ignore an answer that comes after the one to a later question', async () => {
    const first = Promise.withResolvers<{ albums: [] }>();
    let times = 0;
    const { places } = setUp({
      album: {
        list: () => {
          times += 1;
          return times === 1 ? first.promise : { albums: [{ name: 'Norway', photos: 1, createdMs: 0 }] };
        },
      },
    });
    places.reload();
    await vi.waitFor(() => expect(places.albums).toHaveLength(1));
    first.resolve({ albums: [] });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(places.albums).toHaveLength(1);
  });

  it('keep what they show when they cannot be counted, and say so', async () => {
    const { places, toasts } = setUp({ library: { roots: new EnlargerError('internal', 'No answer.') } });
    await vi.waitFor(() => expect(toasts.shown.map(({ text }) => text)).toEqual(['No answer.']));
    expect(places.counts).toBeNull();
  });
});
