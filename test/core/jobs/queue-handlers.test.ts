import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeFileOps, type FileOps } from '../../../core/disk/file-ops.ts';
import type { EnhanceEvent } from '../../../core/jobs/enhance-worker.ts';
import { onProcessor } from '../../../core/jobs/job-model.ts';
import { planTask } from '../../../core/jobs/enhance-task.ts';
import type { RenderParams } from '../../../core/photo/engine-protocol.ts';
import { localEngine } from '../../fixtures/engines.ts';
import type { Failure } from '../../../core/photo/failure.ts';
import { noDetails } from '../../../core/photo/photo-details.ts';
import { recipe } from '../../fixtures/facts.ts';
import { fakeHandlers } from '../../fixtures/fake-handlers.ts';
import { fakeModel } from '../../fixtures/fake-model.ts';
import { fakePhoto, type FakePhoto } from '../../fixtures/fake-photo.ts';
import { addToLibrary, openLibraryWork, type LibraryWork } from '../../fixtures/library-work.ts';
import { workspace, type Workspace } from '../../fixtures/run.ts';

let space: Workspace;
let work: LibraryWork;
let rendered: RenderParams[];
const engine = localEngine({
  render: (params, context) => {
    rendered.push(params);
    return fakeHandlers.render(params, context);
  },
});
const open = async (overrides: Parameters<typeof openLibraryWork>[2] = {}): Promise<LibraryWork> =>
  await openLibraryWork(space, engine, overrides);

beforeEach(async () => {
  space = workspace();
  rendered = [];
  work = await open();
});
afterEach(async () => {
  await work.close();
  space.remove();
});

function add(photos: readonly Partial<FakePhoto>[]): number[] {
  const paths = photos.map((photo, index) => space.put(`photos/${String(index)}.jpg`, fakePhoto({ seed: index, ...photo })));
  return addToLibrary(work.catalog, paths);
}

/** As if their files had changed, and nobody had read them since. Returns what reads one of them again. */
function forget(ids: readonly number[]): (id: number) => void {
  const { photos } = work.catalog;
  const facts = new Map(ids.map((id) => [id, photos.get(id)!.facts!]));
  const stamp = { bytes: 1, mtimeNs: 1n };
  for (const id of ids) photos.setStamp(id, stamp, null);
  return (id) => {
    photos.setLooked(id, stamp, { ok: true, facts: facts.get(id)!, details: noDetails, damaged: false, thumbnailBytes: null });
  };
}

async function reopen(overrides: Parameters<typeof openLibraryWork>[2]): Promise<void> {
  await work.close();
  work = await open(overrides);
}

describe('planning a batch', () => {
  it('tells sizes, room and time before anything is begun, and changes nothing', async () => {
    const ids = add([{}, { width: 400, height: 300 }]);
    const plan = await work.handlers.plan({ choice: { ids }, recipe: recipe() });
    expect(plan.photos).toMatchObject([
      { id: ids[0], width: 80, height: 60, original: { width: 40, height: 30 }, cached: false },
      { id: ids[1], width: 800, height: 600, original: { width: 400, height: 300 }, cached: false },
    ]);
    expect(plan).toMatchObject({ refused: [], failure: null, estimateMs: null });
    expect(plan.outputMegapixels).toBeCloseTo((80 * 60 + 800 * 600) / 1e6, 9);
    expect(plan.cacheBytes).toBeGreaterThan((80 * 60 + 800 * 600) * 3);
    expect(plan.scratchBytes).toBeGreaterThan(800 * 600 * 3);
    expect(plan.freeBytes).toBeGreaterThan(0);
    expect(work.catalog.jobs.list({})).toEqual([]);
    expect(work.catalog.results.list({})).toEqual([]);
  });

  it('estimates the time by what was measured', async () => {
    const ids = add([{}, {}]);
    const [first = 0] = ids;
    await work.handlers.add({ choice: { ids: [first] }, recipe: recipe() });
    await work.queue.run();
    const { estimateMs } = await work.handlers.plan({ choice: { ids }, recipe: recipe() });
    expect(estimateMs).toBeGreaterThan(0);
  });

  it('counts two photos with the same content once', async () => {
    const ids = add([{ seed: 7 }, { seed: 7 }]);
    const one = await work.handlers.plan({ choice: { ids: ids.slice(0, 1) }, recipe: recipe() });
    const two = await work.handlers.plan({ choice: { ids }, recipe: recipe() });
    expect(two.photos).toHaveLength(2);
    expect(two.cacheBytes).toBe(one.cacheBytes);
  });

  it('refuses what cannot be made, each for its reason, and goes on with the rest', async () => {
    const [good = 0, away = 0, huge = 0] = add([{}, {}, { width: 1, height: 1 }]);
    work.catalog.photos.setMissing([away], true);
    const plan = await work.handlers.plan({
      choice: { ids: [good, away, huge, 999] },
      recipe: recipe({ target: { kind: 'width', pixels: 50 } }),
    });
    expect(plan.photos.map(({ id }) => id)).toEqual([good]);
    expect(plan.refused.map(({ id, failure }) => [id, failure.code])).toEqual([
      [away, 'not-found'],
      [huge, 'too-large'],
      [999, 'not-found'],
    ]);
  });

  it.each([
    ['the disk', { files: { ...nodeFileOps, freeBytes: () => Promise.resolve(1000) } satisfies FileOps }, '1.0 kB'],
    ['the limit of the cache', { limitBytes: 1000 }, 'cache'],
  ])('says that %s has too little room, with figures, and adds nothing', async (_, overrides, words) => {
    await reopen(overrides);
    const ids = add([{}]);
    const { failure } = await work.handlers.plan({ choice: { ids }, recipe: recipe() });
    expect(failure).toMatchObject({ code: 'disk-full', message: expect.stringContaining(words) as string });
    await expect(work.handlers.add({ choice: { ids }, recipe: recipe() })).rejects.toMatchObject({ code: 'disk-full' });
    expect(work.catalog.jobs.list({})).toEqual([]);
  });
});

describe('adding a batch', () => {
  it('makes a result and a job of each photo, once', async () => {
    const [third = 0, ...ids] = add([{}, {}, {}]);
    const first = await work.handlers.add({ choice: { ids }, recipe: recipe() });
    expect(first).toMatchObject({ cached: 0, known: 0, jobs: [expect.any(Number), expect.any(Number)] });
    expect(work.catalog.results.list({ states: ['pending'] }).map(({ photoId }) => photoId)).toEqual(ids);
    const again = await work.handlers.add({ choice: { ids: [...ids, ...ids] }, recipe: recipe() });
    expect(again.jobs.toSorted()).toEqual(first.jobs.toSorted());
    const more = await work.handlers.add({ choice: { ids: [third, ...ids] }, recipe: recipe() });
    expect([again.known, more.known, more.jobs.slice(0, 2).toSorted()]).toEqual([2, 2, first.jobs.toSorted()]);
    expect(work.catalog.jobs.counts().queued).toBe(3);
    expect((await work.handlers.status({})).whole).toMatchObject({ jobs: 3, fraction: 0 });
  });

  it('needs no job for what is in the cache', async () => {
    const ids = add([{ seed: 1 }, { seed: 1 }]);
    const [first = 0, twin = 0] = ids;
    await work.handlers.add({ choice: { ids: [first] }, recipe: recipe() });
    await work.queue.run();
    const added = await work.handlers.add({ choice: { ids: [twin] }, recipe: recipe() });
    expect(added).toMatchObject({ jobs: [], cached: 1 });
    expect(work.catalog.results.list({ photoIds: [twin] })).toMatchObject([{ state: 'ready', strength: 0 }]);
    expect(rendered).toHaveLength(1);
  });

  it('works, pauses, cancels, retries and reorders as it is told', async () => {
    const ids = add([{}, {}, {}]);
    const { jobs } = await work.handlers.add({ choice: { ids }, recipe: recipe() });
    const [first = 0, second = 0, third = 0] = jobs;
    await work.handlers.pause({});
    expect(await work.queue.run()).toMatchObject({ done: 0, left: 3 });
    await work.handlers.move({ ids: [third], beforeId: first });
    expect(await work.handlers.cancel({ ids: [second] })).toEqual({ changed: 1 });
    expect(await work.handlers.retry({ ids: [second] })).toEqual({ changed: 1 });
    expect(await work.handlers.look({ photoIds: [ids[1] ?? 0] })).toEqual({ changed: 1 });
    const { jobs: views } = await work.handlers.jobs({ limit: 10 });
    expect(views.map(({ id }) => id)).toEqual([second, third, first]);
    expect(views.map(({ name }) => name)).toEqual(['1.jpg', '2.jpg', '0.jpg']);
    await work.handlers.resume({});
    expect(await work.queue.run()).toMatchObject({ done: 3 });
    expect(rendered.map(({ path }) => path.slice(-5))).toEqual(['1.jpg', '2.jpg', '0.jpg']);
  });
});

describe('photos that nobody read yet', () => {
  it('are told apart from those that cannot be made', async () => {
    const [read = 0, away = 0, unread = 0] = add([{}, {}, {}]);
    forget([unread]);
    work.catalog.photos.setMissing([away], true);
    const plan = await work.handlers.plan({ choice: { ids: [read, unread, away] }, recipe: recipe() });
    expect([plan.photos.map(({ id }) => id), plan.unread, plan.refused.map(({ id }) => id)]).toEqual([[read], [unread], [away]]);
  });

  it('are read before a batch is added, so that none is left out, and what is no photo is refused as that', async () => {
    const asked: (readonly number[])[] = [];
    let lookAtOne: (id: number) => void = () => undefined;
    await reopen({
      lookAt: (ids) => {
        asked.push(ids);
        // As the looker does: one becomes known, one is no photo at all, one tells nothing of itself, and one is never reached.
        lookAtOne(ids[0]!);
        work.catalog.photos.remove(ids.slice(1, 2));
        const noPhoto = { code: 'not-a-photo', message: 'This is no photo.' } as const;
        const changed = { code: 'source-changed', message: 'It changed.' } as const;
        return Promise.resolve(
          new Map<number, Failure>([
            [ids[1]!, noPhoto],
            [ids[2]!, changed],
          ]),
        );
      },
    });
    const ids = add([{}, {}, {}, {}]);
    lookAtOne = forget(ids);
    const added = await work.handlers.add({ choice: { ids }, recipe: recipe() });
    expect(asked).toEqual([ids]);
    expect(added.jobs).toHaveLength(1);
    expect(added.plan.unread).toEqual([]);
    expect(added.plan.refused.map(({ id, failure }) => [id, failure.code])).toEqual([
      [ids[1], 'not-a-photo'],
      [ids[2], 'source-changed'],
      [ids[3], 'not-found'],
    ]);
  });
});

describe('the work on a photo of the library', () => {
  it('makes its result ready, and tells a host what it took', async () => {
    const events: EnhanceEvent[] = [];
    await reopen({ onEvent: (event) => events.push(event) });
    const ids = add([{}]);
    await work.handlers.add({ choice: { ids }, recipe: recipe() });
    await work.queue.run();
    expect(work.catalog.results.list({})).toMatchObject([{ state: 'ready', strength: 0, failure: null }]);
    expect(events.map(({ type }) => type)).toEqual(['started', 'rendered']);
    expect(events[1]).toMatchObject({ rendered: { width: 80, height: 60, work: { tiles: 4 } }, result: { state: 'ready' } });
  });

  it('uses the tiles that a preview computed, and lets go of them', async () => {
    const ids = add([{}]);
    const photo = work.catalog.photos.get(ids[0] ?? 0);
    if (photo?.facts === undefined || photo.facts === null) throw new Error('not looked at');
    const models = [fakeModel(space.path('.state/model'))];
    const { key } = planTask({ path: photo.path, facts: photo.facts }, recipe(), models, onProcessor);
    const log = await work.cache.previews.pathFor(key);
    writeFileSync(log, 'tiles');
    await work.handlers.add({ choice: { ids }, recipe: recipe() });
    await work.queue.run();
    expect(rendered.map(({ tileLog }) => tileLog)).toEqual([log]);
    expect(await work.cache.previews.bytes()).toBe(0);
  });

  it('reads a photo first whose file was touched while it waited', async () => {
    let read: (id: number) => void = () => undefined;
    await reopen({
      lookAt: (ids) => {
        for (const id of ids) read(id);
        return Promise.resolve(new Map());
      },
    });
    const ids = add([{}]);
    await work.handlers.add({ choice: { ids }, recipe: recipe() });
    read = forget(ids);
    expect(await work.queue.run()).toMatchObject({ done: 1, failed: 0 });
  });

  it('fails with its reason when the photo is away, and is done when it is back and tried again', async () => {
    const ids = add([{}]);
    await work.handlers.add({ choice: { ids }, recipe: recipe() });
    work.catalog.photos.setMissing(ids, true);
    expect(await work.queue.run()).toMatchObject({ failed: 1 });
    expect(work.catalog.results.list({})).toMatchObject([{ state: 'pending', failure: { code: 'not-found' } }]);
    work.catalog.photos.setMissing(ids, false);
    expect(await work.handlers.retry({})).toEqual({ changed: 1 });
    expect(await work.queue.run()).toMatchObject({ done: 1 });
    expect(work.catalog.results.list({})).toMatchObject([{ state: 'ready', failure: null }]);
  });

  it('is refused when other pixels would come of it than were asked for', async () => {
    const ids = add([{}]);
    await work.handlers.add({ choice: { ids }, recipe: recipe() });
    await reopen({ models: [fakeModel(space.path('.state/other'), { scale: 4 })] });
    expect(await work.queue.run()).toMatchObject({ failed: 1 });
    expect(work.catalog.results.list({})[0]?.failure?.code).toBe('source-changed');
    expect(rendered).toEqual([]);
  });

  it('fails rather than drop results that were accepted', async () => {
    const [first = 0, second = 0] = add([{}, {}]);
    await work.handlers.add({ choice: { ids: [first, second] }, recipe: recipe() });
    await work.handlers.move({ ids: [work.queue.jobs(1)[0]?.id ?? 0], beforeId: null });
    await work.handlers.cancel({ ids: [work.queue.jobs(2)[1]?.id ?? 0] });
    await work.queue.run();
    const kept = work.catalog.results.list({ states: ['ready'] })[0];
    if (kept === undefined) throw new Error('nothing was made');
    work.catalog.results.apply(kept.id, 'accept');
    await work.handlers.retry({ ids: work.catalog.jobs.list({ states: ['cancelled'] }).map(({ id }) => id) });
    work.cache.setLimit(2000);
    expect(await work.queue.run()).toMatchObject({ failed: 1 });
    expect(work.catalog.jobs.list({ states: ['failed'] })[0]?.status).toMatchObject({ failure: { code: 'disk-full' } });
    expect(await work.cache.results.find(kept.key)).not.toBeNull();
  });
});
