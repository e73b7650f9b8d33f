import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { setTimeout as wait } from 'node:timers/promises';
import { createImporter } from '../../../core/library/import.ts';
import type { LookCall } from '../../../core/library/import-batch.ts';
import { createLooker, type Looker } from '../../../core/library/looker.ts';
import { EnlargerError } from '../../../core/photo/failure.ts';
import { hashingLook, scanPlace, type ScanPlace } from './scan-place.ts';

let place: ScanPlace;
let looker: Looker | null = null;
let order: string[];
let troubles: unknown[];
beforeEach(() => {
  place = scanPlace();
  order = [];
  troubles = [];
});
afterEach(async () => {
  await looker?.close();
  looker = null;
  place.remove();
});

function start(look: LookCall = hashingLook, onProgress: () => void = () => undefined): Looker {
  const importer = createImporter({
    catalog: place.catalog,
    look: async (items, signal) => {
      order.push(...items.map(({ path }) => path.slice(place.space.path('in/').length)));
      return await look(items, signal);
    },
    thumbnails: {
      draft: () => Promise.resolve('draft'),
      adopt: () => Promise.resolve(),
      drop: () => Promise.resolve(),
    },
  });
  looker = createLooker({
    ...{ photos: place.catalog.photos, importer, onProgress },
    onTrouble: (error) => troubles.push(error),
    retryMs: 50,
  });
  return looker;
}

async function files(count: number, name = 'a'): Promise<number[]> {
  for (let index = 0; index < count; index += 1)
    place.space.put(`in/${name}${String(index).padStart(4, '0')}.jpg`, `${name}${String(index)}`);
  return (await place.add('in')).ids;
}

const left = (): number => place.catalog.photos.countToLookAt();
const soon = { timeout: 5000, interval: 5 };

describe('the looker', () => {
  it('looks at everything when it is woken, and tells how far it is, which never falls', async () => {
    await files(150);
    const fractions: number[] = [];
    const looking = start(hashingLook, () => void fractions.push(looking.progress().fraction));
    expect(looking.progress()).toMatchObject({ jobs: 0, fraction: 1, remainingMs: 0 });
    expect(left()).toBe(150);
    looking.wake();
    await expect.poll(left, soon).toBe(0);
    await expect.poll(() => looking.progress(), soon).toMatchObject({ jobs: 150, settled: 150, failed: 0, fraction: 1 });
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
    expect(new Set(fractions).size).toBeGreaterThan(3);
    expect(fractions.slice(0, -2).every((fraction) => fraction < 1)).toBe(true);
    expect(order).toHaveLength(150);
  });

  it('looks at what comes while it looks, and after it had nothing left', async () => {
    await files(40);
    const looking = start();
    looking.wake();
    await files(40, 'b');
    looking.wake();
    await expect.poll(left, soon).toBe(0);
    await files(3, 'c');
    looking.wake();
    await expect.poll(left, soon).toBe(0);
    expect(order).toHaveLength(83);
    await expect.poll(() => looking.progress(), soon).toMatchObject({ jobs: 3, settled: 3 });
  });

  it('looks at what is on the screen first', async () => {
    const ids = await files(300);
    const looking = start(async (items, signal) => {
      await wait(5);
      return await hashingLook(items, signal);
    });
    looking.wake();
    await expect.poll(() => order.length, soon).toBeGreaterThan(0);
    looking.prefer([ids[290]!, 99_999, ids[280]!]);
    await expect.poll(left, soon).toBe(0);
    const places = ['a0290.jpg', 'a0280.jpg'].map((name) => order.indexOf(name));
    for (const at of places) expect(at).toBeLessThan(150);
    expect(new Set(order).size).toBe(300);
    expect(order).toHaveLength(300);
  });

  it('looks at what somebody waits for first, and says when that is through and what was wrong with it', async () => {
    const ids = await files(300);
    const looking = start(async (items, signal) => {
      await wait(5);
      const looks = await hashingLook(items, signal);
      return looks.map((looked, index) =>
        items[index]!.path.endsWith('a0295.jpg')
          ? { ok: false as const, failure: { code: 'source-changed' as const, message: 'It changed.' } }
          : looked,
      );
    });
    const wanted = [ids[290]!, ids[295]!, 99_999];
    const failures = await looking.lookAt(wanted);
    expect([...failures]).toEqual([[ids[295], { code: 'source-changed', message: 'It changed.' }]]);
    expect(order.slice(0, 2)).toEqual(['a0290.jpg', 'a0295.jpg']);
    expect(place.catalog.photos.unlooked(wanted)).toEqual([ids[295]]);
    expect(left()).toBeGreaterThan(1);
    // What is through needs no looking, and nobody is woken for it.
    await expect.poll(left, soon).toBe(1);
    const before = order.length;
    expect(await looking.lookAt([ids[0]!])).toEqual(new Map());
    expect(order).toHaveLength(before);
  });

  it('does not keep anybody waiting for what goes away meanwhile, or cannot be looked at', async () => {
    const ids = await files(40);
    const looking = start(async (items, signal) => {
      await wait(5);
      return await hashingLook(items, signal);
    });
    const waiting = looking.lookAt(ids);
    place.catalog.photos.setMissing(ids.slice(32), true);
    expect(await waiting).toEqual(new Map());
    await looking.close();
    await expect(looking.lookAt([ids[39]!])).resolves.toEqual(new Map());
    place.catalog.photos.setMissing(ids.slice(32), false);
    await expect(looking.lookAt(ids)).rejects.toMatchObject({ code: 'cancelled' });
    let isFull = true;
    const next = start(async (items, signal) =>
      isFull
        ? items.map(() => ({ ok: false, failure: { code: 'disk-full', message: 'The disk is full.' } }))
        : await hashingLook(items, signal),
    );
    await expect(next.lookAt(ids)).rejects.toMatchObject({ code: 'disk-full' });
    isFull = false;
    expect(await next.lookAt(ids)).toEqual(new Map());
    expect(left()).toBe(0);
  });

  it('tries again later when it cannot go on', async () => {
    await files(5);
    let full = true;
    const looking = start(async (items, signal) => {
      if (full) return items.map(() => ({ ok: false, failure: { code: 'disk-full', message: 'The disk is full.' } }));
      return await hashingLook(items, signal);
    });
    looking.wake();
    await expect.poll(() => troubles.length, soon).toBeGreaterThan(0);
    expect(troubles[0]).toMatchObject({ code: 'disk-full' });
    expect(left()).toBe(5);
    full = false;
    await expect.poll(left, soon).toBe(0);
  });

  it('leaves a photo alone that tells nothing of itself, until it is woken again', async () => {
    await files(2);
    let asked = 0;
    const looking = start((items) => {
      asked += items.length;
      return Promise.resolve(items.map(() => ({ ok: false, failure: { code: 'source-changed', message: 'It changed.' } })));
    });
    looking.wake();
    await expect.poll(() => looking.progress().fraction, soon).toBe(1);
    await wait(200);
    expect(asked).toBe(2);
    looking.wake();
    await expect.poll(() => asked, soon).toBe(4);
  });

  it('stops when it is closed, and what was not seen by then is seen by the next', async () => {
    await files(200);
    const looking = start(async (items, signal) => {
      await wait(10, undefined, { signal }).catch((error: unknown) => {
        throw new EnlargerError('cancelled', 'Stopped.', { cause: error });
      });
      return await hashingLook(items, signal);
    });
    looking.wake();
    await expect.poll(() => order.length, soon).toBeGreaterThan(0);
    await looking.close();
    expect(left()).toBeGreaterThan(0);
    looking.wake();
    await wait(50);
    expect(troubles).toEqual([]);
    start().wake();
    await expect.poll(left, soon).toBe(0);
  });
});
