import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { photoSorts } from '../../../core/photo/library-view.ts';
import { photoStates } from '../../../core/photo/result.ts';
import { filterParams, isNarrowed, orderOf, parseFilter, type PhotoFilter } from '../../../renderer/state/photo-filter.ts';

const words = fc.string({ minLength: 1, maxLength: 40 }).filter((text) => text.trim() !== '');
const filterArbitrary: fc.Arbitrary<PhotoFilter> = fc.record(
  {
    text: words,
    album: words,
    rootId: fc.integer({ min: 1, max: 1000 }),
    state: fc.constantFrom(...photoStates),
    enhanced: fc.boolean(),
    favourite: fc.boolean(),
    minRating: fc.integer({ min: 0, max: 5 }),
    sort: fc.constantFrom(...photoSorts),
    descending: fc.boolean(),
  },
  { requiredKeys: [] },
);

describe('a filter in the address', () => {
  it('is the same when it is read again, through the address of a page', () => {
    fc.assert(
      fc.property(filterArbitrary, (filter) => {
        const query = new URLSearchParams(filterParams(filter)).toString();
        expect(parseFilter(Object.fromEntries(new URLSearchParams(query)))).toEqual(filter);
      }),
    );
  });

  it('loses nothing but what cannot be read', () => {
    expect(
      parseFilter({ album: 'Norway', minRating: 'many', state: 'sunny', sort: 'mood', text: ' ', rootId: '0', strange: '1' }),
    ).toEqual({
      album: 'Norway',
    });
  });

  it('writes no words for what is undefined', () => {
    expect(filterParams({ album: undefined, favourite: false })).toEqual({ favourite: '0' });
  });
});

it('orders names from A to Z and everything else with the newest and best first, unless asked otherwise', () => {
  expect(orderOf({})).toEqual({ sort: 'taken', descending: true });
  expect(orderOf({ sort: 'name' })).toEqual({ sort: 'name', descending: false });
  expect(orderOf({ sort: 'rating', descending: false })).toEqual({ sort: 'rating', descending: false });
});

it('knows a whole place from a narrowed one', () => {
  expect(isNarrowed({ album: 'Norway', sort: 'name' })).toBe(false);
  expect(isNarrowed({ album: 'Norway', minRating: 3 })).toBe(true);
  expect(isNarrowed({ text: 'fjord' })).toBe(true);
});
