import { describe, expect, it, vi } from 'vitest';
import { createEvents } from '../../../core/api/events.ts';
import { createTestDouble, type Overrides } from '../../../core/api/test-double.ts';
import { EnlargerError } from '../../../core/photo/failure.ts';
import { Photos } from '../../../renderer/state/photos.svelte.ts';
import { photoSummary } from './photo-summaries.ts';

function setUp(overrides: Overrides['library'] = {}, kept?: number) {
  const events = createEvents({ check: true });
  const double = createTestDouble({
    library: { some: ({ ids }) => ({ photos: ids.map((id) => photoSummary(id)) }), ...overrides },
  });
  const photos = new Photos(double.client, events, kept === undefined ? {} : { kept });
  const asked = (): number[][] =>
    double.calls.filter(({ call }) => call === 'library.some').map(({ params }) => (params as { ids: number[] }).ids);
  return { events, photos, asked, calls: double.calls };
}

describe('summaries of photos', () => {
  it('are asked for together, once, and are then there', async () => {
    const { photos, asked } = setUp();
    photos.want([1, 2]);
    photos.want([2, 3]);
    expect(photos.get(1)).toBeUndefined();
    await vi.waitFor(() => expect(photos.get(3)?.name).toBe('IMG_0003.jpg'));
    photos.want([1, 2, 3]);
    await pause();
    expect(asked().map((ids) => ids.toSorted())).toEqual([[1, 2, 3]]);
  });

  it('are asked for in calls of 500, what was wanted last first', async () => {
    const { photos, asked } = setUp();
    photos.want(numbers(1, 1200));
    await vi.waitFor(() => expect(photos.get(1)).toBeDefined());
    expect(asked().map(({ length }) => length)).toEqual([500, 500, 200]);
    expect(asked()[0]?.[0]).toBe(1200);
  });

  it('stay within bounds when 10,000 photos are scrolled by, and keep those that were wanted last', async () => {
    const { photos, asked } = setUp({}, 1000);
    for (let first = 1; first <= 10_000; first += 250) {
      photos.want(numbers(first, first + 249));
      await vi.waitFor(() => expect(photos.get(first)).toBeDefined());
    }
    const known = numbers(1, 10_000).filter((id) => photos.get(id) !== undefined);
    expect(known).toEqual(numbers(9001, 10_000));
    expect(asked().flat()).toHaveLength(10_000);
  });

  it('count as wanted again when they are known', async () => {
    const { photos } = setUp({}, 100);
    photos.want(numbers(1, 100));
    await vi.waitFor(() => expect(photos.get(1)).toBeDefined());
    photos.want([1]);
    photos.want(numbers(101, 199));
    await vi.waitFor(() => expect(photos.get(199)).toBeDefined());
    expect(photos.get(1)).toBeDefined();
    expect(photos.get(2)).toBeUndefined();
  });

  it('are not asked for when nobody can still want them', async () => {
    const { photos, asked } = setUp({}, 100);
    photos.want(numbers(1, 100));
    photos.want(numbers(101, 200));
    await vi.waitFor(() => expect(photos.get(200)).toBeDefined());
    expect(asked().flat()).toHaveLength(100);
  });

  it('are fresh after news, and news of unknown photos cost nothing', async () => {
    let rating = 1;
    const { photos, asked, events } = setUp({ some: ({ ids }) => ({ photos: ids.map((id) => photoSummary(id, { rating })) }) });
    photos.want([7]);
    await vi.waitFor(() => expect(photos.get(7)?.rating).toBe(1));
    rating = 4;
    events.emit('library', { changedIds: [7, 8, 9], listChanged: false });
    await vi.waitFor(() => expect(photos.get(7)?.rating).toBe(4));
    expect(asked()).toEqual([[7], [7]]);
  });

  it('are asked for again when news come while they are being asked for', async () => {
    const gate = Promise.withResolvers<undefined>();
    let rating = 1;
    const { photos, events } = setUp({
      some: async ({ ids }) => {
        const answer = { photos: ids.map((id) => photoSummary(id, { rating })) };
        await gate.promise;
        return answer;
      },
    });
    photos.want([7]);
    await pause();
    rating = 2;
    events.emit('library', { changedIds: [7], listChanged: false });
    gate.resolve(undefined);
    await vi.waitFor(() => expect(photos.get(7)?.rating).toBe(2));
  });

  it('go when the photo is gone', async () => {
    let there = true;
    const { photos, events } = setUp({ some: ({ ids }) => ({ photos: there ? ids.map((id) => photoSummary(id)) : [] }) });
    photos.want([7]);
    await vi.waitFor(() => expect(photos.get(7)).toBeDefined());
    there = false;
    events.emit('library', { changedIds: [7], listChanged: true });
    await vi.waitFor(() => expect(photos.get(7)).toBeUndefined());
  });

  it('come when the host is back, if they were wanted while it was away', async () => {
    let away = true;
    const { photos } = setUp({
      some: ({ ids }) => {
        if (away) throw new EnlargerError('internal', 'The program does not answer.');
        return { photos: ids.map((id) => photoSummary(id)) };
      },
    });
    photos.want([7]);
    await pause();
    expect(photos.get(7)).toBeUndefined();
    away = false;
    photos.forget();
    await vi.waitFor(() => expect(photos.get(7)).toBeDefined());
  });
});

describe('a rating', () => {
  it('is shown at once', async () => {
    const { photos, calls } = setUp();
    photos.want([1]);
    await vi.waitFor(() => expect(photos.get(1)).toBeDefined());
    const saved = photos.rate([1], 5);
    expect(photos.get(1)?.rating).toBe(5);
    await saved;
    expect(calls.at(-1)).toEqual({ call: 'library.rate', params: { ids: [1], rating: 5 } });
  });

  it('is taken back when the host refuses it', async () => {
    const { photos } = setUp({ favour: new EnlargerError('not-found', 'There is no such photo.') });
    photos.want([1]);
    await vi.waitFor(() => expect(photos.get(1)).toBeDefined());
    await expect(photos.favour([1], true)).rejects.toThrow('no such photo');
    await vi.waitFor(() => expect(photos.get(1)?.favourite).toBe(false));
  });
});

function numbers(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/** Longer than calls are gathered. */
async function pause(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 60));
}
