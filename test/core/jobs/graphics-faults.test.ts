/** Batches of photos over a graphics processor that goes wrong: no wrong pixel is written, every photo is made, and the user is told. */
import { tmpdir } from 'node:os';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeFileOps } from '../../../core/disk/file-ops.ts';
import { openDeviceMemory } from '../../../core/jobs/device-memory.ts';
import { openDevices, type Devices } from '../../../core/jobs/devices.ts';
import { createEngine, type Engine } from '../../../core/jobs/engine-client.ts';
import { readModels, type InstalledModel } from '../../../core/jobs/model-store.ts';
import { nodeEngine } from '../../../core/jobs/spawn-engine.ts';
import type { Device, DeviceReport } from '../../../core/photo/device.ts';
import { exportRecipe, recipe } from '../../fixtures/facts.ts';
import { loudFaults, silentFaults, type Fault } from '../../fixtures/faults.ts';
import { spawnRealEngine } from '../../fixtures/real-engine.ts';
import { runIn, workspace, type RunReport, type Workspace } from '../../fixtures/run.ts';

const photos = 20;
let space: Workspace;
let model: InstalledModel;
let engine: Engine;
beforeEach(async () => {
  space = workspace();
  const { models } = await readModels([new URL('../../../models', import.meta.url).pathname]);
  model = models.find(({ card }) => card.id === 'photo-x2')!;
  engine = createEngine(spawnRealEngine);
  for (let photo = 0; photo < photos; photo += 1) await draw(space.path(`in/${photo}.png`), photo);
});
afterEach(async () => {
  await engine.close();
  space.remove();
});

/** Each another picture, with texture everywhere: a fault must not hide in a flat sky. */
async function draw(path: string, seed: number): Promise<void> {
  const [width, height] = [70, 50];
  const pixels = Buffer.alloc(width * height * 3);
  for (let at = 0; at < pixels.length; at += 1) {
    const [x, y] = [Math.floor(at / 3) % width, Math.floor(at / 3 / width)];
    pixels[at] = 128 + 90 * Math.sin(x / (4 + (seed % 5)) + (at % 3)) * Math.cos(y / 6 + seed);
  }
  await nodeFileOps.makeFolder(space.path('in'));
  await sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toFile(path);
}

/** Trusted from the start: what goes wrong does so in work, after the check. */
async function trusting(): Promise<Devices> {
  const memory = await openDeviceMemory(space.path('.state'), 'a driver', nodeFileOps);
  const right = { maxDifference: 0, meanDifference: 0, tileSide: 64, failure: null } as const;
  const answers: Record<Device, DeviceReport> = {
    cpu: { ...right, file: 'int8.onnx', precision: 'int8', megapixelsPerSecond: 1 },
    webgpu: { ...right, file: 'gpu.onnx', precision: 'fp32', megapixelsPerSecond: 99 },
  };
  const engineOf = (device: Device): Pick<Engine, 'call'> => ({
    call: (() => Promise.resolve({ reports: [answers[device]] })) as Engine['call'],
  });
  const devices = openDevices({ choice: () => 'auto', memory, engineOf });
  await devices.prepare([model], new AbortController().signal);
  expect(devices.devicesFor(model)[0]?.device).toBe('webgpu');
  return devices;
}

/** Engine processes of the graphics processor, and from which photo on each is broken; the second one is there only where it is named. */
interface Broken {
  readonly first: number;
  readonly second?: number;
  /** The fault meets each so many-eth tile. Default: 3. */
  readonly every?: number;
}

interface Faulty {
  readonly report: RunReport;
  readonly devices: Devices;
  /** Processes that were started for photos in the second place. */
  readonly secondStarts: number;
}

async function runOver(fault: Fault, { first, second, every = 3 }: Broken): Promise<Faulty> {
  let secondStarts = 0;
  const broken = (soundPhotos: number, onStart: () => void = () => undefined): Engine => {
    const spawn = nodeEngine({
      entry: new URL('../../fixtures/faulty-graphics.ts', import.meta.url),
      cwd: tmpdir(),
      env: () => ({
        ENLARGER_FAULT: fault,
        ENLARGER_FAULT_EVERY: String(every),
        ENLARGER_SOUND_PHOTOS: String(soundPhotos),
      }),
    });
    const spawnCounted = (): ReturnType<typeof spawn> => {
      onStart();
      return spawn();
    };
    return createEngine(spawnCounted, { silenceLimitMs: 3000 });
  };
  const graphics = broken(first);
  const beside = second === undefined ? undefined : broken(second, () => (secondStarts += 1));
  try {
    const devices = await trusting();
    const report = await runIn(space, {
      inputs: [space.path('in')],
      outDirectory: space.path('out'),
      recipe: recipe({ denoise: 0 }),
      exported: exportRecipe({ format: 'png' }),
      engine,
      models: [model],
      graphics: { engine: graphics, second: beside, devices },
    });
    return { report, devices, secondStarts };
  } finally {
    await Promise.all([graphics.close(), beside?.close()]);
  }
}

/** What the user was told of a device that is left. */
const farewells = ({ of }: RunReport): readonly string[] =>
  of('note').flatMap(({ text }) => (text.includes('The processor goes on without it') ? [text] : []));

/** Largest difference, in steps, of each file from what the 32-bit network makes of its photo on the processor; int8 files are compared by their own. */
async function furthest(): Promise<number> {
  const { openFile } = await import('../../../core/engine/network/loaded-model.ts');
  const gpu = await openFile(model.directory, model.card, 'gpu.onnx', 'cpu', { threads: 1 });
  let most = 0;
  for (let photo = 0; photo < photos; photo += 1) {
    const input = await sharp(space.path(`in/${photo}.png`))
      .raw()
      .toBuffer({ resolveWithObject: true });
    const { width, height } = input.info;
    const planes = new Float32Array(4 * width * height);
    for (let at = 0; at < width * height; at += 1)
      for (let channel = 0; channel < 3; channel += 1)
        planes[channel * width * height + at] = input.data[at * 3 + channel]! / 255;
    const expected = await gpu.run(planes, width, height);
    const actual = await sharp(space.path(`out/${photo}.png`))
      .raw()
      .toBuffer();
    const [wide, high] = [width * 2, height * 2];
    // The network's own padding reaches so far into a picture that is run as a whole.
    const border = 2 * model.card.receptiveFieldRadius;
    for (let y = border; y < high - border; y += 1)
      for (let x = border; x < wide - border; x += 1)
        for (let channel = 0; channel < 3; channel += 1) {
          const value = 255 * Math.min(1, Math.max(0, expected[channel * wide * high + y * wide + x]!));
          most = Math.max(most, Math.abs(value - actual[(y * wide + x) * 3 + channel]!));
        }
  }
  await gpu.release();
  return most;
}

const setups: readonly [string, Broken][] = [
  ['one photo at a time', { first: 0 }],
  // Two photos are made alone before a second place is worth it.
  ['two at once', { first: 2, second: 2 }],
];

describe('a graphics processor that goes wrong without a word', () => {
  for (const [how, broken] of setups)
    for (const fault of silentFaults)
      it(`by ${fault} tiles, with ${how}, costs no photo and no pixel, and is left`, { timeout: 120_000 }, async () => {
        const { report, devices, secondStarts } = await runOver(fault, broken);
        expect(report.summary).toMatchObject({ done: photos, failed: 0 });
        const made = report.of('done').map(({ device }) => device);
        expect(made).toContain('cpu');
        expect(devices.isTrusted('webgpu')).toBe(false);
        expect(farewells(report)).toHaveLength(1);
        expect(secondStarts > 0).toBe(broken.second !== undefined);
        // 8 bits of the processor's own file and the rounding of the file lie within this; a fault is ten times as far away.
        expect(await furthest()).toBeLessThan(8);
      });
});

describe('a graphics processor that fails', () => {
  for (const [how, broken] of setups)
    for (const fault of loudFaults)
      it(
        `because it ${fault}, with ${how}, is tried again in smaller tiles, then the processor goes on`,
        { timeout: 120_000 },
        async () => {
          const { report, devices, secondStarts } = await runOver(fault, broken);
          expect(report.summary).toMatchObject({ done: photos, failed: 0 });
          expect(report.of('done').map(({ device }) => device)).toContain('cpu');
          expect(devices.isTrusted('webgpu')).toBe(false);
          expect(farewells(report)).toHaveLength(1);
          expect(secondStarts > 0).toBe(broken.second !== undefined);
          expect(await furthest()).toBeLessThan(8);
        },
      );
});

describe('a second engine process of a graphics processor', () => {
  for (const fault of loudFaults)
    it(`that ${fault} while the first one works costs nothing but itself`, { timeout: 120_000 }, async () => {
      const { report, devices, secondStarts } = await runOver(fault, { first: photos, second: 0, every: 1 });
      expect(report.summary).toMatchObject({ done: photos, failed: 0 });
      expect(report.of('done').map(({ device }) => device)).toEqual(Array(photos).fill('webgpu'));
      expect([devices.isTrusted('webgpu'), farewells(report), secondStarts]).toEqual([true, [], 1]);
      expect(await furthest()).toBeLessThan(8);
    });

  it('that computes wrong tiles puts the device out, as the first one would', { timeout: 120_000 }, async () => {
    const { report, devices } = await runOver('black', { first: photos, second: 0, every: 1 });
    expect(report.summary).toMatchObject({ done: photos, failed: 0 });
    expect(report.of('done').map(({ device }) => device)).toContain('cpu');
    expect([devices.isTrusted('webgpu'), farewells(report).length]).toEqual([false, 1]);
    expect(await furthest()).toBeLessThan(8);
  });

  it('that works has its share of the photos', { timeout: 120_000 }, async () => {
    const { report, devices, secondStarts } = await runOver('black', { first: photos, second: photos });
    expect(report.summary).toMatchObject({ done: photos, failed: 0 });
    expect([devices.isTrusted('webgpu'), secondStarts]).toEqual([true, 1]);
    expect(await furthest()).toBeLessThan(8);
  });
});
