import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  blockGrid,
  blockRegion,
  blocksInView,
  firstCentre,
  gridSize,
  type BlockGrid,
} from '../../../../../renderer/features/enhance/live/block-grid.ts';

const network = { scale: 2, tiles: { tileSide: 256, halo: 12, multiple: 1 } };
const grid = blockGrid({ width: 4032, height: 3024 }, network, 2);
const middle = { x: 0.5, y: 0.5 };
const side = fc.integer({ min: 1, max: 12_000 });
const size = fc.record({ width: side, height: side });
const length = fc.integer({ min: 1, max: 2000 });
const view = fc.record({ width: length, height: length });

function allBlocks({ columns, rows }: BlockGrid) {
  return rows.slice(1).flatMap((_, y) => columns.slice(1).map((__, x) => ({ level: 0, x, y })));
}

describe('the blocks of a preview', () => {
  test('cover all that the network makes, each part once, whatever it makes it of', () => {
    const networks = fc.record({
      scale: fc.constantFrom(1, 2, 4),
      tiles: fc.record({ tileSide: fc.constant(256), halo: fc.integer({ min: 1, max: 40 }), multiple: fc.constantFrom(1, 2) }),
    });
    fc.assert(
      fc.property(size, networks, fc.constantFrom(1, 2), (original, used, passes) => {
        const factor = used.scale ** passes;
        const made = blockGrid(original, used, factor);
        expect(gridSize(made)).toEqual({ width: original.width * factor, height: original.height * factor });
        for (const edges of [made.columns, made.rows]) {
          expect(edges[0]).toBe(0);
          expect(edges.slice(1).every((edge, index) => Number.isInteger(edge) && edge > (edges[index] ?? 0))).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('that are in view are exactly those that meet the canvas, the middle ones first', () => {
    fc.assert(
      fc.property(view, fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(1, 2, 1 / 3), (room, x, scale) => {
        const seen = blocksInView(grid, { centre: { x, y: 0.4 }, scale, room });
        if (seen === null) return;
        const left = Math.max(0, x * 8064 - room.width / 2 / scale);
        const right = Math.min(8064, x * 8064 + room.width / 2 / scale);
        for (const block of allBlocks(grid)) {
          const { x: from, width } = blockRegion(grid, block);
          const common = Math.min(right, from + width) - Math.max(left, from);
          // The stage is moved to a whole pixel of the screen.
          if (Math.abs(common) * scale < 1) continue;
          expect(seen.some((one) => one.x === block.x)).toBe(common > 0);
        }
      }),
      { numRuns: 60 },
    );
    const [first] = blocksInView(grid, { centre: middle, scale: 1, room: { width: 1000, height: 700 } }) ?? [];
    const { x, y, width, height } = blockRegion(grid, first!);
    expect(Math.abs(x + width / 2 - 4032)).toBeLessThanOrEqual(width / 2);
    expect(Math.abs(y + height / 2 - 3024)).toBeLessThanOrEqual(height / 2);
  });

  test('are none where far more is in view than is worth computing', () => {
    const room = { width: 1000, height: 700 };
    expect(blocksInView(grid, { centre: middle, scale: 0.1, room })).toBeNull();
    const small = blockGrid({ width: 450, height: 300 }, network, 2);
    expect(blocksInView(small, { centre: middle, scale: 0.1, room })).toHaveLength(allBlocks(small).length);
  });

  test('are none before there is room', () => {
    expect(blocksInView(grid, { centre: middle, scale: 1, room: { width: 0, height: 0 } })).toEqual([]);
  });

  test('are as few as can be where a preview begins, at most half a block from the middle', () => {
    const places = (edges: readonly number[], room: number): number[] => {
      const whole = edges.at(-1) ?? 0;
      const middle = Math.max(0, (whole - room) / 2);
      const farthest = Math.max(...edges.slice(1).map((edge, index) => edge - (edges[index] ?? 0))) / 2;
      const all = Array.from({ length: Math.max(1, whole - room + 1) }, (_, index) => index);
      const starts = all.filter((start) => Math.abs(start - middle) <= farthest);
      return starts.map(
        (start) => edges.slice(1).filter((end, index) => end > start && (edges[index] ?? 0) < start + room).length,
      );
    };
    fc.assert(
      fc.property(
        fc.record({ width: fc.integer({ min: 1, max: 3000 }), height: fc.integer({ min: 1, max: 900 }) }),
        view,
        (original, room) => {
          const made = blockGrid(original, network, 2);
          const centre = firstCentre(made, room);
          const seen = blocksInView(made, { centre, scale: 1, room });
          if (seen === null) return;
          const [columns, rows] = [new Set(seen.map(({ x }) => x)).size, new Set(seen.map(({ y }) => y)).size];
          expect(columns).toBe(Math.min(...places(made.columns, room.width)));
          expect(rows).toBe(Math.min(...places(made.rows, room.height)));
          const widest = Math.max(...allBlocks(made).map((block) => blockRegion(made, block).width));
          expect(Math.abs(centre.x - 0.5) * original.width * 2).toBeLessThanOrEqual(widest / 2 + 1e-6);
        },
      ),
      { numRuns: 40 },
    );
  });
});
