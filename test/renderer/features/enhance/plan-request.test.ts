import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { BatchPlan, Parsed } from '../../../../core/api/contract.ts';
import { createTestDouble } from '../../../../core/api/test-double.ts';
import { EnlargerError } from '../../../../core/photo/failure.ts';
import type { Recipe } from '../../../../core/photo/recipe.ts';
import { PlanRequest } from '../../../../renderer/features/enhance/plan-request.svelte.ts';
import { planned, plannedPhoto } from './plans.ts';

const choice = { ids: [1] };
const recipe = (scale: 1 | 2 | 4): Recipe => ({ version: 1, model: null, target: { kind: 'scale', scale }, denoise: 'auto' });

/** A host that answers when it is told to, in whatever order. */
function slowHost() {
  const asked: { readonly params: Parsed<'queue', 'plan'>; readonly answer: (plan: BatchPlan | EnlargerError) => void }[] = [];
  const { client } = createTestDouble({
    queue: {
      plan: (params) =>
        new Promise((resolve, reject) => {
          asked.push({ params, answer: (plan) => (plan instanceof EnlargerError ? reject(plan) : resolve(plan)) });
        }),
    },
  });
  return { client, asked };
}

const scaleOf = ({ params }: { readonly params: Parsed<'queue', 'plan'> }): unknown => params.recipe.target;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the plan that is wanted', () => {
  test('is asked for at once at first, then when the wish has rested, and never twice for the same', async () => {
    const { client, asked } = slowHost();
    const request = new PlanRequest(client);
    request.want({ choice, recipe: recipe(2) });
    await vi.advanceTimersByTimeAsync(0);
    expect(asked.map(scaleOf)).toEqual([{ kind: 'scale', scale: 2 }]);
    asked[0]?.answer(planned([plannedPhoto(1)]));
    await vi.advanceTimersByTimeAsync(0);
    request.want({ choice, recipe: recipe(2) });
    for (const scale of [1, 4, 1] as const) {
      request.want({ choice, recipe: recipe(scale) });
      await vi.advanceTimersByTimeAsync(200);
    }
    expect(asked).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(100);
    expect(asked.map(scaleOf).slice(1)).toEqual([{ kind: 'scale', scale: 1 }]);
    request.close();
  });

  test('keeps the figures before until the new ones are there, and ignores older answers', async () => {
    const { client, asked } = slowHost();
    const request = new PlanRequest(client);
    const [first, second, third] = [1, 2, 3].map((id) => planned([plannedPhoto(id)]));
    request.want({ choice, recipe: recipe(2) });
    await vi.advanceTimersByTimeAsync(0);
    asked[0]?.answer(first ?? planned([]));
    await vi.advanceTimersByTimeAsync(0);
    expect([request.plan?.photos[0]?.id, request.outdated]).toEqual([1, false]);

    request.want({ choice, recipe: recipe(4) });
    await vi.advanceTimersByTimeAsync(300);
    request.want({ choice, recipe: recipe(1) });
    await vi.advanceTimersByTimeAsync(300);
    // The host has enough to do with the question before.
    expect(asked).toHaveLength(2);
    asked[1]?.answer(second ?? planned([]));
    await vi.advanceTimersByTimeAsync(0);
    expect([request.plan?.photos[0]?.id, request.outdated, asked.length]).toEqual([1, true, 3]);
    asked[2]?.answer(third ?? planned([]));
    await vi.advanceTimersByTimeAsync(0);
    expect([request.plan?.photos[0]?.id, request.outdated]).toEqual([3, false]);
    request.close();
  });

  test('is made again while photos are still being read, without being taken for outdated', async () => {
    const { client, asked } = slowHost();
    const request = new PlanRequest(client);
    request.want({ choice, recipe: recipe(2) });
    await vi.advanceTimersByTimeAsync(0);
    await vi.advanceTimersByTimeAsync(500);
    asked[0]?.answer(planned([], { unread: [1] }));
    await vi.advanceTimersByTimeAsync(0);
    expect([request.plan?.unread, request.outdated]).toEqual([[1], false]);
    // It took the host half a second: it is given four times that to rest.
    await vi.advanceTimersByTimeAsync(1900);
    expect(asked).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(200);
    expect([asked.length, request.outdated]).toEqual([2, false]);
    asked[1]?.answer(planned([plannedPhoto(1)]));
    await vi.advanceTimersByTimeAsync(10_000);
    expect([request.plan?.unread, asked.length]).toEqual([[], 2]);
    request.close();
  });

  test('says why it cannot be had, until it can', async () => {
    const { client, asked } = slowHost();
    const request = new PlanRequest(client);
    request.want({ choice, recipe: recipe(2) });
    await vi.advanceTimersByTimeAsync(0);
    asked[0]?.answer(new EnlargerError('internal', 'The program does not answer.'));
    await vi.advanceTimersByTimeAsync(0);
    expect([request.failure?.code, request.outdated]).toEqual(['internal', false]);
    request.again();
    asked[1]?.answer(planned([plannedPhoto(1)]));
    await vi.advanceTimersByTimeAsync(0);
    expect([request.failure, request.plan?.photos.length]).toEqual([null, 1]);
    request.close();
  });

  test('is none while the fields make no sense, and after the end', async () => {
    const { client, asked } = slowHost();
    const request = new PlanRequest(client);
    request.want({ choice, recipe: recipe(2) });
    request.want(null);
    await vi.advanceTimersByTimeAsync(1000);
    expect(asked).toHaveLength(0);
    request.want({ choice, recipe: recipe(4) });
    request.close();
    await vi.advanceTimersByTimeAsync(1000);
    expect(asked).toHaveLength(0);
  });
});
