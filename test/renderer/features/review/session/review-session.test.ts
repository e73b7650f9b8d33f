import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createEvents } from '../../../../../core/api/events.ts';
import { createTestDouble, type Overrides } from '../../../../../core/api/test-double.ts';
import { EnlargerError } from '../../../../../core/photo/failure.ts';
import type { ResultView } from '../../../../../core/photo/library-view.ts';
import { ReviewSession, type ReviewScope } from '../../../../../renderer/features/review/session/review-session.svelte.ts';
import { Toasts } from '../../../../../renderer/state/toasts.svelte.ts';
import { fakeLibrary, type FakeLibrary } from '../fake-library.ts';
import { aResult } from '../results.ts';

const all: ReviewScope = { filter: 'open', album: null };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

async function open(library: FakeLibrary, scope = all, overrides: Overrides = {}) {
  const events = createEvents({ check: true });
  const toasts = new Toasts();
  const double = createTestDouble({ review: { ...library.review, ...overrides.review }, library: { ...overrides.library } });
  const session = new ReviewSession(double.client, events, toasts);
  await session.open(scope);
  const news = async (...changedIds: number[]): Promise<void> => {
    events.emit('library', { changedIds, listChanged: false });
    await vi.advanceTimersByTimeAsync(500);
  };
  const rest = (): Promise<unknown> => vi.advanceTimersByTimeAsync(500);
  return { session, events, toasts, double, news, rest };
}

function three(): ResultView[] {
  return [1, 2, 3].map((id) => aResult(id, { photoId: id }));
}

describe('a review', () => {
  test('begins with the first photo that waits, or with the one it was asked for', async () => {
    const library = fakeLibrary([aResult(1, { photoId: 1, state: 'accepted' }), ...three().slice(1)]);
    const { session } = await open(library);
    expect(session.order).toEqual([2, 3]);
    expect(session.currentId).toBe(2);
    const double = createTestDouble({ review: library.review });
    const other = new ReviewSession(double.client, createEvents(), new Toasts());
    await other.open(all, 3);
    expect(other.currentId).toBe(3);
  });

  test('goes on by itself from verdict to verdict, and stays at the last photo', async () => {
    const { session, rest } = await open(fakeLibrary(three()));
    session.judge('accept');
    expect(session.currentId).toBe(2);
    session.judge('reject');
    session.judge('accept');
    expect(session.currentId).toBe(3);
    expect([session.openCount, session.acceptedCount, session.rejectedCount]).toEqual([0, 2, 1]);
    await rest();
    expect([session.openCount, session.acceptedCount, session.rejectedCount]).toEqual([0, 2, 1]);
  });

  test('comes back to what was passed over', async () => {
    const { session } = await open(fakeLibrary(three()));
    session.step(1);
    session.judge('accept');
    session.judge('accept');
    expect(session.currentId).toBe(1);
  });

  test('keeps photos with a verdict where they are, so that one can go back', async () => {
    const { session } = await open(fakeLibrary(three()));
    session.judge('reject');
    expect(session.order).toEqual([1, 2, 3]);
    session.step(-1);
    expect(session.currentId).toBe(1);
    expect(session.verdict(1)).toBe('rejected');
  });

  test('shows the other result of a photo when one of them was rejected, and goes on after the last', async () => {
    const { session } = await open(fakeLibrary([aResult(1), aResult(2), aResult(3, { photoId: 2 })]));
    expect(session.shown?.id).toBe(2);
    session.judge('reject');
    expect(session.currentId).toBe(1);
    expect(session.shown?.id).toBe(1);
    session.judge('reject');
    expect(session.currentId).toBe(2);
  });
});

describe('undoing', () => {
  test('takes verdicts back one by one, in the program as well, and shows what they were about', async () => {
    const library = fakeLibrary([...three(), aResult(4, { photoId: 1 })]);
    const { session, rest } = await open(library);
    session.judge('accept');
    session.judge('reject');
    session.judge('accept');
    await rest();
    expect(library.states()).toEqual({ 1: 'rejected', 2: 'rejected', 3: 'accepted', 4: 'accepted' });
    expect(session.undo()?.photoId).toBe(3);
    expect(session.undo()?.photoId).toBe(2);
    expect(session.currentId).toBe(2);
    expect(session.undo()?.resultId).toBe(4);
    expect(session.undo()).toBeNull();
    await rest();
    expect(library.states()).toEqual({ 1: 'ready', 2: 'ready', 3: 'ready', 4: 'ready' });
    expect(session.openCount).toBe(3);
  });

  test('brings back the verdict that there was before', async () => {
    const library = fakeLibrary([aResult(1, { state: 'accepted' })]);
    const { session, rest } = await open(library, { filter: 'accepted', album: null });
    session.judge('reject');
    session.undo();
    await rest();
    expect(library.states()).toEqual({ 1: 'accepted' });
  });

  test('reaches the program after what it undoes, however long that takes', async () => {
    const library = fakeLibrary(three());
    const accept = vi.fn(async (params: { ids?: number[] | undefined }) => {
      await new Promise((resolve) => setTimeout(resolve, 1000));
      return library.review.accept(params);
    });
    const { session } = await open(library, all, { review: { accept } });
    session.judge('accept');
    session.undo();
    await vi.advanceTimersByTimeAsync(2000);
    expect(library.states()[1]).toBe('ready');
  });
});

test('a verdict that the program refuses is taken back and told', async () => {
  const library = fakeLibrary(three());
  const { session, toasts, rest } = await open(library, all, { review: { accept: new EnlargerError('conflict', 'Not now.') } });
  session.judge('accept');
  expect(session.verdict(1)).toBe('accepted');
  await rest();
  expect(session.verdict(1)).toBe('open');
  expect(session.verdicts).toEqual([]);
  expect(toasts.shown.map(({ text }) => text)).toEqual(['Not now.']);
});

describe('news', () => {
  test('of new results join at the end, and move nothing that is looked at', async () => {
    const library = fakeLibrary(three());
    const { session, news } = await open(library);
    session.step(1);
    library.add(aResult(9, { photoId: 7 }), aResult(8, { photoId: 5 }));
    await news(5, 7);
    expect(session.order).toEqual([1, 2, 3, 5, 7]);
    expect(session.currentId).toBe(2);
  });

  test('of a further result of a photo leave the photo at its place', async () => {
    const library = fakeLibrary(three());
    const { session, news } = await open(library);
    library.add(aResult(9, { photoId: 1 }));
    await news(1);
    expect(session.order).toEqual([1, 2, 3]);
    expect(session.photo(1)?.results).toHaveLength(2);
  });

  test('of photos that left the library take them out, and go on beside them', async () => {
    const library = fakeLibrary(three());
    const { session, news } = await open(library);
    session.step(1);
    library.remove(2);
    await news(2);
    expect(session.order).toEqual([1, 3]);
    expect(session.currentId).toBe(3);
  });

  test('do not bring back what was just decided', async () => {
    const library = fakeLibrary(three());
    const accept = async (params: { ids?: number[] | undefined }) => {
      await new Promise((resolve) => setTimeout(resolve, 1000));
      return library.review.accept(params);
    };
    const { session, news, rest } = await open(library, all, { review: { accept } });
    session.judge('accept');
    await news(1);
    expect(session.verdict(1)).toBe('accepted');
    await rest();
    await rest();
    expect(session.verdict(1)).toBe('accepted');
  });

  test('that come while a verdict is on its way are not lost', async () => {
    const library = fakeLibrary(three());
    const accept = async (params: { ids?: number[] | undefined }) => {
      await new Promise((resolve) => setTimeout(resolve, 1000));
      return library.review.accept(params);
    };
    const { session, news } = await open(library, all, { review: { accept } });
    session.judge('accept');
    library.add(aResult(9, { photoId: 9 }));
    await news(9);
    await vi.advanceTimersByTimeAsync(2000);
    expect(session.order).toEqual([1, 2, 3, 9]);
  });

  test('that were missed are caught up with', async () => {
    const library = fakeLibrary(three());
    const { session, rest } = await open(library);
    library.add(aResult(9, { photoId: 9 }), aResult(1, { photoId: 1, state: 'accepted' }));
    library.remove(3);
    await session.catchUp();
    await rest();
    expect(session.order).toEqual([1, 2, 9]);
    expect(session.verdict(1)).toBe('accepted');
  });

  test('begin a review that had nothing to show', async () => {
    const library = fakeLibrary([]);
    const { session, news } = await open(library);
    expect(session.order).toEqual([]);
    library.add(aResult(1));
    await news(1);
    expect(session.currentId).toBe(1);
  });
});

describe('a photo that is made again', () => {
  const queued = { library: { some: { photos: [aSummary(1, 'queued')] } } };

  test('waits apart until it is there, and the review goes on', async () => {
    const library = fakeLibrary(three());
    const { session, events } = await open(library, all, queued);
    expect(await session.awaitAnother()).toBe(true);
    expect(session.currentId).toBe(2);
    expect(session.openCount).toBe(2);
    session.judge('accept');
    session.judge('accept');
    expect(session.openCount).toBe(0);
    library.add(aResult(9, { photoId: 1 }));
    const job = {
      id: 5,
      kind: 'enhance',
      photoId: 1,
      resultId: 9,
      name: 'a.jpg',
      priority: 0,
      status: { state: 'done' },
      fraction: 1,
    } as const;
    events.emit('job', job);
    await vi.advanceTimersByTimeAsync(500);
    expect(session.openCount).toBe(1);
    expect(session.photo(1)?.results).toHaveLength(2);
  });

  test('comes back together with what was made of it, however early somebody judges', async () => {
    const library = fakeLibrary(three());
    const { session, events, rest } = await open(library, all, queued);
    await session.awaitAnother();
    session.judge('accept');
    session.judge('accept');
    await rest();
    library.add(aResult(9, { photoId: 1 }));
    const status = { state: 'done' } as const;
    events.emit('job', { id: 5, kind: 'enhance', photoId: 1, resultId: 9, name: 'a.jpg', priority: 0, status, fraction: 1 });
    // Until the new result is known, nothing of the photo waits that could be judged instead.
    for (let waited = 0; session.openCount === 0 && waited < 1000; waited += 1) await vi.advanceTimersByTimeAsync(1);
    expect(session.openCount).toBe(1);
    session.goToOpen();
    expect(session.shown?.id).toBe(9);
    session.judge('accept');
    await rest();
    expect(session.openCount).toBe(0);
    expect(library.states()[9]).toBe('accepted');
  });

  test('comes back when nothing can be asked about it', async () => {
    const library = fakeLibrary(three());
    let isLost = false;
    const list: FakeLibrary['review']['list'] = (params) => {
      if (isLost) throw new EnlargerError('internal', 'Start Enlarger again.');
      return library.review.list(params);
    };
    const { session, events, rest } = await open(library, all, { ...queued, review: { list } });
    await session.awaitAnother();
    expect(session.openCount).toBe(2);
    isLost = true;
    const status = { state: 'done' } as const;
    events.emit('job', { id: 5, kind: 'enhance', photoId: 1, resultId: 9, name: 'a.jpg', priority: 0, status, fraction: 1 });
    await rest();
    expect(session.openCount).toBe(3);
  });

  test('does not wait for what is there already', async () => {
    const { session } = await open(fakeLibrary(three()), all, { library: { some: { photos: [aSummary(1, 'ready')] } } });
    expect(await session.awaitAnother()).toBe(false);
    expect(session.currentId).toBe(1);
    expect(session.openCount).toBe(3);
  });
});

describe('another list of photos', () => {
  test('begins anew, and leaves the way back open', async () => {
    const library = fakeLibrary(three());
    const { session, rest } = await open(library);
    session.judge('reject');
    await rest();
    await session.open({ filter: 'open', album: null });
    expect(session.order).toEqual([2, 3]);
    expect(session.undo()?.name).toBe('photo-1.jpg');
    expect(session.currentId).toBe(2);
    await rest();
    expect(library.states()[1]).toBe('ready');
    expect(session.order).toEqual([2, 3, 1]);
  });

  test('is not overtaken by the answer about the one before', async () => {
    const library = fakeLibrary([aResult(1), aResult(2, { photoId: 2, state: 'rejected' })]);
    const slow = async (params: { state?: string | undefined; photoIds?: number[] | undefined }) => {
      if (params.state === 'ready') await new Promise((resolve) => setTimeout(resolve, 1000));
      return library.review.list(params);
    };
    const double = createTestDouble({ review: { ...library.review, list: slow } });
    const other = new ReviewSession(double.client, createEvents(), new Toasts());
    const first = other.open(all);
    await other.open({ filter: 'rejected', album: null });
    await vi.advanceTimersByTimeAsync(2000);
    await first;
    expect(other.order).toEqual([2]);
  });
});

test.each([
  ['open', [1]],
  ['accepted', [2, 3]],
  ['rejected', [4]],
  ['all', [1, 2, 3, 4]],
] as const)('%s shows the photos with that verdict', async (filter, ids) => {
  const states = ['ready', 'accepted', 'exported', 'rejected'] as const;
  const library = fakeLibrary(states.map((state, index) => aResult(index + 1, { photoId: index + 1, state })));
  expect((await open(library, { filter, album: null })).session.order).toEqual([...ids]);
});

test('an album asks for its own photos alone', async () => {
  const { double } = await open(fakeLibrary(three()), { filter: 'open', album: 'Norway' });
  expect(double.calls[0]).toEqual({ call: 'review.list', params: { state: 'ready', choice: { album: 'Norway' } } });
});

function aSummary(id: number, state: 'queued' | 'ready') {
  return {
    ...{ id, name: 'a.jpg', path: '/a.jpg', width: 1, height: 1, fileBytes: 1, takenAt: null, rating: 0, favourite: false },
    ...{ state, thumbnailKey: null },
  };
}
