/** Two photos at once on a graphics processor, each in an engine process of its own: in the queue of a library and in a run alike. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Devices } from '../../../core/jobs/devices.ts';
import type { Engine } from '../../../core/jobs/engine-client.ts';
import { onProcessor, type DevicesFor } from '../../../core/jobs/job-model.ts';
import type { InstalledModel } from '../../../core/jobs/model-store.ts';
import { guardedGraphics, workDevices } from '../../../core/jobs/work-devices.ts';
import type { EngineContext } from '../../../core/engine/serve.ts';
import { EnlargerError } from '../../../core/photo/failure.ts';
import { localEngine } from '../../fixtures/engines.ts';
import { recipe } from '../../fixtures/facts.ts';
import { fakeHandlers } from '../../fixtures/fake-handlers.ts';
import { fakeGpuModel } from '../../fixtures/fake-model.ts';
import { fakePhoto } from '../../fixtures/fake-photo.ts';
import { addToLibrary, openLibraryWork, type LibraryWork } from '../../fixtures/library-work.ts';
import { runIn, workspace, type Workspace } from '../../fixtures/run.ts';

const processes = ['cpu', 'first', 'second'] as const;
type Process = (typeof processes)[number];
/** What befalls a process over a photo with this number before it makes it: nothing, or it rejects. */
type Mishap = (process: Process, photo: number) => Promise<void> | void;

let space: Workspace;
let model: InstalledModel;
let engines: Record<Process, Engine>;
/** Numbers of the photos that each process began to render, in order. */
let begun: Record<Process, number[]>;
let mishap: Mishap;
let encodeMishap: (process: Process) => void;
/** Sides of the tiles in which the first process began each photo, in order. */
let sides: number[];
/** Photos from this number on wait in a process until they are let go. */
let held: number;
let letGo: () => void;
let isOut: boolean;
let farewells: string[];
/** Share of the time that the network takes. */
let share: number;
/** Of both devices at once; null: only one is used. */
let gain: number | null;

beforeEach(() => {
  space = workspace();
  model = fakeGpuModel(space.path('model'));
  begun = { cpu: [], first: [], second: [] };
  mishap = () => undefined;
  encodeMishap = () => undefined;
  sides = [];
  gain = null;
  held = Infinity;
  share = 0.5;
  isOut = false;
  farewells = [];
  const gate = new Promise<void>((resolve) => (letGo = resolve));
  const engine = (process: Process): Engine =>
    localEngine({
      async render(params, context) {
        const photo = numberOf(params.path);
        begun[process].push(photo);
        if (process === 'first') sides.push(params.tileSide);
        await mishap(process, photo);
        if (photo >= held) await Promise.race([gate, abortOf(context)]);
        context.signal.throwIfAborted();
        const result = await fakeHandlers.render(params, context);
        return { ...result, ms: { ...result.ms, infer: 1000 * share, total: 1000 }, peakMemoryBytes: 1000 };
      },
      async encode(params, context) {
        encodeMishap(process);
        const result = await fakeHandlers.encode(params, context);
        return { ...result, ms: { ...result.ms, total: 0 } };
      },
    });
  engines = { cpu: engine('cpu'), first: engine('first'), second: engine('second') };
});
afterEach(async () => {
  letGo();
  await Promise.all(Object.values(engines).map((engine) => engine.close()));
  space.remove();
});

/** Machines are slow at times. */
const patient = { timeout: 20_000 };

function numberOf(path: string): number {
  return Number(/(\d+)\.jpg$/u.exec(path)?.[1] ?? NaN);
}

async function abortOf({ signal }: EngineContext): Promise<void> {
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

const devicesFor: DevicesFor = (one) => {
  const variant = one.card.variants.find(({ file }) => file === 'gpu.onnx')!;
  return isOut ? onProcessor(one) : [{ device: 'webgpu', variant, tileSide: 64 }, ...onProcessor(one)];
};
const devices: Devices = {
  devicesFor,
  prepare: () => Promise.resolve(),
  gainOfBoth: () => gain,
  isTrusted: () => !isOut,
  distrust: () => Promise.resolve(void (isOut = true)),
  check: () => Promise.resolve([]),
  known: () => null,
  whyNot: () => '',
};

interface Outcome {
  readonly done: number;
  readonly failed: number;
  /** Photos that the graphics processor made. */
  readonly byGraphics: number;
}

interface Work {
  /** Works until all is done, or the work is stopped. */
  readonly run: () => Promise<Outcome>;
  /** Gives back what is under way; `run` then ends, and another one goes on with what is left. */
  readonly stop: () => Promise<void>;
}

async function library(count: number): Promise<Work> {
  const work: LibraryWork = await openLibraryWork(space, engines.cpu, {
    models: [model],
    devices: workDevices(devices, { hasSecond: true }),
    graphics: guardedGraphics({ engine: engines.first, second: engines.second, devices }, (reason) => farewells.push(reason)),
  });
  closing = () => work.close();
  const ids = addToLibrary(work.catalog, photos(count));
  await work.handlers.add({ choice: { ids }, recipe: recipe() });
  return {
    async run() {
      work.queue.resume();
      const { done, failed } = await work.queue.run();
      const byGraphics = work.catalog.results.list({}).filter(({ state, modelSha256 }) => {
        return state === 'ready' && modelSha256 === model.card.variants.find(({ file }) => file === 'gpu.onnx')?.sha256;
      });
      return { done, failed, byGraphics: byGraphics.length };
    },
    stop: () => work.queue.pause({ atOnce: true }),
  };
}

function enhance(count: number): Promise<Work> {
  photos(count);
  let stopping = new AbortController();
  return Promise.resolve({
    async run() {
      stopping = new AbortController();
      const report = await runIn(space, {
        ...{ inputs: [space.path('photos')], outDirectory: space.path('out'), conflict: 'skip', models: [model] },
        ...{ engine: engines.cpu, signal: stopping.signal },
        graphics: { engine: engines.first, second: engines.second, devices },
      });
      farewells = report.of('note').flatMap(({ text }) => (text.includes('goes on without it') ? [text] : []));
      const { done, failed } = report.summary;
      return { done, failed, byGraphics: report.of('done').filter(({ device }) => device === 'webgpu').length };
    },
    stop() {
      stopping.abort();
      return Promise.resolve();
    },
  });
}

let closing: () => Promise<void>;
beforeEach(() => (closing = () => Promise.resolve()));
afterEach(() => closing());

function photos(count: number): string[] {
  return Array.from({ length: count }, (_, seed) => space.put(`photos/${String(seed)}.jpg`, fakePhoto({ seed })));
}

const ways = [
  ['the queue of a library', library],
  ['a run', enhance],
] as const;

describe.each(ways)('%s', (_, open) => {
  it('gives the graphics processor two photos at once when two were made that left it idle for long', async () => {
    held = 2;
    const work = await open(6);
    const ran = work.run();
    await expect.poll(() => [begun.first.length, begun.second.length], patient).toEqual([3, 1]);
    // Either of the two that are begun at once may come first.
    expect([begun.cpu, [...begun.first, ...begun.second].toSorted()]).toEqual([[], [0, 1, 2, 3]]);
    letGo();
    expect(await ran).toEqual({ done: 6, failed: 0, byGraphics: 6 });
    expect([...begun.first, ...begun.second].toSorted()).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('has three photos under way where the processor beside it pays, too', async () => {
    gain = 1.5;
    held = 8;
    const work = await open(14);
    const ran = work.run();
    await expect
      .poll(() => processes.map((process) => begun[process].filter((photo) => photo >= held).length), patient)
      .toEqual([1, 1, 1]);
    letGo();
    const { done, failed, byGraphics } = await ran;
    expect({ done, failed }).toEqual({ done: 14, failed: 0 });
    expect(byGraphics).toBe(begun.first.length + begun.second.length);
    expect(processes.flatMap((process) => begun[process]).toSorted((a, b) => a - b)).toEqual([...Array(14).keys()]);
  });

  it('gives it one at a time where the network takes nearly all of the time', async () => {
    share = 0.9;
    const work = await open(6);
    expect(await work.run()).toEqual({ done: 6, failed: 0, byGraphics: 6 });
    expect(begun.second).toEqual([]);
  });

  it('starts no second process for one last photo', async () => {
    const work = await open(3);
    expect(await work.run()).toEqual({ done: 3, failed: 0, byGraphics: 3 });
    expect(begun.second).toEqual([]);
  });

  const faults = [
    new EnlargerError('device-failed', 'It died.', { retry: true }),
    new EnlargerError('out-of-memory', 'It has too little memory.'),
  ];
  for (const fault of faults) {
    it(`makes what the second process failed over in the first, and nothing more in the second (${fault.message})`, async () => {
      mishap = (process) => {
        if (process === 'second') throw fault;
      };
      const work = await open(8);
      expect(await work.run()).toEqual({ done: 8, failed: 0, byGraphics: 8 });
      expect([begun.second.length, begun.cpu, isOut, farewells]).toEqual([1, [], false, []]);
      expect(new Set(begun.first)).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7]));
    });

    it(`does not blame the device for what failed beside another photo in its first process (${fault.message})`, async () => {
      held = 2;
      let failures = 0;
      mishap = async (process, photo) => {
        if (process !== 'first' || photo < 2 || failures === 2) return;
        await expect.poll(() => begun.second.length, patient).toBe(1);
        failures += 1;
        throw fault;
      };
      const work = await open(6);
      const ran = work.run();
      await expect.poll(() => failures, patient).toBe(1);
      letGo();
      expect(await ran).toEqual({ done: 6, failed: 0, byGraphics: 6 });
      // Beside the other one, alone, and alone in smaller tiles: that is once more than it would have had.
      const [third] = begun.first.slice(2);
      expect([begun.first.slice(0, 5), sides.slice(0, 5)]).toEqual([
        [0, 1, third, third, third],
        [64, 64, 64, 64, 32],
      ]);
      expect([begun.second.length, begun.cpu, isOut, farewells]).toEqual([1, [], false, []]);
    });
  }

  it('leaves the device where both processes fail, each also alone', async () => {
    mishap = (process, photo) => {
      if (photo >= 2 && process !== 'cpu') throw new EnlargerError('device-failed', 'It died.', { retry: true });
    };
    const work = await open(8);
    expect(await work.run()).toEqual({ done: 8, failed: 0, byGraphics: 2 });
    expect([isOut, farewells.length]).toEqual([true, 1]);
  });

  it('leaves the device when its second process computed wrong tiles, and keeps nothing that it makes meanwhile', async () => {
    held = 2;
    mishap = (process) => {
      if (process === 'second') throw new EnlargerError('device-failed', 'The graphics processor computed black tiles.');
    };
    const work = await open(6);
    const ran = work.run();
    await expect.poll(() => [begun.first.length, isOut], patient).toEqual([3, true]);
    letGo();
    expect(await ran).toEqual({ done: 6, failed: 0, byGraphics: 2 });
    expect([new Set(begun.cpu), farewells.length]).toEqual([new Set([2, 3, 4, 5]), 1]);
  });

  it('gives back both when it is stopped, and makes them later', async () => {
    held = 2;
    const work = await open(6);
    const ran = work.run();
    await expect.poll(() => [begun.first.length, begun.second.length], patient).toEqual([3, 1]);
    await work.stop();
    expect(await ran).toMatchObject({ done: 2, failed: 0 });
    letGo();
    expect(await work.run()).toMatchObject({ done: 4, failed: 0 });
    expect([isOut, begun.cpu, farewells]).toEqual([false, [], []]);
  });
});

describe('the queue of a library with two photos on a graphics processor', () => {
  it('cancels both', async () => {
    held = 2;
    const work = await openLibraryWork(space, engines.cpu, {
      models: [model],
      devices: workDevices(devices, { hasSecond: true }),
      graphics: guardedGraphics({ engine: engines.first, second: engines.second, devices }, () => undefined),
    });
    closing = () => work.close();
    const ids = addToLibrary(work.catalog, photos(6));
    await work.handlers.add({ choice: { ids }, recipe: recipe() });
    const ran = work.queue.run();
    await expect.poll(() => [begun.first.length, begun.second.length], patient).toEqual([3, 1]);
    expect(work.queue.status().running).toHaveLength(2);
    expect(await work.queue.cancel()).toBe(4);
    expect(await ran).toEqual({ done: 2, failed: 0, cancelled: 4, left: 0 });
  });
});

describe('a run with two photos on a graphics processor', () => {
  it('has their files written by the process that made each, and by the first one where the second died of it', async () => {
    const encoded: Process[] = [];
    encodeMishap = (process) => {
      encoded.push(process);
      if (process === 'second') throw new EnlargerError('device-failed', 'It died.', { retry: true });
    };
    const work = await enhance(8);
    expect(await work.run()).toEqual({ done: 8, failed: 0, byGraphics: 8 });
    expect(encoded.filter((process) => process !== 'first')).toEqual(['second']);
    expect([encoded.length, begun.second.length, isOut]).toEqual([9, 1, false]);
  });
});
