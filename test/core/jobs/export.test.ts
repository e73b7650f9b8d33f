import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resultKey } from '../../../core/cache/result-key.ts';
import { nodeFileOps } from '../../../core/disk/file-ops.ts';
import { addExportBatch, planExportBatch } from '../../../core/jobs/export-batch.ts';
import { exportHandlers } from '../../../core/jobs/export-handlers.ts';
import type { ExportService } from '../../../core/jobs/export-worker.ts';
import type { ExportSettings } from '../../../core/photo/export-settings.ts';
import { EnlargerError, isFailureCode } from '../../../core/photo/failure.ts';
import { noDetails } from '../../../core/photo/photo-details.ts';
import { localEngine } from '../../fixtures/engines.ts';
import { addAccepted, batchService, exportSettings, storePixels } from '../../fixtures/export-place.ts';
import { openExportScene, type ExportScene } from '../../fixtures/export-scene.ts';
import { fakeHandlers } from '../../fixtures/fake-handlers.ts';
import { isWholeResult } from '../../fixtures/fake-photo.ts';
import { fillDraft, resultParts } from '../../fixtures/stored-results.ts';

let scene: ExportScene;
beforeEach(async () => {
  scene = await openExportScene();
});
afterEach(async () => {
  await scene.close();
});

const key = (seed: number) => resultKey(resultParts(seed));

describe('an export', () => {
  it('makes one whole file for each accepted result, marks it exported, and leaves nothing else', async () => {
    await addAccepted(scene.place, '/photos/a.jpg', 1);
    await addAccepted(scene.place, '/photos/b.png', 2, { facts: { format: 'png' } });
    const { jobs, skipped, refused } = await scene.add();
    expect([jobs.length, skipped, refused]).toEqual([2, [], []]);
    expect(scene.outcomes(await scene.work())).toEqual(['a.jpg', 'b.png']);
    expect(scene.space.list('out')).toEqual(['a.jpg', 'b.png']);
    for (const name of ['a.jpg', 'b.png']) expect(isWholeResult(scene.space.read(`out/${name}`))).toBe(true);
    expect(scene.place.catalog.results.list({}).map(({ state }) => state)).toEqual(['exported', 'exported']);
    expect(scene.place.catalog.exports.unfinished()).toEqual([]);
    expect(scene.place.catalog.jobs.counts()).toMatchObject({ done: 2, failed: 0, queued: 0 });
  });

  it('hands the engine everything that was decided', async () => {
    await addAccepted(scene.place, '/photos/a.jpg', 1, { details: { takenAt: '2024-05-31T18:04:09' } });
    const settings = { format: 'png', size: { kind: 'long-side', pixels: 40 }, densityDpi: 300, strip: 'gps' } as const;
    await scene.add({ ...settings, template: '{date}/{name}_{scale}x_{model}' });
    expect(scene.outcomes(await scene.work())).toEqual(['2024-05-31/a_2x_photo-x2.png']);
    expect(scene.encoded).toHaveLength(1);
    expect(scene.encoded[0]).toMatchObject({
      output: { format: 'png', quality: null },
      size: { width: 40, height: 30 },
      densityDpi: 300,
      strip: 'gps',
      provenance: { software: 'Enlarger', modelId: 'photo-x2', scale: 1, sourceSha256: resultParts(1).sourceSha256 },
    });
  });

  it('is skipped the second time, and made again when its file is gone or another one', async () => {
    await addAccepted(scene.place, '/photos/a.jpg', 1);
    await scene.add();
    await scene.work();
    expect((await scene.add()).skipped.map(({ reason }) => reason)).toEqual([
      `already exported: ${scene.space.path('out/a.jpg')}`,
    ]);
    expect((await scene.add({ conflict: 'overwrite' })).skipped).toHaveLength(1);
    rmSync(scene.space.path('out/a.jpg'));
    expect((await scene.add()).jobs).toHaveLength(1);
    expect(scene.outcomes(await scene.work())).toEqual(['a.jpg']);
    const mine = scene.space.read('out/a.jpg').replace('.', '!');
    writeFileSync(scene.space.path('out/a.jpg'), mine);
    expect((await scene.add()).jobs).toHaveLength(1);
    expect(scene.outcomes(await scene.work())).toEqual(['a (1).jpg']);
    expect(scene.space.read('out/a.jpg')).toBe(mine);
  });

  it('is another one in another format, size, folder or name, and runs no network for it', async () => {
    await addAccepted(scene.place, '/photos/a.jpg', 1);
    const variants: Partial<ExportSettings>[] = [
      {},
      { format: 'png' },
      { quality: 50 },
      { size: { kind: 'long-side', pixels: 40 } },
      { densityDpi: 300 },
      { strip: 'all' },
      { template: '{name} again' },
    ];
    for (const settings of variants) {
      expect((await scene.add(settings)).jobs).toHaveLength(1);
      await scene.work();
    }
    expect((await scene.add({}, scene.space.path('out/other'))).jobs).toHaveLength(1);
    await scene.work();
    expect(scene.space.list('out')).toHaveLength(variants.length + 1);
    // What comes to the same is the same.
    expect((await scene.add({ format: 'jpeg', quality: 95 })).skipped).toHaveLength(1);
    expect(scene.failures()).toEqual([]);
  });

  it('is not put into the queue twice', async () => {
    await addAccepted(scene.place, '/photos/a.jpg', 1);
    const { jobs } = await scene.add();
    expect(jobs).toHaveLength(1);
    expect(await scene.add()).toEqual({ jobs, skipped: [], refused: [] });
    await scene.work();
    expect(scene.space.list('out')).toEqual(['a.jpg']);
  });

  it('of a result that was rejected meanwhile is skipped', async () => {
    const id = await addAccepted(scene.place, '/photos/a.jpg', 1);
    await scene.add();
    scene.place.catalog.results.apply(id, 'reject');
    expect(scene.outcomes(await scene.work())).toEqual(['the result is not accepted any more']);
    expect(scene.space.list('out')).toEqual([]);
  });

  it('of what a format cannot hold is refused before anything is begun', async () => {
    const id = await addAccepted(scene.place, '/photos/a.jpg', 1);
    const service = { ...batchService(scene.place, nodeFileOps, scene.run.scratchDirectory), limits: { encodeMemoryBytes: 10 } };
    const results = scene.place.catalog.results.list({});
    const { planned, refused } = planExportBatch(service, {
      results,
      folder: scene.space.path('out'),
      settings: exportSettings({ format: 'avif' }),
    });
    expect(planned).toEqual([]);
    expect(refused).toMatchObject([{ resultId: id, failure: { code: 'too-large' } }]);
  });

  it('says before anything is begun that a disk is too small, with its name and the bytes', async () => {
    await addAccepted(scene.place, '/photos/a.jpg', 1);
    const files = { ...nodeFileOps, freeBytes: () => Promise.resolve(1500) };
    const error: unknown = await addExportBatch(batchService(scene.place, files, scene.run.scratchDirectory), {
      results: scene.place.catalog.results.list({}),
      folder: scene.space.path('out/new'),
      settings: exportSettings(),
    }).catch((thrown: unknown) => thrown);
    expect(isFailureCode(error, 'disk-full')).toBe(true);
    expect((error as Error).message).toContain(scene.space.path('out'));
    expect((error as Error).message).toMatch(/2\.0 kB are needed .* 1\.5 kB are free/);
    expect(scene.place.catalog.jobs.counts().queued).toBe(0);
    expect(scene.place.catalog.exports.unfinished()).toEqual([]);
    expect(scene.space.list('out')).toEqual([]);
  });
});

describe('pixels that left the cache', () => {
  const rendering =
    (seen: string[] = []): ExportService['render'] =>
    async (result) => {
      seen.push(result.key);
      const draft = await scene.place.cache.results.draft();
      fillDraft(draft.directory, resultParts(1));
      return await draft.commit(result.key);
    };

  it('are made again first', async () => {
    await addAccepted(scene.place, '/photos/a.jpg', 1);
    await scene.place.cache.results.remove(key(1));
    await scene.add();
    const seen: string[] = [];
    expect(scene.outcomes(await scene.work({ render: rendering(seen) }))).toEqual(['a.jpg']);
    expect(seen).toEqual([key(1)]);
  });

  it('or prove to be damaged when they are read, are made again once', async () => {
    await addAccepted(scene.place, '/photos/a.jpg', 1);
    const { directory } = (await scene.place.cache.results.find(key(1))) ?? { directory: '' };
    const pixels = readFileSync(join(directory, 'pixels.tif'));
    pixels[0] = (pixels[0] ?? 0) ^ 1;
    writeFileSync(join(directory, 'pixels.tif'), pixels);
    await scene.add();
    const seen: string[] = [];
    expect(scene.outcomes(await scene.work({ render: rendering(seen) }))).toEqual(['a.jpg']);
    expect(seen).toEqual([key(1)]);
    expect(isWholeResult(scene.space.read('out/a.jpg'))).toBe(true);
  });

  it('cannot be made again of another photo, or of one that is away', async () => {
    await addAccepted(scene.place, '/photos/a.jpg', 1);
    await scene.place.cache.results.remove(key(1));
    await scene.add();
    const { get } = scene.place.catalog.photos;
    const photos = (changes: object): ExportService['photos'] => ({
      get: (id) => {
        const photo = get(id);
        return photo === null ? null : { ...photo, ...changes };
      },
    });
    const facts = scene.place.catalog.photos.get(1)?.facts;
    await scene.work({ photos: photos({ facts: { ...facts, sha256: 'f'.repeat(64) } }) });
    expect(scene.failures().map(({ code }) => code)).toEqual(['source-changed']);
    scene.place.catalog.jobs.apply(1, { type: 'retry' });
    await scene.work({ photos: photos({ offline: true }) });
    expect(scene.failures().map(({ code }) => code)).toEqual(['not-found']);
    await storePixels(scene.place.cache, 1);
    scene.place.catalog.jobs.apply(1, { type: 'retry' });
    expect(scene.outcomes(await scene.work({ photos: photos({ offline: true }) }))).toEqual(['a.jpg']);
  });
});

describe('an engine that dies', () => {
  it('costs one attempt', async () => {
    await addAccepted(scene.place, '/photos/a.jpg', 1);
    await scene.add();
    let times = 0;
    const events = await scene.work({
      engine: localEngine({
        encode: async (params, context) => {
          if ((times += 1) === 1) throw new EnlargerError('device-failed', 'It died.', { retry: true });
          return await fakeHandlers.encode(params, context);
        },
      }),
    });
    expect(scene.outcomes(events)).toEqual(['a.jpg']);
    expect(scene.space.list('out')).toEqual(['a.jpg']);
  });
});

describe('the calls of the contract', () => {
  const handlers = (lookAt: (ids: readonly number[]) => Promise<void> = () => Promise.resolve()) =>
    exportHandlers({
      lookAt,
      ...batchService(scene.place, nodeFileOps, scene.run.scratchDirectory),
      jobs: scene.place.catalog.jobs,
      results: scene.place.catalog.results,
      choose: (choice) => scene.place.catalog.photos.choose(choice),
      resolve: () => scene.space.path('out'),
    });

  it('show what the files will be called, and then make exactly these', async () => {
    for (const [index, name] of ['b', 'a', 'c'].entries()) await addAccepted(scene.place, `/photos/${name}.jpg`, index + 1);
    const settings = exportSettings({ template: 'sub/{n:2} {name}' });
    const { files, failure } = await handlers().preview({ folder: 'grant', settings });
    expect(failure).toBeNull();
    expect(files[0]).toEqual({ resultId: 1, name: 'sub/01 b.jpg', width: 80, height: 60, bytes: 1800 });
    expect((await handlers().add({ folder: 'grant', settings })).jobs).toHaveLength(3);
    expect(scene.outcomes(await scene.work())).toEqual(files.map(({ name }) => name));
  });

  it('take accepted and exported results of chosen photos, in their order', async () => {
    for (const [index, name] of ['b', 'a', 'c'].entries()) await addAccepted(scene.place, `/photos/${name}.jpg`, index + 1);
    scene.place.catalog.results.apply(3, 'reject');
    const settings = exportSettings({ template: '{n}' });
    const names = async (ids: number[]) =>
      (await handlers().preview({ choice: { ids }, folder: 'grant', settings })).files.map(({ resultId }) => resultId);
    expect(await names([2, 1, 3])).toEqual([2, 1]);
    expect(await names([3])).toEqual([]);
  });

  it('read a photo first that changed since, and say what is wrong with one that stays unread', async () => {
    const { photos } = scene.place.catalog;
    for (const [index, name] of ['a', 'b'].entries()) await addAccepted(scene.place, `/photos/${name}.jpg`, index + 1);
    const { facts } = photos.get(1)!;
    const stamp = { bytes: 5, mtimeNs: 5n };
    for (const id of [1, 2]) photos.setStamp(id, stamp, null);
    const asked: (readonly number[])[] = [];
    const lookAt = (ids: readonly number[]): Promise<void> => {
      asked.push(ids);
      photos.setLooked(1, stamp, { ok: true, facts: facts!, details: noDetails, damaged: false, thumbnailBytes: null });
      return Promise.resolve();
    };
    const settings = exportSettings({});
    const { files, refused } = await handlers(lookAt).preview({ folder: 'grant', settings });
    expect(files.map(({ resultId }) => resultId)).toEqual([1]);
    expect(refused).toMatchObject([{ resultId: 2, failure: { message: expect.stringMatching(/not looked at yet/) as string } }]);
    expect(await handlers(lookAt).add({ folder: 'grant', settings })).toMatchObject({
      jobs: { length: 1 },
      refused: { length: 1 },
    });
    expect(asked).toEqual([
      [1, 2],
      [1, 2],
    ]);
  });

  it('tell names and sizes before a folder is chosen, and then whether there is room', async () => {
    await addAccepted(scene.place, '/photos/a.jpg', 1);
    const settings = exportSettings({ template: 'sub/{name}' });
    const without = await handlers().preview({ folder: null, settings });
    const chosen = await handlers().preview({ folder: 'grant', settings });
    expect(without).toEqual({ ...chosen, freeBytes: null });
    expect(chosen.files.map(({ name }) => name)).toEqual(['sub/a.jpg']);
    expect(chosen.freeBytes).toBeGreaterThan(0);
  });

  it('tell what came of jobs: the file, or why there is none', async () => {
    for (const [index, name] of ['a', 'b', 'c'].entries()) await addAccepted(scene.place, `/photos/${name}.jpg`, index + 1);
    writeFileSync(scene.space.path('out/b.jpg'), 'here before');
    const settings = exportSettings({ conflict: 'skip' });
    const { jobs } = await handlers().add({ folder: 'grant', settings });
    expect((await handlers().outcomes({ jobs })).outcomes).toEqual([]);
    scene.place.catalog.results.apply(3, 'reject');
    await scene.work();
    const [a = 0, b = 0, c = 0] = jobs;
    expect((await handlers().outcomes({ jobs: [a, b, c, 999] })).outcomes).toEqual([
      { jobId: a, resultId: 1, path: scene.space.path('out/a.jpg'), skipped: null },
      { jobId: b, resultId: 2, path: null, skipped: 'name-taken' },
      { jobId: c, resultId: 3, path: null, skipped: 'not-accepted' },
    ]);
    expect((await handlers().add({ choice: { ids: [1] }, folder: 'grant', settings })).skipped).toEqual([
      { resultId: 1, reason: `already exported: ${scene.space.path('out/a.jpg')}`, path: scene.space.path('out/a.jpg') },
    ]);
  });
});
