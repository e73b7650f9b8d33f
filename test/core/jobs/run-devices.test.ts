/** A run of the command line over two devices. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeFileOps } from '../../../core/disk/file-ops.ts';
import { openDeviceMemory } from '../../../core/jobs/device-memory.ts';
import { openDevices, type Devices } from '../../../core/jobs/devices.ts';
import type { Engine } from '../../../core/jobs/engine-client.ts';
import type { InstalledModel } from '../../../core/jobs/model-store.ts';
import type { Device, DeviceReport } from '../../../core/photo/device.ts';
import { localEngine } from '../../fixtures/engines.ts';
import { fakeHandlers } from '../../fixtures/fake-handlers.ts';
import { fakeGpuModel } from '../../fixtures/fake-model.ts';
import { fakePhoto } from '../../fixtures/fake-photo.ts';
import { runIn, workspace, type RunReport, type Workspace } from '../../fixtures/run.ts';

const photos = 6;
let space: Workspace;
let model: InstalledModel;
/** What each engine did, with the photo's or the result's device. */
let done: { readonly by: Device; readonly what: 'render' | 'encode' }[];

beforeEach(() => {
  space = workspace();
  model = fakeGpuModel(space.path('model'));
  done = [];
  for (let photo = 0; photo < photos; photo += 1) space.put(`in/${String(photo)}.jpg`, fakePhoto({ seed: photo }));
});
afterEach(() => space.remove());

const engineOf = (by: Device): Engine =>
  localEngine({
    render(params, context) {
      done.push({ by, what: 'render' });
      return fakeHandlers.render(params, context);
    },
    encode(params, context) {
      done.push({ by, what: 'encode' });
      return fakeHandlers.encode(params, context);
    },
  });

/** Both compute right; `together` is the speed of each while the other one works. */
async function bothRight(together: Record<Device, number>): Promise<Devices> {
  const right = { maxDifference: 0, meanDifference: 0, tileSide: 64, failure: null } as const;
  const alone: Record<Device, number> = { cpu: 4, webgpu: 10 };
  const reports: Record<Device, DeviceReport> = {
    cpu: { ...right, file: 'int8.onnx', precision: 'int8', megapixelsPerSecond: alone.cpu },
    webgpu: { ...right, file: 'gpu.onnx', precision: 'fp32', megapixelsPerSecond: alone.webgpu },
  };
  const atWork = new Set<Device>();
  const checker = (device: Device): Pick<Engine, 'call'> => ({
    call: (async (method: string) => {
      if (method === 'checkDevice') return { reports: [reports[device]] };
      atWork.add(device);
      await new Promise((resolve) => setTimeout(resolve));
      const speeds = atWork.size > 1 ? together : alone;
      await new Promise((resolve) => setTimeout(resolve));
      atWork.delete(device);
      return { megapixelsPerSecond: speeds[device] };
    }) as Engine['call'],
  });
  const memory = await openDeviceMemory(space.state, 'as always', nodeFileOps);
  return openDevices({ choice: () => 'auto', memory, engineOf: checker });
}

async function runWith(together: Record<Device, number>): Promise<RunReport> {
  const devices = await bothRight(together);
  return await runIn(space, {
    ...{ inputs: [space.path('in')], outDirectory: space.path('out'), models: [model] },
    engine: engineOf('cpu'),
    graphics: { engine: engineOf('webgpu'), devices },
  });
}

describe('a run over two devices', () => {
  it('gives an album to both where that gets more done, and each writes the files of what it made', async () => {
    const report = await runWith({ cpu: 4, webgpu: 9 });
    expect(report.summary).toMatchObject({ done: photos, failed: 0 });
    const devices = report.of('done').map(({ device }) => device);
    expect(new Set(devices)).toEqual(new Set(['cpu', 'webgpu']));
    for (const device of ['cpu', 'webgpu'] as const) {
      const count = devices.filter((one) => one === device).length;
      for (const what of ['render', 'encode'])
        expect(done.filter((one) => one.by === device && one.what === what)).toHaveLength(count);
    }
    const started = report.of('started').map(({ input, device }) => [input, device]);
    expect(started.toSorted()).toEqual(
      report
        .of('done')
        .map(({ input, device }) => [input, device])
        .toSorted(),
    );
  });

  it('leaves the processor to others where it would bring little', async () => {
    const report = await runWith({ cpu: 2, webgpu: 8.9 });
    expect(report.of('done').map(({ device }) => device)).toEqual(Array(photos).fill('webgpu'));
  });

  it('makes nothing again that the other device made', async () => {
    await runWith({ cpu: 4, webgpu: 9 });
    done.length = 0;
    const report = await runWith({ cpu: 4, webgpu: 9 });
    expect(report.of('done').map(({ cached }) => cached)).toEqual(Array(photos).fill(true));
    expect(done.filter(({ what }) => what === 'render')).toEqual([]);
  });
});
