import { describe, expect, test } from 'vitest';
import type { BatchPlan } from '../../../../core/api/contract.ts';
import { isOneSize, originalSizes, planFigures } from '../../../../renderer/features/enhance/plan-figures.ts';
import { planned, plannedPhoto } from './plans.ts';

const refused = (id: number, code: 'damaged' | 'not-found'): BatchPlan['refused'][number] => ({
  id,
  failure: { code, message: `Why ${id}.` },
});

describe('a plan in figures', () => {
  test('of one photo has one size before and one after', () => {
    const { from, to, toMake, cached } = planFigures(planned([plannedPhoto(1)]));
    expect(from && isOneSize(from) && from.least).toEqual({ width: 4032, height: 3024 });
    expect(to && isOneSize(to) && to.least).toMatchObject({ width: 8064, height: 6048 });
    expect([toMake, cached]).toEqual([1, 0]);
  });

  test('of many has the smallest and the largest', () => {
    const photos = [plannedPhoto(1), plannedPhoto(2, { width: 100, height: 80 }), plannedPhoto(3, { width: 6000, height: 4000 })];
    const { from, to } = planFigures(planned(photos));
    expect([from?.least.width, from?.most.width, to?.least.width, to?.most.width]).toEqual([100, 6000, 200, 12_000]);
    expect(originalSizes(planned([...photos, plannedPhoto(4)]))).toHaveLength(3);
  });

  test('tells what is ready, what is only made smaller, and what cannot be made, the most frequent reason first', () => {
    const smaller = {
      ...plannedPhoto(2),
      width: 2000,
      height: 1500,
      notes: [{ code: 'shrunk' as const, width: 2000, height: 1500 }],
    };
    const plan = planned([{ ...plannedPhoto(1), cached: true }, smaller, plannedPhoto(3)], {
      refused: [refused(4, 'damaged'), refused(5, 'not-found'), refused(6, 'not-found')],
    });
    const { cached, toMake, notes, refusals } = planFigures(plan);
    expect([cached, toMake, notes]).toEqual([1, 2, [{ code: 'shrunk', count: 1 }]]);
    expect(refusals).toEqual([
      { failure: { code: 'not-found', message: 'Why 5.' }, ids: [5, 6] },
      { failure: { code: 'damaged', message: 'Why 4.' }, ids: [4] },
    ]);
  });

  test('of nothing that can be made has no sizes', () => {
    expect(planFigures(planned([], { refused: [refused(1, 'damaged')] }))).toMatchObject({ from: null, to: null, toMake: 0 });
  });
});
