import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rowOf } from '../../../../../renderer/features/library/grid/find-in-layout.ts';
import { at, moved, type GridMove } from '../../../../../renderer/features/library/grid/grid-moves.ts';
import { justify } from '../../../../../renderer/features/library/grid/justify.ts';

const shape = { width: 900, rowHeight: 200, gap: 6, headHeight: 40, headWidth: 150 };
const layoutArbitrary = fc
  .array(fc.array(fc.integer({ min: 400, max: 2500 }), { minLength: 1, maxLength: 30 }), { minLength: 1, maxLength: 8 })
  .map((days) => justify({ ratios: days.flat(), days: days.map(({ length }) => ({ day: null, count: length })) }, shape));
const placed = layoutArbitrary.chain((layout) =>
  fc.record({ layout: fc.constant(layout), index: fc.nat({ max: layout.count - 1 }) }),
);
const moves: readonly GridMove[] = ['left', 'right', 'up', 'down', 'pageUp', 'pageDown', 'start', 'end'];

describe('a move in the grid', () => {
  it('always ends at a photo', () => {
    fc.assert(
      fc.property(placed, fc.array(fc.constantFrom(...moves), { maxLength: 20 }), ({ layout, index }, steps) => {
        let place = at(layout, index);
        for (const step of steps) {
          place = moved(layout, place, step, 700);
          expect(place.index).toBeGreaterThanOrEqual(0);
          expect(place.index).toBeLessThan(layout.count);
        }
      }),
    );
  });

  it('up and down goes by exactly one row, and back to where it began', () => {
    fc.assert(
      fc.property(placed, ({ layout, index }) => {
        const start = at(layout, index);
        const below = moved(layout, start, 'down', 700);
        const row = rowOf(layout, index);
        expect(rowOf(layout, below.index)).toBe(Math.min(layout.rows - 1, row + 1));
        if (row < layout.rows - 1) expect(moved(layout, below, 'up', 700).index).toBe(index);
      }),
    );
  });

  it('by a page goes at least one row and at most a page', () => {
    fc.assert(
      fc.property(placed, fc.integer({ min: 100, max: 2000 }), ({ layout, index }, page) => {
        const from = rowOf(layout, index);
        const to = rowOf(layout, moved(layout, at(layout, index), 'pageDown', page).index);
        if (from === layout.rows - 1) expect(to).toBe(from);
        else expect(to).toBeGreaterThan(from);
        const distance = layout.rowTops[to]! - layout.rowTops[from]!;
        expect(to === from + 1 || distance <= page).toBe(true);
      }),
    );
  });

  it('through all photos to the right comes to the last', () => {
    fc.assert(
      fc.property(layoutArbitrary, (layout) => {
        let place = moved(layout, at(layout, 0), 'start', 0);
        for (let count = 1; count < layout.count; count++) place = moved(layout, place, 'right', 0);
        expect(place.index).toBe(moved(layout, place, 'end', 0).index);
      }),
    );
  });
});
