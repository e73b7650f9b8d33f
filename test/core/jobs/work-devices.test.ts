import { describe, expect, it } from 'vitest';
import { gainOfBoth } from '../../../core/jobs/device-pair.ts';
import type { Engine } from '../../../core/jobs/engine-client.ts';
import type { NetworkDevice } from '../../../core/jobs/job-model.ts';
import {
  guardedGraphics,
  mostPlaces,
  processorAlone,
  workDevices,
  type DeviceTurn,
  type WorkDevices,
} from '../../../core/jobs/work-devices.ts';
import type { MadeAlone } from '../../../core/jobs/second-place.ts';
import type { Device } from '../../../core/photo/device.ts';
import { EnlargerError } from '../../../core/photo/failure.ts';
import { modelCard } from '../../fixtures/facts.ts';

const never = new AbortController().signal;
const many = (): number => 100;
const card = modelCard();
const model = { card, directory: '/models/test-x2' };
const on = (device: Device): NetworkDevice => ({ device, variant: card.variants[0]!, tileSide: 64 });

/** Best first. `gain`: what both together do over the best alone; null where nobody measured. */
async function devicesWith(all: readonly Device[], gain: number | null): Promise<WorkDevices> {
  const devices = workDevices({ devicesFor: () => all.map(on), prepare: () => Promise.resolve(), gainOfBoth: () => gain });
  await devices.prepare(model, never);
  return devices;
}

/** A photo of which the network takes this share of the time. */
const photo = (share: number, peakMemoryBytes = 1e9): MadeAlone => ({ networkMs: share * 1000, totalMs: 1000, peakMemoryBytes });

/** With a second engine process for the graphics processor; so many photos were made on it before, alone, the last of them as told. */
async function devicesAfter(
  last: MadeAlone,
  { all = ['webgpu'], gain = null, photos = 2 }: { all?: readonly Device[]; gain?: number | null; photos?: number } = {},
): Promise<WorkDevices> {
  const devices = workDevices(
    { devicesFor: () => all.map(on), prepare: () => Promise.resolve(), gainOfBoth: () => gain },
    { hasSecond: true, memoryBytes: 4e9 },
  );
  await devices.prepare(model, never);
  for (let made = 0; made < photos; made += 1) {
    const turn = await devices.take(model, many, never);
    turn.tell(last);
    turn.release();
  }
  return devices;
}

const placeOf = ({ device, place }: DeviceTurn): string => `${device.device}${place.isSecond() ? ' 2' : ''}`;

/** What became of a promise when everything that can happen now has happened. */
async function now<Value>(promise: Promise<Value>): Promise<Value | 'waits'> {
  return await Promise.race([promise, new Promise<'waits'>((resolve) => setTimeout(() => resolve('waits')))]);
}

describe('devices at work', () => {
  it('have one photo each, and the second one is taken where both at once pay', async () => {
    const devices = await devicesWith(['webgpu', 'cpu'], 1.25);
    const first = await devices.take(model, many, never);
    const second = await devices.take(model, many, never);
    expect([first.device.device, second.device.device]).toEqual(['webgpu', 'cpu']);
    const third = devices.take(model, many, never);
    expect(await now(third)).toBe('waits');
    second.release();
    expect((await third).device.device).toBe('cpu');
    first.release();
    expect((await devices.take(model, many, never)).device.device).toBe('webgpu');
  });

  for (const gain of [null, 0.9, 1.1])
    it(`wait for the best one where both at once bring ${String(gain)}`, async () => {
      const devices = await devicesWith(['webgpu', 'cpu'], gain);
      const first = await devices.take(model, many, never);
      const second = devices.take(model, many, never);
      expect(await now(second)).toBe('waits');
      first.release();
      expect((await second).device.device).toBe('webgpu');
      expect(devices.mayBeginBeside(1e6, 1)).toBe(false);
    });

  it('begin a second photo only where the first device would not have done all that is left by then', async () => {
    for (const [gain, least] of [
      [1.25, 4],
      [1.9, 2],
    ] as const) {
      const devices = await devicesWith(['webgpu', 'cpu'], gain);
      expect([devices.mayBeginBeside(least - 1, 1), devices.mayBeginBeside(least, 1)]).toEqual([false, true]);
    }
    expect(processorAlone().mayBeginBeside(1e6, 1)).toBe(false);
  });

  it('begin no second photo any more when one of two devices is out', async () => {
    let gain: number | null = 1.5;
    const all = (): NetworkDevice[] => (gain === null ? [on('cpu')] : [on('webgpu'), on('cpu')]);
    const devices = workDevices({ devicesFor: all, prepare: () => Promise.resolve(), gainOfBoth: () => gain });
    await devices.prepare(model, never);
    expect(devices.mayBeginBeside(100, 1)).toBe(true);
    gain = null;
    expect(devices.mayBeginBeside(100, 1)).toBe(false);
  });

  it('leave the last photos to the best one, also for whoever had to wait for it', async () => {
    const devices = await devicesWith(['webgpu', 'cpu'], 1.25);
    const first = await devices.take(model, many, never);
    const last = devices.take(model, () => 1, never);
    expect(await now(last)).toBe('waits');
    first.release();
    expect((await last).device.device).toBe('webgpu');
  });

  it('are not waited for any more when the work is stopped', async () => {
    const devices = await devicesWith(['cpu'], null);
    const first = await devices.take(model, many, never);
    const stop = new AbortController();
    const second = devices.take(model, many, stop.signal);
    stop.abort();
    await expect(second).rejects.toThrow();
    first.release();
    expect((await devices.take(model, many, never)).device.device).toBe('cpu');
  });

  it('say so when a network has no file for any', async () => {
    await expect((await devicesWith([], null)).take(model, many, never)).rejects.toMatchObject({ code: 'model-invalid' });
  });
});

describe('a graphics processor with two engine processes', () => {
  it('has two photos at once where one leaves it idle for long, and never three', async () => {
    const devices = await devicesAfter(photo(0.6));
    const turns = [await devices.take(model, many, never), await devices.take(model, many, never)];
    expect(turns.map(placeOf)).toEqual(['webgpu', 'webgpu 2']);
    const third = devices.take(model, many, never);
    expect(await now(third)).toBe('waits');
    turns[0]?.release();
    expect(placeOf(await third)).toBe('webgpu');
  });

  it('has three photos at once together with the processor where that pays, too', async () => {
    const devices = await devicesAfter(photo(0.6), { all: ['webgpu', 'cpu'], gain: 1.5 });
    const places: string[] = [];
    for (let begun = 0; devices.mayBeginBeside(100, begun); begun += 1)
      places.push(placeOf(await devices.take(model, many, never)));
    expect(places).toEqual(['webgpu', 'webgpu 2', 'cpu']);
    expect(devices.mostAtOnce([model])).toBe(mostPlaces);
  });

  const one: [string, MadeAlone, Parameters<typeof devicesAfter>[1]][] = [
    ['nothing was made on it yet', photo(0.1), { photos: 0 }],
    ['the network was only just loaded, for the first photo', photo(0.1), { photos: 1 }],
    ['the network takes nearly all of the time', photo(0.95), {}],
    ['two processes would take too much memory', photo(0.1, 2.1e9), {}],
  ];
  for (const [why, last, before] of one)
    it(`has one photo at a time where ${why}`, async () => {
      const devices = await devicesAfter(last, before);
      await devices.take(model, many, never);
      expect(await now(devices.take(model, many, never))).toBe('waits');
      expect(devices.mayBeginBeside(100, 1)).toBe(false);
    });

  it('has no process more for the last photo, but leaves it the one that is there', async () => {
    const devices = await devicesAfter(photo(0.6));
    const first = await devices.take(model, many, never);
    const last = devices.take(model, () => 1, never);
    expect([await now(last), devices.mayBeginBeside(1, 1)]).toEqual(['waits', false]);
    first.release();
    await last;
    expect(devices.mayBeginBeside(2, 1)).toBe(true);
    (await devices.take(model, () => 2, never)).release();
    expect(devices.mayBeginBeside(1, 1)).toBe(true);
    expect(placeOf(await devices.take(model, () => 1, never))).toBe('webgpu 2');
  });

  it('is judged by photos that were alone on it, because two wait for each other', async () => {
    const devices = await devicesAfter(photo(0.6));
    const turns = [await devices.take(model, many, never), await devices.take(model, many, never)];
    for (const turn of turns) {
      turn.tell(photo(1));
      turn.release();
    }
    expect(devices.mayBeginBeside(100, 1)).toBe(true);
  });

  it('is judged by the file of the network that the next photo takes', async () => {
    const variants = [card.variants[0]!, { ...card.variants[0]!, file: 'other.onnx', sha256: 'f'.repeat(64) }];
    let [variant] = variants;
    const devices = workDevices(
      { devicesFor: () => [{ ...on('webgpu'), variant: variant! }], prepare: () => Promise.resolve(), gainOfBoth: () => null },
      { hasSecond: true, memoryBytes: 4e9 },
    );
    for (let made = 0; made < 2; made += 1) {
      const turn = await devices.take(model, many, never);
      turn.tell(photo(0.6));
      turn.release();
    }
    expect(devices.mayBeginBeside(100, 1)).toBe(true);
    variant = variants[1];
    expect(devices.mayBeginBeside(100, 1)).toBe(false);
  });

  it('has no second photo any more once something failed beside another one, which tells nothing of the device', async () => {
    const devices = await devicesAfter(photo(0.6));
    const [first, second] = [await devices.take(model, many, never), await devices.take(model, many, never)];
    const again = second.place.alone(never);
    expect([await now(again), devices.mayBeginBeside(100, 1), devices.mostAtOnce([model])]).toEqual(['waits', false, 1]);
    first.release();
    expect([await again, placeOf(second), await second.place.alone(never)]).toEqual([true, 'webgpu', false]);
    expect(await now(devices.take(model, many, never))).toBe('waits');
  });
});

describe('what both together get done', () => {
  /** Megapixels a second of each device alone, and while the other one works. */
  function pair(alone: Record<Device, number>, beside: Record<Device, number>): { gain: Promise<number>; loaded: Device[] } {
    const loaded: Device[] = [];
    const atWork = new Set<Device>();
    const engineOf = (device: Device): Pick<Engine, 'call'> => ({
      call: (async (_: string, { forMs }: { forMs: number }) => {
        if (forMs === 0) loaded.push(device);
        atWork.add(device);
        await new Promise((resolve) => setTimeout(resolve, 5));
        const megapixelsPerSecond = (atWork.size > 1 ? beside : alone)[device];
        await new Promise((resolve) => setTimeout(resolve, 5));
        atWork.delete(device);
        return { megapixelsPerSecond };
      }) as Engine['call'],
    });
    return { gain: gainOfBoth(model, [on('webgpu'), on('cpu')], engineOf, never), loaded };
  }

  it('is measured side by side, after both were loaded', async () => {
    const { gain, loaded } = pair({ webgpu: 10, cpu: 5 }, { webgpu: 9, cpu: 3 });
    expect(await gain).toBeCloseTo(1.2, 9);
    expect(loaded).toEqual(['webgpu', 'cpu']);
  });

  it('may be less than one alone', async () => {
    expect(await pair({ webgpu: 5, cpu: 5 }, { webgpu: 2, cpu: 2 }).gain).toBeCloseTo(0.8, 9);
  });

  it('is nothing where one fails over it', async () => {
    const call = (): Promise<never> => Promise.reject(new EnlargerError('device-failed', 'It died.', { retry: true }));
    expect(await gainOfBoth(model, [on('webgpu'), on('cpu')], () => ({ call }), never)).toBe(1);
  });
});

describe('a guarded graphics processor', () => {
  it('is left as soon as it fails, and that is told once', async () => {
    const told: string[] = [];
    const out: string[] = [];
    const devices = {
      isTrusted: () => out.length === 0,
      distrust(device: Device, reason: string) {
        out.push(`${device}: ${reason}`);
        return Promise.resolve();
      },
    };
    const engine = { call: () => Promise.reject(new Error('not asked')), renew: () => undefined } as unknown as Engine;
    const graphics = guardedGraphics({ engine, devices }, (reason) => told.push(reason));
    expect(graphics.isTrusted()).toBe(true);
    await graphics.distrust('Black tiles.');
    await graphics.distrust('Black tiles, again.');
    expect([graphics.isTrusted(), out.length, told]).toEqual([false, 2, ['Black tiles.']]);
  });
});
