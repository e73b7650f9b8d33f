import { expect, it } from 'vitest';
import { scrollScale } from '../../../../../renderer/features/library/grid/scroll-scale.ts';

it('leaves usual lists as they are', () => {
  expect(scrollScale(5_000_000, 900)).toEqual({ height: 5_000_000, factor: 1 });
});

it('brings the end of the longest list into view at the end of the element', () => {
  const { height, factor } = scrollScale(60_000_000, 900);
  expect(height).toBeLessThan(17_000_000);
  expect((height - 900) * factor).toBeCloseTo(60_000_000 - 900, 3);
});

it('survives a view that is higher than the greatest height', () => {
  expect(scrollScale(200, 150, 100)).toEqual({ height: 200, factor: 1 });
});
