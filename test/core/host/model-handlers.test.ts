import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { nodeFileOps } from '../../../core/disk/file-ops.ts';
import { deviceViewSchema, modelViewSchema } from '../../../core/api/host-views.ts';
import type { MeasureOptions, Measurement } from '../../../core/host/measure.ts';
import { measureInTurn } from '../../../core/host/measure-in-turn.ts';
import { modelHandlers } from '../../../core/host/model-handlers.ts';
import { openSpeeds, type Speeds } from '../../../core/jobs/speeds.ts';
import type { InstalledModel } from '../../../core/jobs/model-store.ts';
import { EnlargerError } from '../../../core/photo/failure.ts';
import type { QueueStatus } from '../../../core/api/contract.ts';
import { localEngine } from '../../fixtures/engines.ts';
import { fakeModel } from '../../fixtures/fake-model.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';

const temporary = temporaryFolder('models');
let stateDirectory: string;
let models: InstalledModel[];
let speeds: Speeds;
let measured: string[];
let failure: EnlargerError | null;

beforeEach(async () => {
  stateDirectory = temporary.fresh();
  const metric = { psnrDb: 34.5, protocol: 'Y' } as const;
  models = [
    fakeModel(join(stateDirectory, 'plain'), { id: 'plain-x2' }),
    fakeModel(join(stateDirectory, 'strong'), {
      id: 'strong-x2',
      input: { name: 'x', channels: 3, range: [0, 1], layout: 'NCHW', extraPlanes: ['strength'] },
      metrics: [
        { ...metric, set: 'Set5', precision: 'int8' },
        { ...metric, set: 'Set5', precision: 'fp32', psnrDb: 34.6 },
        { ...metric, set: 'Set5', precision: 'bicubic', psnrDb: 30 },
        { ...metric, set: 'Set5', precision: 'int8', damage: 'JPEG q 50', psnrDb: 28 },
      ],
    }),
  ];
  speeds = await openSpeeds(stateDirectory, nodeFileOps);
  measured = [];
  failure = null;
});

/** Four megapixels in two seconds. */
function measure(model: InstalledModel): Promise<Measurement> {
  measured.push(model.card.id);
  if (failure !== null) return Promise.reject(failure);
  const ms = { decode: 0, infer: 0, pack: 0, resize: 0, store: 0, encode: 0, metadata: 0, total: 3000 };
  const median = { width: 1, height: 1, tiles: 1, ms, renderMs: 2000, peakMemoryBytes: 1 };
  return Promise.resolve({
    precision: 'int8',
    median,
    networkMegapixels: 4,
    networkMegapixelsPerSecond: 9,
    wholeMegapixelsPerSecond: 9,
  });
}

const handlers = (): ReturnType<typeof modelHandlers> =>
  modelHandlers({
    store: { models, problems: [{ path: '/x/card.json', failure: { code: 'model-invalid', message: 'No scale.' } }] },
    ...{ device: 'cpu', speeds, measure },
  });

describe('networks', () => {
  it('are listed with what speaks for each on this computer, and those that cannot be used with the reason', async () => {
    const list = await handlers().model.list({});
    for (const model of list.models) expect(modelViewSchema.parse(model)).toEqual(model);
    expect(list.models).toMatchObject([
      { id: 'plain-x2', hasStrength: false, precision: 'int8', metrics: [], megapixelsPerSecond: null },
      { id: 'strong-x2', hasStrength: true, metrics: [{ set: 'Set5', psnrDb: 34.5 }] },
    ]);
    expect(list.problems).toEqual([{ code: 'model-invalid', message: 'No scale.' }]);
  });

  it('are measured one at a time, and the speed is known from then on, to the next start too', async () => {
    expect(await handlers().model.measure({ id: 'strong-x2' })).toMatchObject({ id: 'strong-x2', megapixelsPerSecond: 2 });
    speeds = await openSpeeds(stateDirectory, nodeFileOps);
    const { models: listed } = await handlers().model.list({});
    expect(listed.map(({ megapixelsPerSecond }) => megapixelsPerSecond)).toEqual([2, 2]);
    await expect(handlers().model.measure({ id: 'none' })).rejects.toMatchObject({ code: 'model-missing' });
    expect(measured).toEqual(['strong-x2']);
  });
});

describe('devices', () => {
  it('are unchecked before the network that is usually taken was measured, and checked afterwards', async () => {
    const { device } = handlers();
    const { devices } = await device.list({});
    for (const one of devices) expect(deviceViewSchema.parse(one)).toEqual(one);
    expect(devices).toMatchObject([
      { id: 'cpu', state: 'unchecked' },
      { id: 'webgpu', state: 'unavailable' },
    ]);
    const checked = await device.check({});
    expect(checked.devices[0]).toMatchObject({ state: 'checked', failure: null, megapixelsPerSecond: 2 });
    expect(measured).toEqual(['plain-x2']);
  });

  it('have failed until a check succeeds', async () => {
    const { device } = handlers();
    failure = new EnlargerError('device-failed', 'The network failed.');
    expect((await device.check({})).devices[0]).toMatchObject({ state: 'failed', failure: { code: 'device-failed' } });
    expect((await device.list({})).devices[0]).toMatchObject({ state: 'failed' });
    failure = null;
    expect((await device.check({})).devices[0]).toMatchObject({ state: 'checked' });
  });

  it('are not called failed for what is no fault of theirs', async () => {
    const { device } = handlers();
    failure = new EnlargerError('conflict', 'Photos are being worked on.', { retry: true });
    await expect(device.check({})).rejects.toMatchObject({ code: 'conflict' });
    expect((await device.list({})).devices[0]).toMatchObject({ state: 'unchecked' });
  });
});

describe('measuring in turn', () => {
  const options: MeasureOptions = { width: 8, height: 8, runs: 1, signal: new AbortController().signal };
  const status = (kinds: readonly string[]): QueueStatus =>
    ({ running: kinds.map((kind) => ({ kind })) }) as unknown as QueueStatus;

  it('is refused while photos are worked on, but not while they are looked at', async () => {
    let kinds: string[] = ['enhance'];
    const engine = localEngine({ sample: () => Promise.reject(new EnlargerError('disk-full', 'The disk is full.')) });
    const turn = measureInTurn({ engine, stateDirectory, queue: { status: () => status(kinds) } });
    await expect(turn(models[0]!, options)).rejects.toMatchObject({ code: 'conflict', retry: true });
    kinds = ['thumbnail'];
    await expect(turn(models[0]!, options)).rejects.toMatchObject({ code: 'disk-full' });
    kinds = ['export'];
    await expect(turn(models[0]!, options)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('goes one after the other, and one that fails keeps no other from going', async () => {
    const order: string[] = [];
    const engine = localEngine({
      sample: async ({ width }) => {
        order.push(`begin ${String(width)}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
        order.push(`end ${String(width)}`);
        throw new EnlargerError('disk-full', 'The disk is full.');
      },
    });
    const turn = measureInTurn({ engine, stateDirectory, queue: { status: () => status([]) } });
    const outcomes = await Promise.allSettled([1, 2].map((width) => turn(models[0]!, { ...options, width })));
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['rejected', 'rejected']);
    expect(order).toEqual(['begin 1', 'end 1', 'begin 2', 'end 2']);
  });
});
