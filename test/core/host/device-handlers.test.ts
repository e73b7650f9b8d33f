import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { deviceViewSchema, type DeviceView } from '../../../core/api/host-views.ts';
import { nodeFileOps } from '../../../core/disk/file-ops.ts';
import { deviceHandlers } from '../../../core/host/device-handlers.ts';
import { openDeviceMemory } from '../../../core/jobs/device-memory.ts';
import { openDevices, type DeviceChoice, type Devices } from '../../../core/jobs/devices.ts';
import type { Engine } from '../../../core/jobs/engine-client.ts';
import { jobModel, onProcessor, speedKey } from '../../../core/jobs/job-model.ts';
import type { InstalledModel } from '../../../core/jobs/model-store.ts';
import { openSpeeds, type Speeds } from '../../../core/jobs/speeds.ts';
import type { Device, DeviceReport } from '../../../core/photo/device.ts';
import { EnlargerError } from '../../../core/photo/failure.ts';
import { fakeGpuModel } from '../../fixtures/fake-model.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';

const temporary = temporaryFolder('devices');
const right = { maxDifference: 1e-7, meanDifference: 1e-8, tileSide: 512, failure: null } as const;
const cpu: DeviceReport = { ...right, file: 'int8.onnx', precision: 'int8', megapixelsPerSecond: 5 };
const gpu: DeviceReport = { ...right, file: 'gpu.onnx', precision: 'fp32', megapixelsPerSecond: 50 };

let stateDirectory: string;
let model: InstalledModel;
let speeds: Speeds;
let failure: EnlargerError | null;
let answers: Record<Device, DeviceReport[]>;
let devices: Devices;
let choice: DeviceChoice;
let checked: Device[];

beforeEach(async () => {
  stateDirectory = temporary.fresh();
  model = fakeGpuModel(join(stateDirectory, 'model'));
  speeds = await openSpeeds(stateDirectory, nodeFileOps);
  failure = null;
  answers = { cpu: [cpu], webgpu: [gpu] };
  choice = 'auto';
  checked = [];
  const memory = await openDeviceMemory(stateDirectory, 'as always', nodeFileOps);
  const engineOf = (device: Device): Pick<Engine, 'call'> => ({
    call: ((method: string) => {
      if (method === 'checkDevice') checked.push(device);
      return Promise.resolve(method === 'pace' ? { megapixelsPerSecond: 1 } : { reports: answers[device] });
    }) as Engine['call'],
  });
  devices = openDevices({ choice: () => choice, memory, engineOf });
});

function handlers(mayHave = true): ReturnType<typeof deviceHandlers> {
  return deviceHandlers({
    ...{ store: { models: [model], problems: [] }, devices, speeds, mayHave: () => mayHave },
    measure(measured) {
      if (failure !== null) return Promise.reject(failure);
      speeds.add(speedKey(jobModel([measured], measured.card.id, onProcessor)), 4e6, 2000);
      return speeds.save();
    },
  });
}

async function views(call: 'list' | 'check', mayHave = true): Promise<readonly DeviceView[]> {
  const { devices: all } = await handlers(mayHave)[call]({});
  for (const one of all) expect(deviceViewSchema.parse(one)).toEqual(one);
  return all;
}

describe('devices', () => {
  it('are unchecked before a check, and afterwards each shows how exact and how fast it was, and which one is used', async () => {
    expect(await views('list')).toMatchObject([
      { id: 'cpu', state: 'unchecked', chosen: true, checks: [] },
      { id: 'webgpu', state: 'unchecked', chosen: false, checks: [] },
    ]);
    expect(await views('check')).toMatchObject([
      { id: 'cpu', state: 'checked', chosen: false, megapixelsPerSecond: 2, checks: [{ ...cpu, refusal: null }] },
      { id: 'webgpu', state: 'checked', chosen: true, megapixelsPerSecond: 50, checks: [{ ...gpu, refusal: null }] },
    ]);
  });

  it('are used as the user decided, also where another one is faster', async () => {
    await views('check');
    choice = 'cpu';
    expect(await views('list')).toMatchObject([{ chosen: true }, { chosen: false }]);
  });

  it('are not looked for where there are none', async () => {
    expect(await views('check', false)).toMatchObject([{ state: 'checked' }, { id: 'webgpu', state: 'unavailable', checks: [] }]);
    expect(checked).toEqual(['cpu']);
  });

  it('that compute wrong pixels have failed, are not used, and it is told why', async () => {
    answers.webgpu = [{ ...gpu, maxDifference: 0.5 }];
    const [, webgpu] = await views('check');
    expect(webgpu).toMatchObject({ state: 'failed', chosen: false, checks: [{ refusal: 'wrong' }] });
    expect(webgpu?.failure).toMatchObject({
      code: 'device-failed',
      message: expect.stringMatching(/wrong pixels: up to 1\.3e\+2/u) as string,
    });
  });

  it('that are only too slow have not failed', async () => {
    answers.webgpu = [{ ...gpu, maxDifference: null, meanDifference: null, megapixelsPerSecond: 0.01 }];
    expect((await views('check'))[1]).toMatchObject({
      state: 'checked',
      failure: null,
      chosen: false,
      checks: [{ refusal: 'slow' }],
    });
  });

  it('that failed in work have failed until they are checked again', async () => {
    await views('check');
    await devices.distrust('webgpu', 'Its tiles were black.');
    expect(await views('list')).toMatchObject([
      { chosen: true },
      { state: 'failed', failure: { message: 'Its tiles were black.' } },
    ]);
    expect(await views('check')).toMatchObject([{}, { state: 'checked', failure: null, chosen: true }]);
  });

  it('have failed where the measurement does, and are not called so for what is no fault of theirs', async () => {
    failure = new EnlargerError('device-failed', 'The network failed.');
    const { check, list } = handlers();
    expect((await check({})).devices[0]).toMatchObject({ state: 'failed', failure: { code: 'device-failed' } });
    expect((await list({})).devices[0]).toMatchObject({ state: 'failed' });
    failure = new EnlargerError('conflict', 'Photos are being worked on.', { retry: true });
    await expect(check({})).rejects.toMatchObject({ code: 'conflict' });
    failure = null;
    expect((await check({})).devices[0]).toMatchObject({ state: 'checked', failure: null });
  });
});
