/** The queue of a library over two devices: which one makes a photo, and under which key it is kept. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { possibleKeys, planTask, tasksOn } from '../../../core/jobs/enhance-task.ts';
import { onProcessor, type NetworkDevice } from '../../../core/jobs/job-model.ts';
import type { InstalledModel } from '../../../core/jobs/model-store.ts';
import { renderAgain } from '../../../core/jobs/render-again.ts';
import { guardedGraphics, workDevices } from '../../../core/jobs/work-devices.ts';
import { nodeFileOps } from '../../../core/disk/file-ops.ts';
import type { Device } from '../../../core/photo/device.ts';
import { EnlargerError } from '../../../core/photo/failure.ts';
import { localEngine } from '../../fixtures/engines.ts';
import { recipe } from '../../fixtures/facts.ts';
import { fakeHandlers } from '../../fixtures/fake-handlers.ts';
import { fakeGpuModel } from '../../fixtures/fake-model.ts';
import { fakePhoto } from '../../fixtures/fake-photo.ts';
import { addToLibrary, openLibraryWork, type LibraryWork } from '../../fixtures/library-work.ts';
import { workspace, type Workspace } from '../../fixtures/run.ts';

let space: Workspace;
let model: InstalledModel;
let work: LibraryWork;
/** What each device rendered, by name, in order. */
let rendered: Record<Device, string[]>;
let told: string[];
/** The graphics processor is there, and does this to a photo; null: it works. */
let graphicsIs: { there: boolean; fault: EnlargerError | null; gain: number | null };
/** Renderings wait here until they are let go; null: nobody waits. */
let gate: Promise<void> | null;

const engineOf = (device: Device): ReturnType<typeof localEngine> =>
  localEngine({
    async render(params, context) {
      if (device === 'webgpu' && graphicsIs.fault !== null) throw graphicsIs.fault;
      expect(params.model?.device).toBe(device);
      rendered[device].push(params.path.split('/').at(-1) ?? '');
      await gate;
      return await fakeHandlers.render(params, context);
    },
  });

const onGraphics = ({ card }: InstalledModel): NetworkDevice => {
  const variant = card.variants.find(({ file }) => file === 'gpu.onnx')!;
  return { device: 'webgpu', variant, tileSide: 64 };
};
const out = new Set<Device>();
const devicesFor = (one: InstalledModel): readonly NetworkDevice[] =>
  graphicsIs.there && !out.has('webgpu') ? [onGraphics(one), ...onProcessor(one)] : onProcessor(one);
const devices = (): ReturnType<typeof workDevices> =>
  workDevices({ devicesFor, prepare: () => Promise.resolve(), gainOfBoth: () => graphicsIs.gain });
const graphics = (): ReturnType<typeof guardedGraphics> =>
  guardedGraphics(
    {
      engine: engineOf('webgpu'),
      devices: { isTrusted: (device) => !out.has(device), distrust: (device) => Promise.resolve(void out.add(device)) },
    },
    (reason) => told.push(reason),
  );

beforeEach(async () => {
  space = workspace();
  model = fakeGpuModel(space.path('model'));
  rendered = { cpu: [], webgpu: [] };
  told = [];
  out.clear();
  graphicsIs = { there: true, fault: null, gain: null };
  gate = null;
  work = await openLibraryWork(space, engineOf('cpu'), { models: [model], devices: devices(), graphics: graphics() });
});
afterEach(async () => {
  await work.close();
  space.remove();
});

function add(count: number): number[] {
  const paths = Array.from({ length: count }, (_, seed) => space.put(`photos/${String(seed)}.jpg`, fakePhoto({ seed })));
  return addToLibrary(work.catalog, paths);
}

const enhance = (ids: number[]): ReturnType<LibraryWork['handlers']['add']> =>
  work.handlers.add({ choice: { ids }, recipe: recipe() });
const results = (): { state: string; variant: string | undefined; key: string; id: number }[] =>
  work.catalog.results.list({}).map(({ id, key, state, modelSha256 }) => ({
    ...{ id, key, state },
    variant: model.card.variants.find(({ sha256 }) => sha256 === modelSha256)?.file,
  }));

describe('a photo of the library', () => {
  it('is made by the best device', async () => {
    await enhance(add(2));
    expect(await work.queue.run()).toMatchObject({ done: 2, failed: 0 });
    expect(rendered).toEqual({ cpu: [], webgpu: ['0.jpg', '1.jpg'] });
    expect(results()).toMatchObject([
      { state: 'ready', variant: 'gpu.onnx' },
      { state: 'ready', variant: 'gpu.onnx' },
    ]);
  });

  it('is kept under the file that made it, where a better device was found after it was asked for', async () => {
    graphicsIs.there = false;
    const ids = add(1);
    await enhance(ids);
    const [{ key: before, id } = { key: '', id: 0 }] = results();
    graphicsIs.there = true;
    await work.queue.run();
    expect(results()).toMatchObject([{ id, state: 'ready', variant: 'gpu.onnx' }]);
    const [{ key } = { key: '' }] = results();
    expect(key).not.toBe(before);
    expect(await work.cache.results.find(key)).not.toBeNull();
    expect(await work.cache.results.find(before)).toBeNull();
  });

  it('is not made again because another device is there now, nor asked for twice while it waits', async () => {
    graphicsIs.there = false;
    const ids = add(2);
    await enhance(ids.slice(0, 1));
    await work.queue.run();
    await enhance(ids.slice(1));
    graphicsIs.there = true;
    const again = await enhance(ids);
    expect([again.cached, again.known, again.jobs.length]).toEqual([1, 1, 1]);
    await work.queue.run();
    expect(rendered).toEqual({ cpu: ['0.jpg'], webgpu: ['1.jpg'] });
    expect(results().map(({ state, variant }) => [state, variant])).toEqual([
      ['ready', 'int8.onnx'],
      ['ready', 'gpu.onnx'],
    ]);
  });

  it('is made again where the device that made it may not be used any more', async () => {
    const ids = add(1);
    await enhance(ids);
    await work.queue.run();
    graphicsIs.there = false;
    await enhance(ids);
    await work.queue.run();
    expect(rendered).toEqual({ cpu: ['0.jpg'], webgpu: ['0.jpg'] });
    expect(results().map(({ variant }) => variant)).toEqual(['gpu.onnx', 'int8.onnx']);
  });

  it('comes to the result that the other device made meanwhile, and there are not two', async () => {
    graphicsIs.there = false;
    const ids = add(1);
    await enhance(ids);
    // Its twin by the other device's file is there, as after a run of an earlier version.
    const { facts, path } = work.catalog.photos.get(ids[0]!)!;
    const planned = planTask({ path, facts: facts! }, recipe(), [model], onProcessor);
    const [twin] = tasksOn(planned, () => [onGraphics(model)]);
    expect(possibleKeys(planned)).toEqual(new Set([planned.key, twin!.key]));
    const [row] = work.catalog.results.list({});
    const other = work.catalog.results.put({ ...row!, key: twin!.key, modelSha256: twin!.model!.variant.sha256 });
    graphicsIs.there = true;
    expect(await work.queue.run()).toMatchObject({ done: 1, failed: 0 });
    expect(results()).toMatchObject([{ id: other.id, state: 'ready', variant: 'gpu.onnx' }]);
  });
});

describe('a graphics processor that fails', () => {
  for (const fault of [
    new EnlargerError('device-failed', 'It computed black tiles.'),
    new EnlargerError('device-failed', 'It ended. Try again.', { retry: true }),
    new EnlargerError('out-of-memory', 'It has too little memory.'),
    new EnlargerError('model-invalid', 'Its answer to a test picture is black.'),
  ])
    it(`costs no photo (${fault.message}), its results are the processor's, and that is told once`, async () => {
      graphicsIs.fault = fault;
      await enhance(add(3));
      expect(await work.queue.run()).toMatchObject({ done: 3, failed: 0 });
      expect(rendered).toEqual({ cpu: ['0.jpg', '1.jpg', '2.jpg'], webgpu: [] });
      expect(results().map(({ state, variant }) => [state, variant])).toEqual(Array(3).fill(['ready', 'int8.onnx']));
      expect(told).toEqual([fault.retry ? 'It ended.' : fault.message]);
      for (const { key } of results()) expect(await work.cache.results.find(key)).not.toBeNull();
    });
});

describe('an album', () => {
  it('goes to both devices where that pays, each photo to one of them, and its end to the faster one', async () => {
    graphicsIs.gain = 1.5;
    let open: () => void = () => undefined;
    gate = new Promise((resolve) => (open = resolve));
    await enhance(add(6));
    const run = work.queue.run();
    await expect.poll(() => [rendered.webgpu.length, rendered.cpu.length]).toEqual([1, 1]);
    open();
    expect(await run).toMatchObject({ done: 6, failed: 0 });
    expect([...rendered.cpu, ...rendered.webgpu].toSorted()).toEqual(['0.jpg', '1.jpg', '2.jpg', '3.jpg', '4.jpg', '5.jpg']);
    expect(rendered.webgpu).toContain('5.jpg');
    const variants = results().map(({ variant }) => variant);
    expect(variants.filter((one) => one === 'gpu.onnx')).toHaveLength(rendered.webgpu.length);
    expect(variants.filter((one) => one === 'int8.onnx')).toHaveLength(rendered.cpu.length);
  });

  it('goes to the best device alone where both bring little', async () => {
    graphicsIs.gain = 1.05;
    await enhance(add(6));
    expect(await work.queue.run()).toMatchObject({ done: 6 });
    expect(rendered.cpu).toEqual([]);
  });
});

describe('a result whose pixels left the cache', () => {
  const again = async (): Promise<void> => {
    const [result] = work.catalog.results.list({});
    await work.cache.results.remove(result!.key);
    const { cache, catalog, place } = work;
    const render = renderAgain({
      ...{ engine: engineOf('cpu'), graphics: graphics(), cache, files: nodeFileOps, scratchDirectory: place.scratchDirectory },
      ...{ results: catalog.results, models: [model], devices: devices() },
    });
    const signal = new AbortController().signal;
    const made = await render(result!, catalog.photos.get(result!.photoId)!, { attempt: 1, signal, onProgress: () => undefined });
    await made.release();
  };

  it('is made again by the device that made it, also where another one is better now', async () => {
    graphicsIs.there = false;
    await enhance(add(1));
    await work.queue.run();
    graphicsIs.there = true;
    await again();
    expect(rendered).toEqual({ cpu: ['0.jpg', '0.jpg'], webgpu: [] });
  });

  it('is made by another one where that device is gone, and is known by what made it', async () => {
    await enhance(add(1));
    await work.queue.run();
    graphicsIs.there = false;
    await again();
    expect(rendered).toEqual({ cpu: ['0.jpg'], webgpu: ['0.jpg'] });
    expect(results()).toMatchObject([{ state: 'ready', variant: 'int8.onnx' }]);
  });
});
