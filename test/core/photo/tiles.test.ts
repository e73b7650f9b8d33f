import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { leastTileSide, networkHalo, planAxis, planTiles } from '../../../core/photo/tiles.ts';
import type { Axis, Span } from '../../../core/photo/tiles.ts';

/** Axis options with room for a core between two halos. */
const axisOptions = fc
  .record({
    multiple: fc.integer({ min: 1, max: 8 }),
    halo: fc.integer({ min: 0, max: 24 }),
    room: fc.integer({ min: 1, max: 300 }),
    extent: fc.oneof(fc.integer({ min: 1, max: 64 }), fc.integer({ min: 1, max: 40_000 })),
  })
  .map(({ multiple, halo, room, extent }) => ({
    extent,
    multiple,
    halo,
    tileSide: (2 * Math.ceil(halo / multiple) + room) * multiple,
  }));

function spans(axis: Axis): Span[] {
  return Array.from({ length: axis.count }, (_, index) => axis.span(index));
}

describe('an axis', () => {
  test('is partitioned by the cores, which differ by one unit at most', () => {
    fc.assert(
      fc.property(axisOptions, (options) => {
        let next = 0;
        const units: number[] = [];
        for (const span of spans(planAxis(options.extent, options))) {
          expect(span.coreStart).toBe(next);
          expect(span.coreSize).toBeGreaterThan(0);
          next += span.coreSize;
          units.push(Math.ceil(span.coreSize / options.multiple));
        }
        expect(next).toBe(options.extent);
        expect(Math.max(...units) - Math.min(...units)).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('gives every core its halo on both sides, at the ends of the photo too', () => {
    fc.assert(
      fc.property(axisOptions, (options) => {
        for (const span of spans(planAxis(options.extent, options))) {
          const before = span.coreStart - span.start;
          const after = span.start + span.size - (span.coreStart + span.coreSize);
          expect(before).toBeGreaterThanOrEqual(options.halo);
          expect(after).toBeGreaterThanOrEqual(options.halo);
        }
      }),
    );
  });

  test('has tiles of one size, within the side asked for, no farther out than a halo, and aligned', () => {
    fc.assert(
      fc.property(axisOptions, (options) => {
        const axis = planAxis(options.extent, options);
        const padded = Math.ceil(options.extent / options.multiple) * options.multiple;
        const margin = Math.ceil(options.halo / options.multiple) * options.multiple;
        for (const span of spans(axis)) {
          expect(span.size).toBe(axis.size);
          expect(span.size).toBeLessThanOrEqual(options.tileSide);
          expect(span.start).toBeGreaterThanOrEqual(-margin);
          expect(span.start + span.size).toBeLessThanOrEqual(padded + margin);
          expect(Math.abs(span.start % options.multiple)).toBe(0);
          expect(span.size % options.multiple).toBe(0);
        }
      }),
    );
  });

  test('has tiles of exactly the side where that is fixed, with the same cores', () => {
    fc.assert(
      fc.property(axisOptions, (options) => {
        const side = Math.floor(options.tileSide / options.multiple) * options.multiple;
        const fixed = spans(planAxis(options.extent, { ...options, fixedSide: true }));
        expect(fixed).toEqual(spans(planAxis(options.extent, options)).map((span) => ({ ...span, size: side })));
      }),
    );
  });

  test('uses no more tiles than the side makes necessary', () => {
    fc.assert(
      fc.property(axisOptions, (options) => {
        const { count } = planAxis(options.extent, options);
        const margin = Math.ceil(options.halo / options.multiple) * options.multiple;
        const inner = options.tileSide - 2 * margin;
        // One fewer equal cores would not fit between the halos.
        if (count > 1)
          expect(Math.ceil(options.extent / options.multiple / (count - 1)) * options.multiple).toBeGreaterThan(inner);
      }),
    );
  });

  test.each([1, 2, 3, 5, 7, 31, 97, 239, 240])(
    'of %i pixels that fit between the halos is one tile of its own size and the halos',
    (extent) => {
      expect(spans(planAxis(extent, { tileSide: 256, halo: 8, multiple: 1 }))).toEqual([
        { start: -8, size: extent + 16, coreStart: 0, coreSize: extent },
      ]);
    },
  );

  test.each([
    [257, 256, 8],
    [509, 256, 8],
    [65_521, 256, 8],
    [19, 17, 8],
    [1_000_003, 64, 8],
  ])('of a prime %i pixels, tile %i, halo %i, ends a halo behind the photo', (extent, tileSide, halo) => {
    const axis = planAxis(extent, { tileSide, halo, multiple: 1 });
    const last = axis.span(axis.count - 1);
    expect(last.start + last.size).toBe(extent + halo);
    expect(last.coreStart + last.coreSize).toBe(extent);
  });

  test('needs room for a core, and no more than that, however small the photo', () => {
    fc.assert(
      fc.property(axisOptions, ({ extent, halo, multiple }) => {
        const least = leastTileSide({ halo, multiple });
        expect(planAxis(extent, { tileSide: least, halo, multiple }).size).toBe(least);
        expect(() => planAxis(extent, { tileSide: least - 1, halo, multiple })).toThrow(RangeError);
      }),
    );
    expect([0, 1, 8].map(networkHalo)).toEqual([1, 1, 8]);
  });

  test('refuses a tile that is all halo', () => {
    expect(() => planAxis(100, { tileSide: 16, halo: 8, multiple: 1 })).toThrow(RangeError);
    expect(() => planAxis(0, { tileSide: 16, halo: 2, multiple: 1 })).toThrow(RangeError);
    expect(() => planAxis(10.5, { tileSide: 16, halo: 2, multiple: 1 })).toThrow(RangeError);
  });
});

describe('a plan', () => {
  test('of a 12-megapixel photo spends less than two percent on the halo outside', () => {
    const [width, height] = [4000, 3000];
    const { columns, rows } = planTiles({ width, height, tileSide: 256, halo: 8, multiple: 1 });
    let outside = 0;
    for (const [axis, extent] of [
      [columns, width],
      [rows, height],
    ] as const)
      for (const { start, size } of spans(axis)) outside += (Math.max(-start, 0) + Math.max(start + size - extent, 0)) / extent;
    expect(outside).toBeGreaterThan(0);
    expect(outside).toBeLessThan(0.02);
  });

  test('covers every pixel of a photo exactly once, row by row', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 9, max: 30 }),
        (width, height, tileSide) => {
          const covered = new Uint8Array(width * height);
          const plan = planTiles({ width, height, tileSide, halo: 4, multiple: 1 });
          let tiles = 0;
          let lastRow = 0;
          for (const { column, row } of plan.tiles()) {
            expect(row.coreStart).toBeGreaterThanOrEqual(lastRow);
            lastRow = row.coreStart;
            tiles += 1;
            for (let y = row.coreStart; y < row.coreStart + row.coreSize; y += 1) {
              for (let x = column.coreStart; x < column.coreStart + column.coreSize; x += 1) covered[y * width + x]! += 1;
            }
          }
          expect(tiles).toBe(plan.count);
          expect(covered.every((times) => times === 1)).toBe(true);
        },
      ),
    );
  });

  test('of a huge photo is made tile by tile', () => {
    const plan = planTiles({ width: 40_000_003, height: 39_999_971, tileSide: 64, halo: 8, multiple: 1 });
    expect(plan.count).toBeGreaterThan(5e11);
    const first = plan.tiles().next();
    expect(first.done).toBe(false);
  });
});
