import { setTimeout } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Limiter } from '../../../../core/engine/look/limiter.ts';

it('never lets more be held than the budget, runs everything, and begins in the order of asking', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 15 }), { maxLength: 30 }), async (amounts) => {
      const limiter = new Limiter(10);
      const begun: number[] = [];
      let held = 0;
      await Promise.all(
        amounts.map(async (amount, index) =>
          limiter.run(amount, async () => {
            begun.push(index);
            held += Math.min(amount, 10);
            expect(held).toBeLessThanOrEqual(10);
            await setTimeout(amount % 3);
            held -= Math.min(amount, 10);
          }),
        ),
      );
      expect(begun).toEqual(amounts.map((_, index) => index));
    }),
    { numRuns: 30 },
  );
});

it('gives back what failed work held', async () => {
  const limiter = new Limiter(10);
  await expect(limiter.run(10, () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
  expect(await limiter.run(10, () => Promise.resolve('done'))).toBe('done');
});
