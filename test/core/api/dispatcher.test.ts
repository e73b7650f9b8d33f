import { describe, expect, it } from 'vitest';
import { createClient } from '../../../core/api/client.ts';
import { contract, type AllHandlers, type Handlers } from '../../../core/api/contract.ts';
import { createDispatcher } from '../../../core/api/dispatcher.ts';
import { EnlargerError, type Outcome } from '../../../core/photo/failure.ts';

const library: Handlers<'library'> = {
  add: () => Promise.reject(new EnlargerError('disk-full', 'The disk is full.', { retry: true })),
  rescan: () => Promise.reject(new RangeError('a defect')),
  list: ({ sort, limit }) =>
    Promise.resolve({
      photos: [
        {
          id: 1,
          name: sort,
          path: '/a',
          width: 1,
          height: 1,
          fileBytes: limit,
          takenAt: null,
          rating: 0,
          favourite: false,
          state: 'none' as const,
          thumbnailKey: null,
        },
      ],
      nextCursor: null,
    }),
  count: () => Promise.resolve({ count: -1 }),
  outline: () => Promise.resolve({ ids: [], ratios: [], days: [] }),
  some: () => Promise.resolve({ photos: [] }),
  show: ({ id }) => {
    throw new EnlargerError('not-found', `There is no photo ${id}.`);
  },
  rate: ({ ids }) => Promise.resolve({ changed: ids.length }),
  favour: () => Promise.resolve({ changed: 0 }),
  remove: () => Promise.resolve({ changed: 0 }),
  roots: () => Promise.resolve({ roots: [] }),
  watch: () => Promise.resolve({}),
  forgetRoot: () => Promise.resolve({ changed: 0 }),
  check: () => Promise.resolve({ ok: true, problems: [], photos: 0, backups: 0 }),
  backup: () => Promise.resolve({ file: 'a', bytes: 1, secret: 'not in the contract' }),
};
const handlers = { library } as unknown as AllHandlers;
const dispatch = createDispatcher(handlers);

function failureOf(outcome: Outcome<unknown>): unknown {
  if (outcome.ok) throw new Error('it went well');
  return outcome.failure;
}

describe('the dispatcher', () => {
  it('fills defaults in before the handler and drops what is not agreed on after it', async () => {
    expect(await dispatch('library', 'list', {})).toMatchObject({
      ok: true,
      value: { photos: [{ name: 'taken', fileBytes: 200 }] },
    });
    expect(await dispatch('library', 'list', undefined)).toMatchObject({ ok: true });
    expect(await dispatch('library', 'backup', {})).toEqual({ ok: true, value: { file: 'a', bytes: 1 } });
  });

  it.each([
    ['library', 'fly'],
    ['fly', 'list'],
    ['__proto__', 'toString'],
    ['constructor', 'name'],
    ['library', '__proto__'],
    ['library', 'constructor'],
    ['library', 'hasOwnProperty'],
    ['', ''],
  ])('knows no call %s.%s', async (noun, verb) => {
    expect(failureOf(await dispatch(noun, verb, {}))).toMatchObject({ code: 'not-found' });
  });

  it.each([
    ['no object', 7],
    ['null', null],
    ['a string for a number', { id: '1' }],
    ['a missing number', {}],
    ['zero', { id: 0 }],
    ['a fraction', { id: 1.5 }],
    ['not a number', { id: NaN }],
    ['an array', [1]],
  ])('refuses %s before any handler sees it', async (_, params) => {
    const failure = failureOf(await dispatch('library', 'show', params));
    expect(failure).toMatchObject({ code: 'internal', message: expect.stringContaining('library.show') as string });
  });

  it('turns whatever a handler throws, at once or later, into a failure', async () => {
    expect(failureOf(await dispatch('library', 'add', { grants: ['a'] }))).toEqual({
      code: 'disk-full',
      message: 'The disk is full.',
      retry: true,
    });
    expect(failureOf(await dispatch('library', 'rescan', {}))).toMatchObject({ code: 'internal' });
    expect(failureOf(await dispatch('library', 'show', { id: 4 }))).toEqual({
      code: 'not-found',
      message: 'There is no photo 4.',
    });
  });

  it('answers no value that breaks the contract', async () => {
    expect(failureOf(await dispatch('library', 'count', {}))).toMatchObject({ code: 'internal' });
  });

  it('has a handler for nothing that it was not given', async () => {
    expect(failureOf(await dispatch('album', 'list', {}))).toMatchObject({ code: 'not-found' });
  });
});

describe('the client', () => {
  const client = createClient(dispatch);

  it('has every call of the contract', () => {
    for (const [noun, verbs] of Object.entries(contract))
      expect(Object.keys(client[noun as keyof typeof client])).toEqual(Object.keys(verbs));
  });

  it('gives values, and throws failures with code and retry', async () => {
    const { photos } = await client.library.list({ sort: 'name' });
    expect(photos[0]?.name).toBe('name');
    expect(await client.library.roots()).toEqual({ roots: [] });
    await expect(client.library.add({ grants: ['a'] })).rejects.toMatchObject({ code: 'disk-full', retry: true });
    await expect(client.library.show({ id: 4 })).rejects.toBeInstanceOf(EnlargerError);
  });

  it('trusts no answer', async () => {
    const lying = createClient(() => Promise.resolve({ ok: true, value: { count: 'many' } }));
    await expect(lying.library.count()).rejects.toThrow();
  });
});

describe('the types of the contract', () => {
  const client = createClient(dispatch);
  const { backup, ...incomplete } = library;

  it('let nothing compile that is not agreed on', () => {
    // @ts-expect-error a missing handler does not compile
    const missing: Handlers<'library'> = incomplete;
    // @ts-expect-error a missing noun does not compile
    createDispatcher({ library });
    // @ts-expect-error a handler of another shape does not compile
    const wrong: Handlers<'library'> = { ...library, backup: () => Promise.resolve({ file: 'a' }) };
    const recipe = { version: 1, model: null, target: { kind: 'scale', scale: 2 }, denoise: 0 } as const;
    const compiledOnly = (): unknown[] => [
      // @ts-expect-error a call that is not in the contract does not compile
      client.library.fly,
      // @ts-expect-error a parameter that must be there does not compile without
      client.library.show(),
      // @ts-expect-error a parameter of another type does not compile
      client.library.list({ limit: 'all' }),
      // @ts-expect-error a path is nothing that can be chosen by
      client.queue.plan({ choice: { path: '/etc' }, recipe }),
    ];
    expect([missing, wrong, backup, compiledOnly].every((value) => typeof value !== 'undefined')).toBe(true);
  });
});
