import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { middleOf, nearestInRow, rowAt, rowOf, sectionAt } from '../../../../../renderer/features/library/grid/find-in-layout.ts';
import { justify, type GridLayout, type GridShape } from '../../../../../renderer/features/library/grid/justify.ts';
import { shownRatio } from '../../../../../renderer/features/library/grid/row-writer.ts';

const gap = 6;
const headHeight = 40;
const usual: GridShape = { width: 1000, rowHeight: 200, gap, headHeight, headWidth: 150 };

const listArbitrary = fc
  .array(
    fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 60_000 }), fc.integer({ min: 400, max: 2500 })), {
      maxLength: 60,
    }),
    {
      maxLength: 12,
    },
  )
  .map((sections) => ({
    ratios: sections.flat(),
    days: sections
      .filter(({ length }) => length > 0)
      .map(({ length }, index) => ({ day: `2020-01-${index + 10}`, count: length })),
  }));
const shapeArbitrary = fc.record({
  width: fc.integer({ min: 200, max: 3000 }),
  rowHeight: fc.integer({ min: 80, max: 480 }),
  gap: fc.constant(gap),
  headHeight: fc.constantFrom(0, headHeight),
  headWidth: fc.constantFrom(0, 150),
});

function always(check: (layout: GridLayout, shape: GridShape, ratios: readonly number[]) => void): void {
  fc.assert(fc.property(listArbitrary, shapeArbitrary, (list, shape) => check(justify(list, shape), shape, list.ratios)));
}

function rowsOf(layout: GridLayout): number[][] {
  return Array.from({ length: layout.rows }, (_, row) => {
    const [from, to] = [layout.rowStarts[row]!, layout.rowStarts[row + 1]!];
    return Array.from({ length: to - from }, (_photo, index) => from + index);
  });
}

describe('a justified layout', () => {
  it('has every photo exactly once, in the order of the list', () => {
    always((layout, _shape, ratios) => {
      expect(rowsOf(layout).flat()).toEqual(ratios.map((_, index) => index));
      expect(rowsOf(layout).every((row) => row.length > 0)).toBe(true);
    });
  });

  it('puts photos of a day beside each other with exactly one gap between them, and days further apart', () => {
    always((layout) => {
      const starts = new Set(layout.sections.map(({ first }) => first));
      for (const row of rowsOf(layout)) {
        expect(layout.lefts[row[0]!]).toBe(0);
        for (const index of row.slice(1)) {
          const between = layout.lefts[index]! - layout.lefts[index - 1]! - layout.widths[index - 1]!;
          if (starts.has(index)) expect(between).toBeGreaterThan(gap);
          else expect(between).toBe(gap);
        }
      }
    });
  });

  it('fills each row to the last pixel, but for the last one of a day, which is never wider', () => {
    always((layout, { width }) => {
      const lastRows = new Set(layout.sections.map(({ first, count }) => rowOf(layout, first + count - 1)));
      rowsOf(layout).forEach((row, number) => {
        const last = row.at(-1)!;
        const right = layout.lefts[last]! + layout.widths[last]!;
        if (lastRows.has(number)) expect(right).toBeLessThanOrEqual(width);
        else expect(right).toBe(width);
      });
    });
  });

  it('keeps the shape of each photo to half a pixel on each edge', () => {
    always((layout, _shape, ratios) => {
      for (const row of rowsOf(layout)) {
        const height = layout.rowHeights[rowOf(layout, row[0]!)]!;
        for (const index of row) {
          const wanted = shownRatio(ratios[index]!);
          expect(Math.abs(layout.widths[index]! - wanted * height)).toBeLessThanOrEqual(1 + wanted / 2);
        }
      }
    });
  });

  it('lets no section and no row overlap another', () => {
    always((layout, shape) => {
      layout.sections.forEach((section, number) => {
        const before = layout.sections[number - 1];
        if (before?.top === section.top) expect(section.left).toBeGreaterThan(before.left + before.width);
        else if (before !== undefined) expect(section.top).toBeGreaterThan(before.top + before.height);
        expect(layout.rowTops[section.firstRow]).toBe(section.top + shape.headHeight);
        expect(section.left + section.width).toBeLessThanOrEqual(Math.max(shape.width, section.left));
      });
      for (let row = 1; row < layout.rows; row++) {
        expect(layout.rowTops[row]! - layout.rowTops[row - 1]! - layout.rowHeights[row - 1]!).toBeGreaterThanOrEqual(gap);
      }
      const last = layout.sections.at(-1);
      expect(layout.height).toBe(last === undefined ? 0 : last.top + last.height);
    });
  });

  it('has each photo within its section', () => {
    always((layout) => {
      for (const { first, count, left, width, top, height } of layout.sections) {
        for (let index = first; index < first + count; index++) {
          const row = rowOf(layout, index);
          expect(layout.lefts[index]).toBeGreaterThanOrEqual(left);
          expect(layout.lefts[index]! + layout.widths[index]!).toBeLessThanOrEqual(left + width);
          expect(layout.rowTops[row]! + layout.rowHeights[row]!).toBeLessThanOrEqual(top + height);
        }
      }
    });
  });

  it('makes no row more than twice as high as is wanted', () => {
    always((layout, { rowHeight }) => {
      for (const height of layout.rowHeights) expect(height).toBeLessThanOrEqual(2 * rowHeight);
    });
  });

  it('shows what nobody looked at as 3:2, and cuts threads and needles', () => {
    expect(shownRatio(0)).toBe(1.5);
    expect(shownRatio(20_000)).toBe(3.5);
    expect(shownRatio(50)).toBe(0.4);
    expect(shownRatio(1333)).toBe(1.333);
  });

  it('leaves a few photos at the wanted height', () => {
    const layout = justify({ ratios: [1500, 1500], days: [{ day: null, count: 2 }] }, usual);
    expect([...layout.rowHeights]).toEqual([200]);
    expect([...layout.widths]).toEqual([300, 300]);
  });

  it('puts days of few photos side by side, as long as their headings have room', () => {
    const days = ['2020-01-03', '2020-01-02', '2020-01-01'].map((day) => ({ day, count: 1 }));
    const layout = justify({ ratios: [500, 1500, 3400], days }, usual);
    expect(layout.sections.map(({ top, left }) => [top, left])).toEqual([
      [0, 0],
      [0, 168],
      [headHeight + 200 + gap + 16, 0],
    ]);
  });

  it('is empty for an empty list', () => {
    const layout = justify({ ratios: [], days: [] }, usual);
    expect(layout).toMatchObject({ count: 0, rows: 0, height: 0, sections: [] });
    expect(rowAt(layout, 10)).toBe(-1);
  });
});

describe('finding in a layout', () => {
  it('finds the row and the section at a height like a search from the top', () => {
    always((layout) => {
      for (const y of [-5, 0, 1, layout.height / 3, layout.height / 2, layout.height, layout.height + 9]) {
        const rows = [...layout.rowTops].filter((top) => top <= y).length;
        expect(rowAt(layout, y)).toBe(layout.rows === 0 ? -1 : Math.max(0, rows - 1));
        const sections = layout.sections.filter(({ top }) => top <= y).length;
        expect(sectionAt(layout, y)).toBe(layout.sections.length === 0 ? -1 : Math.max(0, sections - 1));
      }
    });
  });

  it('finds the row of each photo', () => {
    always((layout) => {
      rowsOf(layout).forEach((row, number) => {
        for (const index of row) expect(rowOf(layout, index)).toBe(number);
      });
    });
  });

  it('finds each photo of a row by its middle, and the nearest one beyond its ends', () => {
    always((layout, { width }) => {
      rowsOf(layout).forEach((row, number) => {
        for (const index of row) expect(nearestInRow(layout, number, middleOf(layout, index))).toBe(index);
        expect(nearestInRow(layout, number, -1)).toBe(row[0]);
        expect(nearestInRow(layout, number, width + 1)).toBe(row.at(-1));
      });
    });
  });
});
