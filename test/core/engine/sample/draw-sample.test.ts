import { describe, expect, test } from 'vitest';
import { drawSample } from '../../../../core/engine/sample/draw-sample.ts';

/** Mean of each 2 × 2 block: what a sensor of half the resolution would see, near enough. */
function halve(bytes: Uint8Array, width: number, height: number): Float64Array {
  const half = new Float64Array((width / 2) * (height / 2) * 3);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      for (let channel = 0; channel < 3; channel += 1) {
        half[((y >> 1) * (width / 2) + (x >> 1)) * 3 + channel]! += bytes[(y * width + x) * 3 + channel]! / 4;
      }
    }
  }
  return half;
}

function rmsDifference(first: ArrayLike<number>, second: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < first.length; index += 1) sum += (first[index]! - second[index]!) ** 2;
  return Math.sqrt(sum / first.length);
}

/** Mean absolute difference of horizontal neighbours, in 8-bit steps: how much fine detail there is. */
function detail(bytes: Uint8Array, width: number): number {
  let sum = 0;
  for (let index = 3; index < bytes.length; index += 1) {
    if (Math.floor(index / 3) % width !== 0) sum += Math.abs(bytes[index]! - bytes[index - 3]!);
  }
  return sum / bytes.length;
}

const [width, height] = [512, 384];
const large = drawSample(width, height);
const half = halve(large, width, height);
const small = drawSample(width / 2, height / 2);

describe('the sample photo', () => {
  test.each([
    [1, 1],
    [1, 40],
    [40, 1],
    [7, 5],
    [64, 48],
    [31, 97],
    [200, 40],
  ])('can be drawn at %i × %i, every byte of it', (width, height) => {
    expect(drawSample(width, height)).toHaveLength(width * height * 3);
  });

  test('is the same whenever it is drawn', () => {
    expect(Buffer.compare(drawSample(width / 2, height / 2), small)).toBe(0);
  });

  test.each([0, -1, 1.5, NaN])('has no side of %d', (side) => {
    expect(() => drawSample(side, 10)).toThrow(RangeError);
    expect(() => drawSample(10, side)).toThrow(RangeError);
  });

  test('shows the same scene at twice the size, not another one', () => {
    const mirrored = Float64Array.from(small, (_, index) => {
      const x = Math.floor(index / 3) % (width / 2);
      return small[index + (width / 2 - 1 - 2 * x) * 3]!;
    });
    expect(rmsDifference(half, small)).toBeLessThan(11);
    // The measure can tell scenes apart.
    expect(rmsDifference(half, mirrored)).toBeGreaterThan(30);
  });

  test('has more to show than an enlargement of its half could', () => {
    const enlarged = Uint8Array.from(large, (_, index) => {
      const pixel = Math.floor(index / 3);
      const [x, y] = [pixel % width, Math.floor(pixel / width)];
      return half[((y >> 1) * (width / 2) + (x >> 1)) * 3 + (index % 3)]!;
    });
    expect(rmsDifference(large, enlarged)).toBeGreaterThan(6);
  });

  test('uses the tones of a photo: shadows, middle and highlights, none of them clipped over large areas', () => {
    const share = (from: number, to: number): number =>
      small.reduce((count, value) => count + (value >= from && value <= to ? 1 : 0), 0) / small.length;
    expect(share(0, 63)).toBeGreaterThan(0.05);
    expect(share(64, 191)).toBeGreaterThan(0.4);
    expect(share(192, 255)).toBeGreaterThan(0.05);
    expect(share(0, 0)).toBeLessThan(0.01);
    expect(share(255, 255)).toBeLessThan(0.03);
  });

  test('gets grain only when asked', () => {
    expect(detail(drawSample(width / 2, height / 2, 8), width / 2)).toBeGreaterThan(detail(small, width / 2) + 1);
  });
});
