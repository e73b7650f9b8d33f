import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { levelCount, levelSize } from '../../../../../core/photo/zoom-levels.ts';
import { readAhead, tilesForView } from '../../../../../renderer/features/review/viewer/read-ahead.ts';
import {
  boxOnCanvas,
  coversClip,
  levelFor,
  placeStage,
  tileInLevel,
  tilesInView,
} from '../../../../../renderer/features/review/viewer/tile-geometry.ts';

const tileSide = 512;
const side = fc.integer({ min: 1, max: 30_000 });
const size = fc.record({ width: side, height: side });
const part = fc.double({ min: 0, max: 1, noNaN: true });
const centre = fc.record({ x: part, y: part });
const canvas = fc.record({ width: fc.integer({ min: 1, max: 3000 }), height: fc.integer({ min: 1, max: 2000 }) });

function allTiles(picture: { width: number; height: number }, level: number) {
  const { width, height } = levelSize(picture, level);
  return Array.from({ length: Math.ceil(height / tileSide) }, (_, y) =>
    Array.from({ length: Math.ceil(width / tileSide) }, (_, x) => ({ level, x, y })),
  ).flat();
}

/** A level with few enough tiles to look at all of them. */
function someLevel(picture: { width: number; height: number }, wanted: number): number {
  return Math.max(wanted % levelCount(picture), Math.ceil(Math.log2(Math.max(picture.width, picture.height) / 4000)));
}

describe('tiles', () => {
  test('of any level together fill the stage exactly, whatever the size of the picture', () => {
    fc.assert(
      fc.property(size, fc.nat(14), centre, canvas, (picture, wanted, middle, room) => {
        const level = Math.min(levelCount(picture) - 1, someLevel(picture, wanted));
        const stage = placeStage({ width: 3000, height: 2000 }, middle, 0.37, room);
        const boxes = allTiles(picture, level).map((tile) =>
          boxOnCanvas(picture, level, tileInLevel(picture, tileSide, tile), stage),
        );
        const area = boxes.reduce((sum, box) => sum + box.width * box.height, 0);
        expect(area / (stage.width * stage.height)).toBeCloseTo(1, 6);
        expect(coversClip(boxes, stage, { ...stage })).toBe(true);
        expect(coversClip(boxes.slice(1), stage, { ...stage })).toBe(boxes.length < 1);
      }),
      { numRuns: 60 },
    );
  });

  test('hold no more than their file, and leave out only the part of a pixel that rounding up added', () => {
    fc.assert(
      fc.property(size, fc.nat(14), (picture, wanted) => {
        const level = Math.min(levelCount(picture) - 1, someLevel(picture, wanted));
        const file = levelSize(picture, level);
        for (const tile of allTiles(picture, level)) {
          const { x, y, width, height } = tileInLevel(picture, tileSide, tile);
          expect(file.width - (x + width)).toBeGreaterThanOrEqual(x + tileSide >= file.width ? 0 : 1 - 1e-9);
          expect(Math.ceil(x + width)).toBeLessThanOrEqual(file.width);
          expect(Math.ceil(y + height)).toBeLessThanOrEqual(file.height);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('in view are exactly those that meet the canvas', () => {
    fc.assert(
      fc.property(size, centre, canvas, fc.double({ min: 0.05, max: 8, noNaN: true }), (picture, middle, room, scale) => {
        const level = Math.min(levelCount(picture) - 1, someLevel(picture, levelFor(scale, levelCount(picture))));
        const stage = placeStage(picture, middle, scale, room);
        const inView = tilesInView(picture, tileSide, level, stage, room).map(({ x, y }) => `${x},${y}`);
        const meeting = allTiles(picture, level).filter((tile) => {
          const box = boxOnCanvas(picture, level, tileInLevel(picture, tileSide, tile), stage);
          const wide = Math.min(box.x + box.width, room.width) - Math.max(box.x, 0);
          const high = Math.min(box.y + box.height, room.height) - Math.max(box.y, 0);
          // Less than a thousandth of a pixel is seen by nobody.
          return wide > 1e-3 && high > 1e-3;
        });
        expect(inView).toEqual(expect.arrayContaining(meeting.map(({ x, y }) => `${x},${y}`)));
        expect(inView.length).toBeLessThanOrEqual(meeting.length + 2 * Math.ceil(Math.sqrt(meeting.length)) + 3);
      }),
      { numRuns: 100 },
    );
  });
});

describe('the stage', () => {
  test('begins at a whole pixel of the screen where pixels of the picture are whole ones', () => {
    for (const scale of [1 / 4, 1 / 2, 1, 2, 3, 8, 1 + 1e-9]) {
      const { x, y, width } = placeStage({ width: 1001, height: 701 }, { x: 0.312, y: 0.71 }, scale, { width: 801, height: 600 });
      expect([x, y].every(Number.isInteger), String(scale)).toBe(true);
      expect(width / 1001).toBe(scale < 1 ? scale : Math.round(scale));
    }
    expect(
      Number.isInteger(placeStage({ width: 1001, height: 701 }, { x: 0.312, y: 0.71 }, 0.7, { width: 801, height: 600 }).x),
    ).toBe(false);
  });

  test('is nowhere more than half a pixel from where it was asked for', () => {
    fc.assert(
      fc.property(size, centre, canvas, fc.constantFrom(0.25, 0.61, 1, 2.5, 4), (picture, middle, room, scale) => {
        const { x, y } = placeStage(picture, middle, scale, room);
        expect(Math.abs(x + middle.x * picture.width * scale - room.width / 2)).toBeLessThanOrEqual(0.5 + 1e-6);
        expect(Math.abs(y + middle.y * picture.height * scale - room.height / 2)).toBeLessThanOrEqual(0.5 + 1e-6);
      }),
    );
  });
});

test('the level of a scale is never enlarged while there is a larger one, and never shrunk below half while there is a smaller one', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-4, max: 16, noNaN: true }), fc.integer({ min: 1, max: 16 }), (scale, levels) => {
      const level = levelFor(scale, levels);
      const shown = scale * 2 ** level;
      expect(level === 0 || shown <= 1 + 1e-6).toBe(true);
      expect(level === levels - 1 || shown > 0.5 - 1e-6).toBe(true);
    }),
  );
});

describe('reading ahead', () => {
  const name = { kind: 'result', id: 1 } as const;
  const picture = { name, key: 'k', width: 28_000, height: 28_000, tileSide, levels: 16 };

  test('asks for about as many tiles as the screen needs, for a picture of 784 megapixels as well', () => {
    const room = { width: 1920, height: 1080 };
    for (const scale of [1080 / 28_000, 0.3, 1, 4]) {
      const tiles = tilesForView(picture, { size: picture, centre: { x: 0.4, y: 0.6 }, scale, room });
      // A level shown at half its size takes four times the tiles, the coarser ones a third more, and each edge cuts some.
      expect(tiles.length).toBeLessThanOrEqual(70);
      expect(tiles.length).toBeGreaterThan(3);
      expect(new Set(tiles.map(({ level, x, y }) => `${level}/${x}_${y}`)).size).toBe(tiles.length);
      expect(tiles.map(({ level }) => level)).toEqual(tiles.map(({ level }) => level).toSorted((a, b) => b - a));
    }
  });

  test('stops at the first failure, and tells nobody', async () => {
    const asked: unknown[] = [];
    const media = {
      readAhead: (_picture: unknown, tile: unknown) => {
        asked.push(tile);
        return Promise.reject(new Error('gone'));
      },
    };
    const view = { size: picture, centre: { x: 0.5, y: 0.5 }, scale: 1, room: { width: 800, height: 600 } };
    await readAhead(media as never, picture, view, new AbortController().signal);
    expect(asked).toHaveLength(1);
  });
});
