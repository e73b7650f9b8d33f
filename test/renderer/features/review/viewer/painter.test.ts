import { describe, expect, test } from 'vitest';
import type { Scene } from '../../../../../renderer/features/review/viewer/painter.ts';
import { placeStage, type Box } from '../../../../../renderer/features/review/viewer/tile-geometry.ts';
import { paint, picture, wrongPixel, type Colour, type Formula, type Painted } from './painted.ts';

const room = { width: 300, height: 220 };
const plain = { a: null, b: null, standIn: null, look: { kind: 'one', side: 'b' }, smooth: true } as const;

/** The same for the same place, and wild. */
const noise: Formula = (x, y) => {
  const hash = (seed: number): number => Math.floor((Math.abs(Math.sin(x * 127.1 * seed + y * 311.7) * 43_758.5453) % 1) * 256);
  return [hash(1), hash(2), hash(3)];
};
/** Grows evenly, in three directions: how the colours differ from each other says how far, and whereto, it was moved. */
const slope: Formula = (x, y) => [(x + y) * 127.5, (x + 1 - y) * 127.5, (1 - x + y) * 127.5];
const flat =
  (colour: Colour): Formula =>
  () =>
    colour;

function scene(
  part: Partial<Scene> & { size: { width: number; height: number }; scale: number; centre?: { x: number; y: number } },
): Scene {
  const { size, scale, centre = { x: 0.5, y: 0.5 }, ...rest } = part;
  return { ...plain, stage: placeStage(size, centre, scale, room), ...rest };
}

const block = 40;

/** Parts of the screen that lie in the picture, and not at its edges. */
function blocks(stage: Box): { x: number; y: number }[] {
  const inside = (at: number, from: number, length: number): boolean => at >= from + 12 && at + block <= from + length - 12;
  const all = Array.from({ length: 35 }, (_, index) => ({ x: (index % 7) * block, y: Math.floor(index / 7) * block }));
  return all.filter(({ x, y }) => inside(x, stage.x, stage.width) && inside(y, stage.y, stage.height));
}

/** Of each colour, over a block. */
function meanDifference(one: Painted, other: Painted, left: number, top: number): [number, number, number] {
  const sums: [number, number, number] = [0, 0, 0];
  for (let y = top; y < top + block; y++)
    for (let x = left; x < left + block; x++)
      for (const channel of [0, 1, 2] as const) sums[channel] += one.at(x, y)[channel] - other.at(x, y)[channel];
  return [sums[0] / block ** 2, sums[1] / block ** 2, sums[2] / block ** 2];
}

describe('at 100 %', () => {
  test('every pixel of the picture is one of the screen, unchanged, across all edges of tiles', async () => {
    const size = { width: 1001, height: 701 };
    const b = await picture(size, noise);
    const { stage } = scene({ size, scale: 1, centre: { x: 0.41, y: 0.63 } });
    const painted = paint(room, { ...plain, b, stage });
    expect(wrongPixel(painted, (x, y) => noise((x - stage.x + 0.5) / size.width, (y - stage.y + 0.5) / size.height))).toBeNull();
  });

  test('and at 300 % it is nine of them, where pixels are squares', async () => {
    const size = { width: 1001, height: 701 };
    const b = await picture(size, noise);
    const { stage } = scene({ size, scale: 3, centre: { x: 0.41, y: 0.63 } });
    const painted = paint(room, { ...plain, b, stage, smooth: false });
    const square = (at: number, from: number): number => Math.floor((at - from) / 3) + 0.5;
    expect(wrongPixel(painted, (x, y) => noise(square(x, stage.x) / size.width, square(y, stage.y) / size.height))).toBeNull();
  });
});

describe('seams', () => {
  test.each([0.51, 0.6137, 0.75, 0.999, 1, 1.37, 2, 3.3])('there is none at %d', async (scale) => {
    const size = { width: 1001, height: 701 };
    const colour: Colour = [200, 100, 50];
    const b = await picture(size, flat(colour));
    for (const smooth of [true, false])
      for (const centre of [0.5, 0.5003, 0.5007]) {
        const painted = paint(room, scene({ size, scale, b, smooth, centre: { x: centre, y: centre } }));
        expect(wrongPixel(painted, () => [...colour, 255])).toBeNull();
      }
  });
});

describe('two pictures of the same thing', () => {
  const sizes = [
    [
      { width: 60, height: 40 },
      { width: 120, height: 80 },
    ],
    [
      { width: 85, height: 70 },
      { width: 128, height: 105 },
    ],
    [
      { width: 600, height: 400 },
      { width: 1200, height: 800 },
    ],
    [
      { width: 601, height: 401 },
      { width: 1202, height: 802 },
    ],
    // The sides of a result are rounded: its shape is not quite that of its original.
    [
      { width: 601, height: 401 },
      { width: 1000, height: 667 },
    ],
    [
      { width: 1200, height: 801 },
      { width: 640, height: 427 },
    ],
  ] as const;

  test.each(sizes)('lie over each other at every scale: %o and %o', async (sizeA, sizeB) => {
    const levels = [0, 1, 2];
    const a = await picture(sizeA, slope, { levels });
    const b = await picture(sizeB, slope, { levels });
    const centre = { x: 0.503, y: 0.49 };
    for (const scale of [0.27, 0.4, 0.5, 0.77, 1, 1.6, 2, 3.9]) {
      const { stage } = scene({ size: sizeB, scale, centre });
      // So flat a slope is all rounding.
      if (stage.width > 1300) continue;
      const [one, other] = (['a', 'b'] as const).map((side) =>
        paint(room, { ...plain, stage, a, b, look: { kind: 'one', side } }),
      );
      for (const { x, y } of blocks(stage)) {
        const [red, green, blue] = meanDifference(one!, other!, x, y);
        const across = ((red - blue) / 255) * stage.width;
        const down = ((red - green) / 255) * stage.height;
        // Of a pixel of the screen, or a tenth of the picture's. What remains is that colours are whole numbers.
        expect(Math.hypot(across, down), `${x}, ${y} at ${scale}`).toBeLessThan(Math.max(0.35, 0.1 * scale));
      }
    }
  });

  test('differ nowhere when they are one', async () => {
    const size = { width: 601, height: 401 };
    const a = await picture(size, noise);
    const painted = paint(room, scene({ size, scale: 0.77, a, b: a, look: { kind: 'difference', gain: 16 } }));
    expect(wrongPixel(painted, () => [0, 0, 0])).toBeNull();
  });

  test.each([1, 4, 16] as const)('differ by what they do, %d times brighter', async (gain) => {
    const size = { width: 601, height: 401 };
    const a = await picture(size, flat([100, 60, 10]));
    const b = await picture(size, flat([103, 50, 10]));
    const painted = paint(room, scene({ size, scale: 1, a, b, look: { kind: 'difference', gain } }));
    expect(wrongPixel(painted, () => [3 * gain, 10 * gain, 0, 255])).toBeNull();
  });
});

describe('what is not there yet', () => {
  const size = { width: 600, height: 440 };
  const red: Colour = [255, 0, 0];
  const blue: Colour = [0, 0, 255];
  const split = { kind: 'split', at: 0.3, direction: 'across' } as const;

  test('leaves each side to the other picture', async () => {
    const a = await picture(size, flat(red));
    const painted = paint(room, scene({ size, scale: 1, a, look: split }));
    expect(wrongPixel(painted, () => [...red, 255])).toBeNull();
  });

  test('leaves the stage to what stands in, never to nothing', async () => {
    const standIn = await createImageBitmap(new ImageData(new Uint8ClampedArray([1, 2, 3, 255]), 1, 1));
    const holed = await picture(size, flat(blue));
    const b = { ...holed, tiles: holed.tiles.slice(0, -30) };
    const painted = paint(room, scene({ size, scale: 1, b, standIn, look: { kind: 'one', side: 'a' } }));
    expect(wrongPixel(painted, () => [1, 2, 3, 255])).toBeNull();
  });

  test('leaves A to what stands in for it, rather than to B', async () => {
    const standIn = await createImageBitmap(new ImageData(new Uint8ClampedArray([1, 2, 3, 255]), 1, 1));
    const b = await picture(size, flat(blue));
    const painted = paint(room, scene({ size, scale: 1, b, standIn, look: split }));
    expect(wrongPixel(painted, (x) => (x < 90 ? [1, 2, 3, 255] : [...blue, 255]))).toBeNull();
  });

  test('is no difference: that of half a picture would be glaring', async () => {
    const a = await picture(size, flat(red));
    const painted = paint(room, scene({ size, scale: 1, a, look: { kind: 'difference', gain: 4 } }));
    expect(wrongPixel(painted, () => [0, 0, 0, 255])).toBeNull();
  });

  test('is covered by coarser tiles until the fine ones come', async () => {
    const coarse = await picture(size, flat(blue), { levels: [2] });
    const fine = await picture(size, flat(red), { levels: [0] });
    const b = { ...coarse, tiles: [...fine.tiles.slice(0, 35), ...coarse.tiles] };
    const painted = paint(room, scene({ size, scale: 1, b }));
    expect(painted.at(20, 20)).toEqual([...red, 255]);
    expect(painted.at(room.width - 1, room.height - 1)).toEqual([...blue, 255]);
    expect(wrongPixel({ ...painted, at: (x, y) => [0, 0, 0, painted.at(x, y)[3]] }, () => [0, 0, 0, 255])).toBeNull();
  });
});

test.each([
  ['across', [89, 110], [90, 110]],
  ['down', [150, 65], [150, 66]],
] as const)('a line %s divides between two pixels', async (direction, [beforeX, beforeY], [behindX, behindY]) => {
  const size = { width: 600, height: 440 };
  const a = await picture(size, flat([255, 0, 0]));
  const b = await picture(size, flat([0, 0, 255]));
  const painted = paint(room, scene({ size, scale: 1.2, a, b, look: { kind: 'split', at: 0.3, direction } }));
  expect(painted.at(beforeX, beforeY)).toEqual([255, 0, 0, 255]);
  expect(painted.at(behindX, behindY)).toEqual([0, 0, 255, 255]);
});
