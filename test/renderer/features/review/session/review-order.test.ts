import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  firstShown,
  matchesFilter,
  neighbour,
  nextOpen,
  photosOf,
  reviewFilters,
  verdictOf,
  withAdded,
} from '../../../../../renderer/features/review/session/review-order.ts';
import { resultStates } from '../../../../../core/photo/result.ts';
import { aResult } from '../results.ts';

const ids = fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { maxLength: 20 });
const states = fc.array(fc.constantFrom(...resultStates), { minLength: 1, maxLength: 5 });

function photoOf(own: readonly (typeof resultStates)[number][]) {
  return photosOf(own.map((state, index) => aResult(index + 1, { state })))[0];
}

describe('the order', () => {
  test('keeps every photo where it is when others join, and has each of them once', () => {
    fc.assert(
      fc.property(ids, fc.array(fc.integer({ min: 1, max: 60 })), (order, added) => {
        const joined = withAdded(order, added);
        expect(joined.slice(0, order.length)).toEqual(order);
        expect(new Set(joined)).toEqual(new Set([...order, ...added]));
        expect(new Set(joined).size).toBe(joined.length);
      }),
    );
  });

  test('is the same one when nothing joins', () => {
    const order = [3, 1, 2];
    expect(withAdded(order, [1, 3])).toBe(order);
  });

  test('leads to every neighbour and back, and nowhere beyond its ends', () => {
    fc.assert(
      fc.property(ids, (order) => {
        for (const [index, id] of order.entries()) {
          expect(neighbour(order, id, 1)).toBe(order[index + 1] ?? null);
          const next = neighbour(order, id, 1);
          if (next !== null) expect(neighbour(order, next, -1)).toBe(id);
        }
        expect(neighbour(order, 99, 1)).toBeNull();
      }),
    );
  });

  test('going on from photo to photo reaches every open one, and ends', () => {
    fc.assert(
      fc.property(ids, fc.nat(), fc.func(fc.boolean()), (order, begin, isOpen) => {
        const open = new Set(order.filter((id) => isOpen(id)));
        let at: number | null = order.length === 0 ? null : (order[begin % order.length] ?? null);
        let steps = 0;
        while (at !== null) {
          open.delete(at);
          at = nextOpen(order, at, (id) => open.has(id));
          steps += 1;
        }
        expect(open.size).toBe(0);
        expect(steps).toBeLessThanOrEqual(order.length + 1);
      }),
    );
  });

  test('the next open one is the nearest after this, and only then one before', () => {
    expect(nextOpen([1, 2, 3, 4], 2, (id) => id !== 3)).toBe(4);
    expect(nextOpen([1, 2, 3, 4], 4, () => true)).toBe(1);
    expect(nextOpen([1, 2, 3, 4], 2, (id) => id === 2)).toBeNull();
    expect(nextOpen([1, 2], null, () => true)).toBe(1);
  });
});

describe('photos', () => {
  test('come in the order of their first results, without what is still to be made', () => {
    const photos = photosOf([
      aResult(5, { photoId: 2 }),
      aResult(3, { photoId: 9 }),
      aResult(1, { photoId: 4, state: 'pending' }),
      aResult(8, { photoId: 9 }),
    ]);
    expect(photos.map(({ id, results }) => [id, results.map((result) => result.id)])).toEqual([
      [9, [3, 8]],
      [2, [5]],
    ]);
  });

  test('match exactly one verdict, and everything', () => {
    fc.assert(
      fc.property(states, (own) => {
        const photo = photoOf(own);
        if (photo === undefined) return;
        const matching = reviewFilters.filter((filter) => matchesFilter(photo, filter));
        expect(matching).toEqual([...reviewFilters].filter((filter) => filter === 'all' || filter === verdictOf(photo)));
        expect(matching).toHaveLength(2);
      }),
    );
  });

  test('are open as long as one result waits, and accepted when one of them was kept', () => {
    expect(verdictOf(photoOf(['rejected', 'ready', 'accepted'])!)).toBe('open');
    expect(verdictOf(photoOf(['rejected', 'exported'])!)).toBe('accepted');
    expect(verdictOf(photoOf(['rejected', 'rejected'])!)).toBe('rejected');
  });

  test('are shown with the newest result that waits, else that was kept, else with the newest', () => {
    expect(firstShown(photoOf(['ready', 'ready', 'rejected'])!)?.id).toBe(2);
    expect(firstShown(photoOf(['accepted', 'rejected'])!)?.id).toBe(1);
    expect(firstShown(photoOf(['rejected', 'rejected'])!)?.id).toBe(2);
  });
});
