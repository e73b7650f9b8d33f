import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { nodeFileOps } from '../../../core/disk/file-ops.ts';
import { modelViewSchema } from '../../../core/api/host-views.ts';
import type { MeasureOptions, Measurement } from '../../../core/host/measure.ts';
import { measureInTurn } from '../../../core/host/measure-in-turn.ts';
import { modelHandlers } from '../../../core/host/model-handlers.ts';
import { measuredSpeed } from '../../../core/host/measured-speed.ts';
import { onProcessor, type DevicesFor } from '../../../core/jobs/job-model.ts';
import { openSpeeds, type Speeds } from '../../../core/jobs/speeds.ts';
import type { InstalledModel } from '../../../core/jobs/model-store.ts';
import { EnlargerError } from '../../../core/photo/failure.ts';
import type { QueueStatus } from '../../../core/api/contract.ts';
import { localEngine } from '../../fixtures/engines.ts';
import { fakeGpuModel, fakeModel } from '../../fixtures/fake-model.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';

const temporary = temporaryFolder('models');
let stateDirectory: string;
let models: InstalledModel[];
let speeds: Speeds;
let measured: string[];

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
});

/** Four megapixels in two seconds. */
function measurement(): Measurement {
  const ms = { decode: 0, infer: 0, pack: 0, resize: 0, store: 0, encode: 0, metadata: 0, total: 3000 };
  const median = { width: 1, height: 1, tiles: 1, ms, renderMs: 2000, peakMemoryBytes: 1 };
  const rates = { networkMegapixels: 4, networkMegapixelsPerSecond: 9, wholeMegapixelsPerSecond: 9 };
  return { device: 'cpu', precision: 'int8', median, ...rates };
}

const handlers = (devicesFor: DevicesFor = onProcessor): ReturnType<typeof modelHandlers> =>
  modelHandlers({
    store: { models, problems: [{ path: '/x/card.json', failure: { code: 'model-invalid', message: 'No scale.' } }] },
    ...{ speeds, devicesFor },
    measure: measuredSpeed(
      (model, { on }) => {
        measured.push(`${model.card.id} on ${on?.device ?? 'nothing'}`);
        return Promise.resolve(measurement());
      },
      speeds,
      devicesFor,
    ),
  });

describe('networks', () => {
  it('are listed with what speaks for each on this computer, and those that cannot be used with the reason', async () => {
    const list = await handlers().list({});
    for (const model of list.models) expect(modelViewSchema.parse(model)).toEqual(model);
    const [tile, radius] = [models[0]?.card.tile, models[0]?.card.receptiveFieldRadius];
    const tiles = { tileSide: tile?.default, halo: radius, multiple: tile?.multiple };
    expect(list.models).toMatchObject([
      { id: 'plain-x2', hasStrength: false, tiles, precision: 'int8', metrics: [], megapixelsPerSecond: null },
      { id: 'strong-x2', hasStrength: true, metrics: [{ set: 'Set5', psnrDb: 34.5 }] },
    ]);
    expect(list.problems).toEqual([{ code: 'model-invalid', message: 'No scale.' }]);
  });

  it('are measured one at a time, and the speed is known from then on, to the next start too', async () => {
    expect(await handlers().measure({ id: 'strong-x2' })).toMatchObject({ id: 'strong-x2', megapixelsPerSecond: 2 });
    speeds = await openSpeeds(stateDirectory, nodeFileOps);
    const { models: listed } = await handlers().list({});
    expect(listed.map(({ megapixelsPerSecond }) => megapixelsPerSecond)).toEqual([2, 2]);
    await expect(handlers().measure({ id: 'none' })).rejects.toMatchObject({ code: 'model-missing' });
    expect(measured).toEqual(['strong-x2 on cpu']);
  });

  it('are measured on the device that runs them, with the file that it takes', async () => {
    models = [fakeGpuModel(join(stateDirectory, 'gpu'))];
    const onGraphics: DevicesFor = ({ card }) => [{ device: 'webgpu', variant: card.variants[1]!, tileSide: 64 }];
    const { list, measure } = handlers(onGraphics);
    expect(await measure({ id: 'test-x2' })).toMatchObject({ precision: 'fp32', megapixelsPerSecond: 2 });
    expect(measured).toEqual(['test-x2 on webgpu']);
    expect((await list({})).models).toMatchObject([{ precision: 'fp32', megapixelsPerSecond: 2 }]);
    expect((await handlers().list({})).models).toMatchObject([{ precision: 'int8', megapixelsPerSecond: null }]);
  });
});

describe('measuring in turn', () => {
  const options: MeasureOptions = { width: 8, height: 8, runs: 1, signal: new AbortController().signal };
  const status = (kinds: readonly string[]): QueueStatus =>
    ({ running: kinds.map((kind) => ({ kind })) }) as unknown as QueueStatus;

  it('is refused while photos are worked on, but not while they are looked at', async () => {
    let kinds: string[] = ['enhance'];
    const engine = localEngine({ sample: () => Promise.reject(new EnlargerError('disk-full', 'The disk is full.')) });
    const turn = measureInTurn({ engineOf: () => engine, stateDirectory, queue: { status: () => status(kinds) } });
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
    const turn = measureInTurn({ engineOf: () => engine, stateDirectory, queue: { status: () => status([]) } });
    const outcomes = await Promise.allSettled([1, 2].map((width) => turn(models[0]!, { ...options, width })));
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['rejected', 'rejected']);
    expect(order).toEqual(['begin 1', 'end 1', 'begin 2', 'end 2']);
  });
});
