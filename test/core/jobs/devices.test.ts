import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeFileOps } from '../../../core/disk/file-ops.ts';
import { deviceCircumstances, openDeviceMemory, type DeviceMemory } from '../../../core/jobs/device-memory.ts';
import { openDevices, type DeviceChoice, type Devices } from '../../../core/jobs/devices.ts';
import type { Engine } from '../../../core/jobs/engine-client.ts';
import { readModels, type InstalledModel } from '../../../core/jobs/model-store.ts';
import { exactness, type Device, type DeviceReport } from '../../../core/photo/device.ts';
import { EnlargerError } from '../../../core/photo/failure.ts';

const never = new AbortController().signal;
let folder: string;
let model: InstalledModel;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'enlarger-devices-'));
  const { models } = await readModels([join(import.meta.dirname, '..', '..', '..', 'models')]);
  model = models.find(({ card }) => card.id === 'photo-x2')!;
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const right = { maxDifference: 1e-7, meanDifference: 1e-8, tileSide: 512, failure: null } as const;
const cpu: DeviceReport = { ...right, file: 'int8.onnx', precision: 'int8', megapixelsPerSecond: 5 };
const gpu: DeviceReport = { ...right, file: 'gpu.onnx', precision: 'fp32', megapixelsPerSecond: 50 };
const half: DeviceReport = { ...right, file: 'gpu-half.onnx', precision: 'fp16', megapixelsPerSecond: 90 };

interface Scene {
  readonly devices: Devices;
  readonly memory: DeviceMemory;
  readonly checks: string[];
  /** Devices whose speed beside the other one was measured, in order. */
  readonly paces: Device[];
}

async function scene(answers: Partial<Record<Device, DeviceReport[] | Error>>, choice: DeviceChoice = 'auto'): Promise<Scene> {
  const memory = await openDeviceMemory(folder, 'as always', nodeFileOps);
  const checks: string[] = [];
  const paces: Device[] = [];
  const engineOf = (device: Device): Pick<Engine, 'call'> => ({
    call: ((method: string, params: { worthMegapixelsPerSecond: number | null }) => {
      if (method === 'pace') {
        paces.push(device);
        return Promise.resolve({ megapixelsPerSecond: paces.length > 4 ? 40 : 50 });
      }
      checks.push(`${device} ${params.worthMegapixelsPerSecond ?? 'thoroughly'}`);
      const answer = answers[device] ?? [];
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve({ reports: answer });
    }) as Engine['call'],
  });
  return { devices: openDevices({ choice: () => choice, memory, engineOf }), memory, checks, paces };
}

describe('the choice of a device', () => {
  it('is the processor before anything is known', async () => {
    const { devices } = await scene({});
    expect(devices.devicesFor(model)[0]).toMatchObject({ device: 'cpu', variant: { file: 'int8.onnx' } });
  });

  it('is the fastest file of the graphics processor that computes right, in its best tiles', async () => {
    const { devices } = await scene({ cpu: [cpu], webgpu: [gpu, half] });
    await devices.prepare([model], never);
    expect(devices.devicesFor(model)[0]).toMatchObject({ device: 'webgpu', variant: { file: 'gpu-half.onnx' }, tileSide: 512 });
  });

  const wrong: Record<string, Partial<DeviceReport>> = {
    'computes a little wrong at one place': { maxDifference: exactness.fp16.max * 1.01 },
    'computes a little wrong everywhere': { meanDifference: exactness.fp16.mean * 1.01 },
    'computes values that are no numbers': { maxDifference: Number.MAX_VALUE, meanDifference: Number.MAX_VALUE },
    'was not compared': { maxDifference: null, meanDifference: null },
    failed: { failure: { code: 'device-failed', message: 'lost' } },
  };
  for (const [what, fault] of Object.entries(wrong))
    it(`is never a file that ${what}, however fast it is`, async () => {
      const { devices } = await scene({ cpu: [cpu], webgpu: [gpu, { ...half, ...fault }] });
      await devices.prepare([model], never);
      expect(devices.devicesFor(model)[0]).toMatchObject({ device: 'webgpu', variant: { file: 'gpu.onnx' } });
    });

  it('is the processor where the graphics processor is slower, by measurement and not by name', async () => {
    const slow = { megapixelsPerSecond: 5.4 };
    const { devices } = await scene({
      cpu: [cpu],
      webgpu: [
        { ...gpu, ...slow },
        { ...half, ...slow },
      ],
    });
    await devices.prepare([model], never);
    expect(devices.devicesFor(model)[0]?.device).toBe('cpu');
  });

  it('is the graphics processor, also a slow one, where the user wants it and it computes right', async () => {
    const { devices, checks } = await scene({ cpu: [cpu], webgpu: [{ ...gpu, megapixelsPerSecond: 0.1 }] }, 'webgpu');
    await devices.prepare([model], never);
    expect([devices.devicesFor(model)[0]?.device, checks]).toEqual(['webgpu', ['cpu thoroughly', 'webgpu thoroughly']]);
  });

  it('checks nothing where the processor is wanted', async () => {
    const { devices, checks } = await scene({ cpu: [cpu], webgpu: [gpu] }, 'cpu');
    await devices.prepare([model], never);
    expect([devices.devicesFor(model)[0]?.device, checks]).toEqual(['cpu', []]);
  });

  it('tells a quick check how fast the processor is, so that it can end early', async () => {
    const { devices, checks } = await scene({ cpu: [cpu], webgpu: [gpu] });
    await devices.prepare([model, model], never);
    expect(checks).toEqual(['cpu thoroughly', 'webgpu 5']);
  });

  it('is the processor when the check takes its process with it, and that is remembered', async () => {
    const first = await scene({ cpu: [cpu], webgpu: new EnlargerError('device-failed', 'the engine ended', { retry: true }) });
    await first.devices.prepare([model], never);
    expect(first.devices.devicesFor(model)[0]?.device).toBe('cpu');
    expect(first.devices.whyNot('webgpu', model)).toMatch(/^Its driver ended the process/u);
    const second = await scene({ cpu: [cpu], webgpu: [gpu] });
    await second.devices.prepare([model], never);
    expect([second.checks, second.devices.devicesFor(model)[0]?.device]).toEqual([[], 'cpu']);
  });

  it('lists every device that computes right, and measures both at once where the slower one could matter', async () => {
    const { devices, paces } = await scene({ cpu: [cpu], webgpu: [{ ...gpu, megapixelsPerSecond: 20 }] });
    await devices.prepare([model], never);
    expect(devices.devicesFor(model).map(({ device }) => device)).toEqual(['webgpu', 'cpu']);
    expect(paces).toEqual(['webgpu', 'cpu', 'webgpu', 'cpu', 'webgpu', 'cpu']);
    expect(devices.gainOfBoth(model)).toBeCloseTo(80 / 50, 9);
    await devices.prepare([model], never);
    expect(paces).toHaveLength(6);
    const later = await scene({});
    expect(later.devices.gainOfBoth(model)).toBeCloseTo(80 / 50, 9);
    await later.devices.distrust('webgpu', 'black tiles');
    expect([later.devices.gainOfBoth(model), later.memory.gainOfBoth('')]).toEqual([null, null]);
  });

  it('measures nothing side by side where one device is much slower, or only one is wanted', async () => {
    const fast = await scene({ cpu: [cpu], webgpu: [{ ...gpu, megapixelsPerSecond: 60 }] });
    await fast.devices.prepare([model], never);
    expect([fast.paces, fast.devices.gainOfBoth(model)]).toEqual([[], null]);
    const alone = await scene({ cpu: [cpu], webgpu: [{ ...gpu, megapixelsPerSecond: 20 }] }, 'webgpu');
    await alone.devices.prepare([model], never);
    expect([alone.paces, alone.devices.devicesFor(model).map(({ device }) => device)]).toEqual([[], ['webgpu']]);
  });

  it('leaves a device that failed in work, and checks it before the next run', async () => {
    const first = await scene({ cpu: [cpu], webgpu: [gpu] });
    await first.devices.prepare([model], never);
    await first.devices.distrust('webgpu', 'black tiles');
    await first.devices.prepare([model], never);
    expect([first.devices.devicesFor(model)[0]?.device, first.devices.whyNot('webgpu', model)]).toEqual(['cpu', 'black tiles']);
    const second = await scene({ cpu: [cpu], webgpu: [gpu] });
    expect(second.devices.devicesFor(model)[0]?.device).toBe('cpu');
    await second.devices.prepare([model], never);
    expect([second.checks, second.devices.devicesFor(model)[0]?.device]).toEqual([['webgpu 5'], 'webgpu']);
  });
});

describe('what is remembered of devices', () => {
  it('is forgotten under other circumstances', async () => {
    await (await openDeviceMemory(folder, 'one driver', nodeFileOps)).set('webgpu', 'a model', [gpu]);
    expect((await openDeviceMemory(folder, 'one driver', nodeFileOps)).get('webgpu', 'a model')).toEqual([gpu]);
    expect((await openDeviceMemory(folder, 'another driver', nodeFileOps)).get('webgpu', 'a model')).toBeNull();
  });

  it('is empty when the file is damaged', async () => {
    await writeFile(join(folder, 'devices.json'), '[{"device":"webgpu"');
    expect((await openDeviceMemory(folder, 'any', nodeFileOps)).get('webgpu', 'a model')).toBeNull();
  });

  it('depends on onnxruntime, on what the host knows, and on the drivers that are named', async () => {
    const before = process.env['VK_ICD_FILENAMES'];
    try {
      const words = [
        await deviceCircumstances('1.30.0'),
        await deviceCircumstances('1.31.0'),
        await deviceCircumstances('1.30.0', ['driver 5']),
      ];
      await writeFile(join(folder, 'icd.json'), '{}');
      process.env['VK_ICD_FILENAMES'] = join(folder, 'icd.json');
      words.push(await deviceCircumstances('1.30.0'));
      await writeFile(join(folder, 'icd.json'), '{ }');
      words.push(await deviceCircumstances('1.30.0'));
      expect(new Set(words).size).toBe(words.length);
      expect(await deviceCircumstances('1.30.0')).toBe(words.at(-1));
    } finally {
      if (before === undefined) delete process.env['VK_ICD_FILENAMES'];
      else process.env['VK_ICD_FILENAMES'] = before;
    }
  });
});
