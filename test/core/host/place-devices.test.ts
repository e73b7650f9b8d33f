/** A library over graphics processors: real engines and networks, and one that breaks in work. */
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { hostMeans } from '../../../cli/workplace.ts';
import type { EventValue } from '../../../core/api/contract.ts';
import { openLibraryPlace, type HostMeans, type LibraryPlace } from '../../../core/host/place.ts';
import { createEngine } from '../../../core/jobs/engine-client.ts';
import { nodeEngine, type SpawnEngine } from '../../../core/jobs/spawn-engine.ts';
import type { DeviceChoice } from '../../../core/jobs/devices.ts';
import { noGraphics, softwareVulkan, withGraphics } from '../../fixtures/software-vulkan.ts';

const never = new AbortController().signal;
let root: string;
let said: string[];
let place: LibraryPlace | null;

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'enlarger-place-devices-')));
  vi.stubEnv('ENLARGER_CACHE', join(root, 'state'));
  vi.stubEnv('ENLARGER_MODELS', '');
  said = [];
  place = null;
});
afterEach(async () => {
  await place?.close();
  vi.unstubAllEnvs();
  await rm(root, { recursive: true, force: true });
});

interface Opened {
  readonly library: LibraryPlace;
  readonly ids: readonly number[];
  /** Files of the network by which the results were made, in the order of the photos. */
  files(): (string | undefined)[];
}

async function openWith(device: DeviceChoice, count: number, overrides: Partial<HostMeans> = {}): Promise<Opened> {
  const means = { ...hostMeans((line) => said.push(line)), ...overrides };
  const library = (place = await openLibraryPlace({ library: join(root, 'library'), means }));
  const { client, catalog, grants, importer } = library;
  await client.preferences.set({ device });
  const paths: string[] = [];
  for (let photo = 0; photo < count; photo += 1) {
    const path = join(root, `${String(photo)}.png`);
    const noise = { type: 'gaussian', mean: 110 + photo, sigma: 30 } as const;
    await sharp({ create: { width: 70, height: 50, channels: 3, background: '#456', noise } })
      .png()
      .toFile(path);
    paths.push(path);
  }
  const { ids } = await client.library.add({ grants: paths.map((path) => grants.issue(path)) });
  await importer.lookAtAll(never);
  return {
    ...{ library, ids },
    files: () =>
      catalog.results.list({}).map(({ modelId, modelSha256 }) => {
        const { variants } = library.models.find(({ card }) => card.id === modelId)!.card;
        return variants.find(({ sha256 }) => sha256 === modelSha256)?.file;
      }),
  };
}

const recipe = { version: 1, model: null, target: { kind: 'scale', scale: 2 }, denoise: 0 } as const;

describe('a library whose graphics processor breaks in work', () => {
  for (const fault of ['black', 'dies'] as const)
    it(`because of what ${fault} has every photo made, and tells so once`, { timeout: 120_000 }, async () => {
      const broken = nodeEngine({
        entry: new URL('../../fixtures/faulty-graphics.ts', import.meta.url),
        cwd: tmpdir(),
        env: () => ({ ENLARGER_FAULT: fault }),
      });
      const usual = hostMeans(() => undefined);
      let made = 0;
      const { library, ids, files } = await openWith('webgpu', 5, {
        // The second one is that of the graphics processor.
        newEngine: async (...args) => ((made += 1) === 2 ? createEngine(broken) : await usual.newEngine(...args)),
      });
      const out: EventValue<'deviceOut'>[] = [];
      library.events.subscribe('deviceOut', (value) => out.push(value));
      await library.client.queue.add({ choice: { ids: [...ids] }, recipe });
      expect(await library.queue.run()).toMatchObject({ done: 5, failed: 0 });
      expect(files()).toContain('int8.onnx');
      expect(out).toMatchObject([{ device: 'webgpu', failure: { code: 'device-failed' } }]);
      expect(said.filter((line) => line.includes('The processor goes on without it'))).toHaveLength(1);
      const { devices } = await library.client.device.list();
      expect(devices).toMatchObject([
        { id: 'cpu', chosen: true },
        { id: 'webgpu', state: 'failed', chosen: false },
      ]);
    });
});

describe('a library over a graphics processor with two engine processes', () => {
  for (const [fault, isLeft] of [
    ['dies', false],
    ['black', true],
  ] as const)
    it(`the second of which breaks because of what ${fault} has every photo made`, { timeout: 120_000 }, async () => {
      const faulty = (soundPhotos: number, onStart: () => void): SpawnEngine => {
        const spawn = nodeEngine({
          entry: new URL('../../fixtures/faulty-graphics.ts', import.meta.url),
          cwd: tmpdir(),
          env: () => ({ ENLARGER_FAULT: fault, ENLARGER_FAULT_EVERY: '1', ENLARGER_SOUND_PHOTOS: String(soundPhotos) }),
        });
        return () => {
          onStart();
          return spawn();
        };
      };
      let starts = 0;
      const doubles = new Map([
        [2, faulty(100, () => undefined)],
        [7, faulty(0, () => (starts += 1))],
      ]);
      const usual = hostMeans(() => undefined);
      let made = 0;
      const { library, ids, files } = await openWith('webgpu', 8, {
        // The second one is that of the graphics processor, the last one its other one.
        async newEngine(...args) {
          const double = doubles.get((made += 1));
          return double === undefined ? await usual.newEngine(...args) : createEngine(double);
        },
      });
      expect(made).toBe(7);
      const out: EventValue<'deviceOut'>[] = [];
      library.events.subscribe('deviceOut', (value) => out.push(value));
      await library.client.queue.add({ choice: { ids: [...ids] }, recipe });
      expect(await library.queue.run()).toMatchObject({ done: 8, failed: 0 });
      expect([starts, files().includes('int8.onnx'), out.length]).toEqual([1, isLeft, isLeft ? 1 : 0]);
    });
});

describe('a library without a graphics processor', () => {
  it('uses the processor, also where the other one was asked for, and says what is not there', { timeout: 120_000 }, async () => {
    for (const [name, value] of Object.entries(noGraphics)) vi.stubEnv(name, value);
    const { library, ids, files } = await openWith('webgpu', 1);
    await library.client.queue.add({ choice: { ids: [...ids] }, recipe });
    expect(await library.queue.run()).toMatchObject({ done: 1, failed: 0 });
    expect(files()).toEqual(['int8.onnx']);
    const { devices } = await library.client.device.list();
    expect(devices[1]).toMatchObject({ state: 'failed', chosen: false });
  });
});

describe.skipIf(softwareVulkan === null)(withGraphics('a library with a graphics processor'), () => {
  const means: Partial<HostMeans> = {
    newEngine: (_, env) =>
      Promise.resolve(
        createEngine(
          nodeEngine({
            entry: new URL('../../../core/engine/main.ts', import.meta.url),
            cwd: tmpdir(),
            env: () => ({ ...softwareVulkan, ...env() }),
          }),
        ),
      ),
  };

  it('makes a photo on it where that was asked for, and keeps it under the file that made it', { timeout: 240_000 }, async () => {
    for (const [name, value] of Object.entries(softwareVulkan ?? {})) vi.stubEnv(name, value);
    const { library, ids, files } = await openWith('webgpu', 1, means);
    await library.client.queue.add({ choice: { ids: [...ids] }, recipe });
    expect(await library.queue.run()).toMatchObject({ done: 1, failed: 0 });
    expect(files()).toEqual([expect.stringMatching(/^gpu/) as string]);
    const { devices } = await library.client.device.list();
    expect(devices[1]).toMatchObject({ id: 'webgpu', state: 'checked', chosen: true });
    expect(devices[1]?.checks.filter(({ refusal }) => refusal === null).length).toBeGreaterThan(0);
  });

  it('leaves it for the processor by itself, because that is faster', { timeout: 240_000 }, async () => {
    for (const [name, value] of Object.entries(softwareVulkan ?? {})) vi.stubEnv(name, value);
    const { library, ids, files } = await openWith('auto', 1, means);
    await library.client.queue.add({ choice: { ids: [...ids] }, recipe });
    expect(await library.queue.run()).toMatchObject({ done: 1, failed: 0 });
    expect(files()).toEqual(['int8.onnx']);
    const { devices } = await library.client.device.list();
    expect(devices[1]?.checks.map(({ refusal }) => refusal)).toEqual(['slow', 'slow']);
  });
});
