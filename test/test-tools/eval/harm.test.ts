import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { blockStarts, largestMove } from '../../eval/blocks.ts';
import { bicubic } from '../../eval/super-resolution-sets.ts';
import { drawn, largestDeviation, largestTint, ringing, stepEdge, steps } from '../../eval/test-charts.ts';
import { lanczos } from '../../eval/lanczos.ts';

describe('blocks', () => {
  test('cover an axis, lie within it and are as large as asked for', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 100 }), (extent, side) => {
        const starts = blockStarts(extent, side);
        const covered = new Set(starts.flatMap((start) => Array.from({ length: Math.min(side, extent) }, (_, at) => start + at)));
        expect(covered.size).toBe(extent);
        expect(Math.max(...covered)).toBe(extent - 1);
      }),
    );
  });

  test('do not move where every pixel is repeated, and move by what one block was shifted', () => {
    const [width, height, scale] = [150, 70, 2];
    const picture = drawn(width, height, (x, y) => [(x * 7) % 200, (y * 5) % 200, (x + y) % 200]);
    const large = drawn(width * scale, height * scale, (x, y) => {
      const at = (Math.floor(y / scale) * width + Math.floor(x / scale)) * 3;
      return [picture.rgb[at]!, picture.rgb[at + 1]!, picture.rgb[at + 2]!];
    });
    expect(largestMove(picture, large.rgb, scale, 64)).toBe(0);
    const shifted = drawn(width * scale, height * scale, (x, y) => {
      const at = (y * width * scale + x) * 3;
      return [large.rgb[at]!, large.rgb[at + 1]! + (x < 64 * scale && y < 64 * scale ? 3 : 0), large.rgb[at + 2]!];
    });
    expect(largestMove(picture, shifted.rgb, scale, 64)).toBeCloseTo(3, 9);
  });
});

describe('charts', () => {
  test('are read exactly: deviation, its border, and tint', () => {
    const flat = drawn(10, 10, (x, y) => (x === 0 ? [90, 100, 100] : y === 5 && x === 5 ? [100, 103, 100] : [100, 100, 100]));
    expect(largestDeviation(flat, [100, 100, 100], 0)).toBe(10);
    expect(largestDeviation(flat, [100, 100, 100], 1)).toBe(3);
    expect(largestTint(flat.rgb)).toBe(10);
    const step = { dark: [90, 100, 100], light: [100, 101, 100] } as const;
    expect([0, 1, 5].map((border) => ringing(flat, step, border))).toEqual([2, 2, 0]);
    expect(largestTint(drawn(4, 4, (x) => [x, x, x]).rgb)).toBe(0);
  });

  test('ring under Lanczos at every edge, and not where nothing is interpolated', async () => {
    for (const step of steps) {
      for (const across of [false, true]) {
        const edge = stepEdge(step, across, 64);
        expect(ringing(edge, step, 0)).toBe(0);
        const contrast = Math.max(...step.light.map((value, channel) => Math.abs(value - step.dark[channel]!)));
        for (const scale of [2, 4]) {
          const size = { width: edge.width * scale, height: edge.height * scale };
          const beyond = ringing({ rgb: await lanczos(scale)(edge), ...size }, step, 4);
          expect(beyond / contrast).toBeGreaterThan(0.05);
          expect(beyond / contrast).toBeLessThan(0.15);
          expect(ringing({ rgb: await bicubic(scale)(edge), ...size }, step, 4)).toBeLessThan(beyond + 1);
        }
      }
    }
  });
});
