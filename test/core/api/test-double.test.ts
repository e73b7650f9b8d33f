import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { contract, type AnyCall } from '../../../core/api/contract.ts';
import { emptyValue } from '../../../core/api/empty-value.ts';
import { createTestDouble } from '../../../core/api/test-double.ts';
import { EnlargerError } from '../../../core/photo/failure.ts';

describe('the test double', () => {
  const all = Object.entries<Readonly<Record<string, AnyCall>>>(contract).flatMap(([noun, verbs]) =>
    Object.entries(verbs).map(([verb, call]) => ({ noun, verb, call })),
  );

  it.each(all)('answers $noun $verb with a value of the contract without being told', async ({ noun, verb, call }) => {
    const { client, calls } = createTestDouble();
    const nouns = client as unknown as Record<string, Record<string, (params: unknown) => Promise<unknown>>>;
    const answer = await nouns[noun]![verb]!(emptyValue(call.params));
    expect(call.result.parse(answer)).toEqual(answer);
    expect(calls).toHaveLength(1);
  });

  it('answers what it is told: a value, a failure, or a function of what was asked', async () => {
    const { client, calls } = createTestDouble({
      library: { count: { count: 100_000 }, rate: ({ ids }) => ({ changed: ids.length }) },
      queue: { add: new EnlargerError('disk-full', 'Nothing fits any more.') },
    });
    expect(await client.library.count()).toEqual({ count: 100_000 });
    expect(await client.library.rate({ ids: [1, 2], rating: 5 })).toEqual({ changed: 2 });
    const recipe = { version: 1, model: null, target: { kind: 'scale', scale: 2 }, denoise: 'auto' } as const;
    await expect(client.queue.add({ choice: { ids: [1] }, recipe })).rejects.toMatchObject({ code: 'disk-full' });
    expect(calls.map(({ call }) => call)).toEqual(['library.count', 'library.rate', 'queue.add']);
  });

  it('lets no override break the contract', async () => {
    await expect(createTestDouble({ library: { count: { count: -1 } } }).client.library.count()).rejects.toMatchObject({
      code: 'internal',
    });
  });
});

describe('the empty value', () => {
  it('is refused for a schema that it cannot make one for', () => {
    expect(() => emptyValue(z.date())).toThrow(/date/);
    expect(() => emptyValue(z.number().min(5))).toThrow(TypeError);
  });
});
