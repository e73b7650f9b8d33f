import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createCanvas, type Canvas } from '../../../../core/engine/sample/canvas.ts';
import { fillPolygon, stroke } from '../../../../core/engine/sample/pen.ts';

const white = [1, 1, 1] as const;

/** A canvas whose scene units are its pixels. */
function pixelCanvas(width: number, height: number): Canvas {
  return { ...createCanvas(width, height), scale: 1, left: 0, top: 0 };
}

function paintedArea(canvas: Canvas): number {
  let sum = 0;
  for (let at = 0; at < canvas.light.length; at += 3) sum += canvas.light[at]!;
  return sum;
}

/** Area of a polygon by Gauss's formula. */
function polygonArea(points: readonly number[]): number {
  let sum = 0;
  for (let index = 0; index < points.length; index += 2) {
    const next = (index + 2) % points.length;
    sum += points[index]! * points[next + 1]! - points[next]! * points[index + 1]!;
  }
  return Math.abs(sum / 2);
}

const coordinate = fc.double({ min: 0, max: 20, noNaN: true });

describe('filling a polygon', () => {
  test('covers exactly its area, wherever a triangle lies', () => {
    fc.assert(
      fc.property(fc.array(coordinate, { minLength: 6, maxLength: 6 }), (points) => {
        const canvas = pixelCanvas(20, 20);
        fillPolygon({ canvas, mirrorY: null }, points, white);
        // Slivers below the threshold of a pixel's cover are left out.
        expect(Math.abs(paintedArea(canvas) - polygonArea(points))).toBeLessThan(0.02 + polygonArea(points) * 1e-4);
      }),
    );
  });

  test('covers each pixel by its own share', () => {
    const canvas = pixelCanvas(4, 3);
    fillPolygon({ canvas, mirrorY: null }, [0.5, 0.25, 3.25, 0.25, 3.25, 2, 0.5, 2], white);
    const red = Array.from({ length: 12 }, (_, index) => canvas.light[index * 3]!);
    const expected = [0.375, 0.75, 0.75, 0.1875, 0.5, 1, 1, 0.25, 0, 0, 0, 0];
    for (const [index, value] of red.entries()) expect(value).toBeCloseTo(expected[index]!, 5);
  });

  test('cuts off what lies outside the picture and nothing else', () => {
    const canvas = pixelCanvas(10, 10);
    fillPolygon({ canvas, mirrorY: null }, [-5, -5, 15, -5, 15, 15, -5, 15], white);
    expect(Math.min(...canvas.light)).toBeCloseTo(1, 5);
    const corner = pixelCanvas(10, 10);
    fillPolygon({ canvas: corner, mirrorY: null }, [5, 5, 30, 5, 30, 30, 5, 30], white);
    expect(paintedArea(corner)).toBeCloseTo(25, 4);
    const outside = pixelCanvas(10, 10);
    fillPolygon({ canvas: outside, mirrorY: null }, [11, 0, 20, 0, 20, 10, 11, 10], white);
    expect(paintedArea(outside)).toBe(0);
  });

  test('leaves nothing behind for the next shape', () => {
    const canvas = pixelCanvas(10, 10);
    fillPolygon({ canvas, mirrorY: null }, [1, 1, 9, 2, 5, 8.5], white, 0);
    fillPolygon({ canvas, mirrorY: null }, [0, 0, 2, 0, 2, 2, 0, 2], white);
    expect(paintedArea(canvas)).toBeCloseTo(4, 4);
  });

  test('mirrors about the waterline', () => {
    const upright = pixelCanvas(10, 10);
    const mirrored = pixelCanvas(10, 10);
    const shape = [2, 1, 7.5, 2.25, 4, 4];
    fillPolygon({ canvas: upright, mirrorY: null }, shape, white);
    fillPolygon({ canvas: mirrored, mirrorY: 5 }, shape, white);
    for (let y = 0; y < 10; y += 1) {
      for (let x = 0; x < 10; x += 1)
        expect(mirrored.light[((9 - y) * 10 + x) * 3]).toBeCloseTo(upright.light[(y * 10 + x) * 3]!, 4);
    }
  });

  test('asks a texture at the middle of each pixel, upright in a mirror image too', () => {
    const canvas = pixelCanvas(4, 4);
    fillPolygon({ canvas, mirrorY: 2 }, [0, 0, 4, 0, 4, 2, 0, 2], (x, y, out) => {
      out[0] = x;
      out[1] = y;
      out[2] = 0;
    });
    expect(canvas.light[(3 * 4 + 1) * 3]).toBeCloseTo(1.5, 5);
    expect(canvas.light[(3 * 4 + 1) * 3 + 1]).toBeCloseTo(0.5, 5);
  });
});

test('a stroke thinner than a pixel is drawn by its area', () => {
  const canvas = pixelCanvas(20, 20);
  stroke({ canvas, mirrorY: null }, 2, 3, 17, 14, 0.2, 0.2, white);
  expect(paintedArea(canvas)).toBeCloseTo(Math.hypot(15, 11) * 0.2, 2);
});
