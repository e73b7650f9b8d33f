import { describe, expect, test } from 'vitest';
import { noise, octaves, randomNumbers, ridges } from '../../../../core/engine/sample/noise.ts';

const places = Array.from({ length: 4000 }, (_, index) => ({ x: index * 0.173 - 300, y: index * 0.311 - 500 }));

describe('noise', () => {
  test('stays within -1 and 1, without a drift', () => {
    const values = places.map(({ x, y }) => noise(x, y));
    expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(1.1);
    expect(Math.abs(values.reduce((sum, value) => sum + value, 0) / values.length)).toBeLessThan(0.03);
    expect(Math.max(...values)).toBeGreaterThan(0.5);
  });

  test('is continuous, across cells too', () => {
    for (const { x, y } of places) expect(Math.abs(noise(x, y) - noise(x + 1e-4, y - 1e-4))).toBeLessThan(1e-2);
    for (let cell = -3; cell < 3; cell += 1) expect(noise(cell - 1e-9, 0.4)).toBeCloseTo(noise(cell + 1e-9, 0.4), 6);
  });
});

describe.each([
  ['octaves', octaves, 0],
  ['ridges', ridges, 0.5],
] as const)('%s', (_, field, flat) => {
  test('are flat where nothing is larger than a pixel', () => {
    for (const { x, y } of places.slice(0, 50)) expect(field(x, y, 6, 1)).toBeCloseTo(flat, 9);
  });

  test('change smoothly with the size of a pixel: an octave fades in', () => {
    for (const { x, y } of places.slice(0, 50)) {
      for (let pixel = 0.01; pixel < 1; pixel *= 1.3)
        expect(Math.abs(field(x, y, 8, pixel) - field(x, y, 8, pixel * 1.0001))).toBeLessThan(0.01);
    }
  });
});

test('random numbers come in the same order from the same seed only', () => {
  const draw = (seed: number): number[] => {
    const random = randomNumbers(seed);
    return Array.from({ length: 1000 }, () => random());
  };
  expect(draw(5)).toEqual(draw(5));
  expect(draw(5)).not.toEqual(draw(6));
  expect(Math.min(...draw(5))).toBeGreaterThanOrEqual(0);
  expect(Math.max(...draw(5))).toBeLessThan(1);
  expect(draw(5).reduce((sum, value) => sum + value, 0) / 1000).toBeCloseTo(0.5, 1);
});
