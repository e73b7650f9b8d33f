import { rmSync, renameSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { events as contractEvents, type EventName } from '../../../core/api/contract.ts';
import type { LiveHost } from '../../../core/host/live-host.ts';
import { readEngineEnv } from '../../../core/photo/engine-env.ts';
import { recipe } from '../../fixtures/facts.ts';
import { heard, livePlace, type LivePlace } from '../../fixtures/live-place.ts';

let place: LivePlace;
beforeEach(() => {
  place = livePlace();
});
afterEach(async () => {
  await place.remove();
});

const soon = { timeout: 10_000, interval: 20 };

/** Adds the folder with the photos. */
async function add(host: LiveHost, watch = false): Promise<number[]> {
  const { ids } = await host.client.library.add({ grants: [host.grants.issue(place.space.path('photos'))], watch });
  return ids;
}

async function lookedAt(host: LiveHost, count: number): Promise<void> {
  await expect
    .poll(async () => (await host.client.library.outline()).ratios.filter((ratio) => ratio > 0).length, soon)
    .toBe(count);
}

describe('a live host', () => {
  it('looks at photos that were added, and at those that nobody looked at before it was opened', async () => {
    for (const name of ['a.jpg', 'b.jpg', 'deep/c.jpg']) place.put(name);
    const blind = await place.open({ handlers: { look: () => new Promise(() => undefined) } });
    await add(blind);
    expect((await blind.client.library.outline()).ratios).toEqual([0, 0, 0]);
    await blind.close();
    const host = await place.open();
    await lookedAt(host, 3);
    place.put('d.jpg');
    await add(host);
    await lookedAt(host, 4);
    expect((await host.client.queue.status()).looking).toMatchObject({ jobs: 1, settled: 1, failed: 0, fraction: 1 });
  });

  it('leaves no photo out of a batch that is asked for before it looked at them', async () => {
    for (let index = 0; index < 150; index += 1) place.put(`${String(index)}.jpg`);
    const none = place.space.put('photos/none.jpg', 'no photo at all');
    const host = await place.open();
    await host.client.queue.pause();
    const ids = await add(host);
    const batch = { choice: { ids }, recipe: recipe() };
    const plan = await host.client.queue.plan(batch);
    expect(plan.unread.length).toBeGreaterThan(0);
    expect(plan.photos.length + plan.unread.length + plan.refused.length).toBe(151);
    const added = await host.client.queue.add(batch);
    expect([added.jobs.length, added.plan.unread]).toEqual([150, []]);
    expect(added.plan.refused).toMatchObject([{ failure: { code: 'not-a-photo' } }]);
    expect((await host.client.library.some({ ids: added.plan.refused.map(({ id }) => id) })).photos[0]?.path).toBe(none);
  });

  it('follows a folder from the moment it is to be watched, and not after', async () => {
    place.put('a.jpg');
    const host = await place.open();
    await add(host);
    place.put('b.jpg');
    const [root] = (await host.client.library.roots()).roots;
    await host.client.library.watch({ rootId: root!.id, watched: true });
    await lookedAt(host, 2);
    place.put('c.jpg');
    await lookedAt(host, 3);
    await host.client.library.watch({ rootId: root!.id, watched: false });
    expect((await host.client.library.roots()).roots).toMatchObject([{ watched: false, photos: 3 }]);
    place.put('d.jpg');
    await wait(800);
    expect(await host.client.library.count()).toEqual({ count: 3 });
  });

  it('brings no photo back that was removed, until it is added again', async () => {
    place.put('a.jpg');
    place.put('b.jpg');
    const host = await place.open();
    const [first] = await add(host, true);
    await lookedAt(host, 2);
    await host.client.library.remove({ ids: [first!] });
    place.put('c.jpg');
    await lookedAt(host, 2);
    await host.client.library.rescan();
    await host.close();
    const second = await place.open();
    await second.client.library.rescan();
    expect((await second.client.library.list()).photos.map(({ name }) => name).sort()).toEqual(['b.jpg', 'c.jpg']);
    expect(await add(second)).toHaveLength(3);
  });

  it('forgets a folder with its photos, and touches no file', async () => {
    place.put('a.jpg');
    place.put('deep/b.jpg');
    const before = place.space.list('photos');
    const host = await place.open();
    await add(host, true);
    const [root] = (await host.client.library.roots()).roots;
    expect(await host.client.library.forgetRoot({ rootId: root!.id })).toEqual({ changed: 2 });
    expect(await host.client.library.count()).toEqual({ count: 0 });
    expect(place.space.list('photos')).toEqual(before);
    for (const gone of [
      host.client.library.forgetRoot({ rootId: root!.id }),
      host.client.library.watch({ rootId: 99, watched: true }),
    ])
      await expect(gone).rejects.toMatchObject({ code: 'not-found' });
  });

  it('works the queue off by itself, tells when it is through, and the next plan knows how long it takes', async () => {
    place.put('a.jpg');
    place.put('b.jpg', { behaviour: 'damaged' });
    place.put('c.jpg', { behaviour: 'defect' });
    const host = await place.open();
    const ids = await add(host);
    await lookedAt(host, 2);
    const rests: unknown[] = [];
    const end = host.onQueueIdle((rest) => rests.push(rest));
    const choice = { ids: [ids[0]!, ids[2]!] };
    expect((await host.client.queue.plan({ choice, recipe: recipe() })).estimateMs).toBeNull();
    await host.client.queue.add({ choice, recipe: recipe() });
    await expect.poll(() => rests, soon).toEqual([{ done: 1, failed: 1 }]);
    const again = { choice, recipe: recipe({ target: { kind: 'scale', scale: 4 } }) };
    expect((await host.client.queue.plan(again)).estimateMs).toBeGreaterThan(0);
    expect((await host.client.model.list()).models[0]?.megapixelsPerSecond).toBeGreaterThan(0);
    end();
    await host.client.queue.retry({});
    await expect.poll(async () => (await host.client.queue.status()).counts.failed, soon).toBe(1);
    expect(rests).toHaveLength(1);
  });

  it('knows how long a plan takes once its network was measured, also after the next start', async () => {
    place.put('a.jpg');
    const host = await place.open();
    const ids = await add(host);
    await lookedAt(host, 1);
    const estimate = async ({ client }: LiveHost): Promise<number | null> =>
      (await client.queue.plan({ choice: { ids }, recipe: recipe() })).estimateMs;
    expect(await estimate(host)).toBeNull();
    expect((await host.client.model.measure({ id: 'test-x2' })).megapixelsPerSecond).toBeGreaterThan(0);
    expect(await estimate(host)).toBeGreaterThan(0);
    await host.close();
    expect(await estimate(await place.open())).toBeGreaterThan(0);
  });

  it('leaves a queue alone that was paused before it was closed, and still looks at photos', async () => {
    place.put('a.jpg');
    const first = await place.open();
    const ids = await add(first);
    await lookedAt(first, 1);
    await first.client.queue.pause();
    await first.client.queue.add({ choice: { ids }, recipe: recipe() });
    await first.close();
    const second = await place.open();
    place.put('b.jpg');
    await add(second);
    await lookedAt(second, 2);
    expect(await second.client.queue.status()).toMatchObject({ paused: true, counts: { queued: 1 } });
    await second.client.queue.resume();
    await expect.poll(async () => (await second.client.review.list({ state: 'ready' })).results.length, soon).toBe(1);
  });

  it('tells every change as agreed on, together and not too often', async () => {
    for (let index = 0; index < 60; index += 1) place.put(`${String(index)}.jpg`);
    const host = await place.open();
    const startMs = performance.now();
    const news = heard(host, 'library');
    const scans = heard(host, 'scan');
    const ids = await add(host);
    await lookedAt(host, 60);
    await host.client.library.rate({ ids: [ids[0]!], rating: 4 });
    await host.client.album.create({ name: 'album' });
    await host.client.queue.add({ choice: { ids: [ids[1]!] }, recipe: recipe() });
    await expect.poll(async () => (await host.client.review.list({ state: 'ready' })).results.length, soon).toBe(1);
    let toldBefore = -1;
    while (toldBefore < news.length) {
      toldBefore = news.length;
      await wait(400);
    }
    await host.client.review.accept({});
    await expect.poll(() => news.length, soon).toBeGreaterThan(toldBefore);
    expect(news.at(-1)).toEqual({ changedIds: [ids[1]], listChanged: false });
    expect(new Set(news.flatMap(({ changedIds }) => changedIds))).toEqual(new Set(ids));
    expect(news.length).toBeLessThanOrEqual(2 + (performance.now() - startMs) / 250);
    expect(scans.map(({ running }) => running)).toEqual(expect.arrayContaining([false, true]));
    expect(scans.at(-1)).toEqual({ running: false, found: 60 });
    for (const [event, values] of Object.entries({ library: news, scan: scans }))
      for (const value of values) expect(contractEvents[event as EventName].parse(value)).toEqual(value);
  });

  it('tells of photos that go away with their folder, and come back', async () => {
    place.put('a.jpg');
    const host = await place.open();
    const ids = await add(host, true);
    await lookedAt(host, 1);
    const state = async (): Promise<string | undefined> => (await host.client.library.some({ ids })).photos[0]?.state;
    const news = heard(host, 'library');
    renameSync(place.space.path('photos'), place.space.path('elsewhere'));
    await expect.poll(state, { timeout: 15_000 }).toBe('offline');
    await expect.poll(() => news.some(({ changedIds }) => changedIds.includes(ids[0]!)), soon).toBe(true);
    renameSync(place.space.path('elsewhere'), place.space.path('photos'));
    await expect.poll(state, { timeout: 15_000 }).toBe('none');
  }, 40_000);

  it('remembers what was opened from outside until a window hears it, once', async () => {
    const host = await place.open();
    host.open([place.put('a.jpg')]);
    host.open([place.put('b.jpg')]);
    const first = heard(host, 'opened');
    expect(first).toMatchObject([{ places: [{ name: 'a.jpg' }, { name: 'b.jpg' }] }]);
    expect(heard(host, 'opened')).toEqual([]);
    host.open([place.space.path('photos')]);
    expect(first).toHaveLength(2);
    const { ids } = await host.client.library.add({ grants: first[0]!.places.map(({ grant }) => grant) });
    expect(ids).toHaveLength(2);
  });

  it('keeps its preferences, and starts engines anew with other threads', async () => {
    const host = await place.open();
    const told = heard(host, 'preferences');
    expect(told).toMatchObject([{ theme: 'system', threads: null }]);
    const threads = (): (number | null)[] => place.envs.map((env) => readEngineEnv(env()).threads);
    // Networks of the queue, on both devices, and looking at new photos; not what is on the screen.
    expect(place.envs.map((env) => readEngineEnv(env()).inBackground)).toEqual([true, true, false, true, false, false, true]);
    expect(threads()).toEqual(place.envs.map(() => null));
    expect(await host.client.preferences.set({ threads: 1, theme: 'dark' })).toMatchObject({ threads: 1, theme: 'dark' });
    expect(threads()).toEqual(place.envs.map(() => 1));
    expect(told.at(-1)).toMatchObject({ threads: 1, theme: 'dark', language: 'system' });
    await host.client.preferences.set({ language: 'de' });
    await host.close();
    expect(await (await place.open()).client.preferences.get()).toMatchObject({ threads: 1, theme: 'dark', language: 'de' });
  });

  it('does not take its own results for photos, wherever its folders lie', async () => {
    place.put('a.jpg');
    const host = await place.open();
    const ids = await add(host);
    await lookedAt(host, 1);
    await host.client.queue.add({ choice: { ids }, recipe: recipe() });
    await expect.poll(async () => (await host.client.review.list({ state: 'ready' })).results.length, soon).toBe(1);
    place.space.put('library/cache/results/pixels.tif', 'as if it were one');
    await host.client.library.add({ grants: [host.grants.issue(place.space.root)] });
    expect((await host.client.library.list()).photos.map(({ name }) => name)).toEqual(['a.jpg']);
  });

  it('goes on looking when what kept it from that is gone', async () => {
    const host = await place.open();
    const inTheWay = place.space.put('library/cache/drafts', 'a file where thumbnails are made');
    place.put('a.jpg');
    await add(host);
    await expect.poll(async () => (await host.client.queue.status()).looking.fraction, soon).toBe(1);
    expect((await host.client.library.outline()).ratios).toEqual([0]);
    rmSync(inTheWay);
    place.put('b.jpg');
    await add(host);
    await lookedAt(host, 2);
  });

  it('is open once, ends twice without harm, and lets the next one begin', async () => {
    const host = await place.open();
    await expect(place.open()).rejects.toMatchObject({ code: 'conflict' });
    await host.close();
    await host.close();
    const answer = await (await place.open()).dispatch('library', 'count', {});
    expect(answer).toEqual({ ok: true, value: { count: 0 } });
  });

  it('ends in the middle of a scan, which then failed as cancelled', async () => {
    for (let index = 0; index < 1500; index += 1) place.put(`${String(index % 30)}/${String(index)}.jpg`);
    const host = await place.open();
    // Told by the scan itself: whoever asks from time to time may come when it is over.
    const closed = new Promise<void>((resolve, reject) => {
      host.events.subscribe('scan', ({ running, found }) => {
        if (running && found > 0) host.close().then(resolve, reject);
      });
    });
    const adding = host.dispatch('library', 'add', { grants: [host.grants.issue(place.space.path('photos'))] });
    await closed;
    expect(await adding).toMatchObject({ ok: false, failure: { code: 'cancelled' } });
  });
});
