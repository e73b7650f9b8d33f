import { describe, expect, it } from 'vitest';
import { devicePlaces, type DevicePlace, type DevicePlaces, type PlaceName } from '../../../core/jobs/device-places.ts';

const never = new AbortController().signal;
const first: PlaceName = { device: 'webgpu', isSecond: false };
const second: PlaceName = { device: 'webgpu', isSecond: true };
const processor: PlaceName = { device: 'cpu', isSecond: false };

async function take(places: DevicePlaces, ...wanted: PlaceName[]): Promise<DevicePlace> {
  return (await places.take(() => wanted, never)).place;
}

/** What became of a promise when everything that can happen now has happened. */
async function now<Value>(promise: Promise<Value>): Promise<Value | 'waits'> {
  return await Promise.race([promise, new Promise<'waits'>((resolve) => setTimeout(() => resolve('waits')))]);
}

describe('places on devices', () => {
  it('are given in the order in which they are wanted, each once', async () => {
    const places = devicePlaces();
    const names: PlaceName[] = [];
    for (let photo = 0; photo < 3; photo += 1) names.push((await places.take(() => [first, second, processor], never)).name);
    expect(names).toEqual([first, second, processor]);
    expect(await now(places.take(() => [first, second, processor], never))).toBe('waits');
  });

  it('count as company only on the same device, for both from then on', async () => {
    const places = devicePlaces();
    const one = await take(places, first);
    const other = await take(places, processor);
    expect([one.hadCompany(), other.hadCompany(), places.second()]).toEqual([false, false, 'unused']);
    const beside = await take(places, second);
    beside.leave();
    expect([one.hadCompany(), beside.hadCompany(), other.hadCompany(), places.second()]).toEqual([true, true, false, 'used']);
  });

  it('say that a photo was alone, without waiting, where nobody else was there', async () => {
    const places = devicePlaces();
    expect(await (await take(places, first)).alone(never)).toBe(false);
    expect(places.second()).toBe('unused');
  });

  it('are the first of its device for a photo that is to be alone, whichever it had', async () => {
    for (const which of [0, 1]) {
      const places = devicePlaces();
      const both = [await take(places, first), await take(places, second)];
      const failed = both[which]!;
      const alone = failed.alone(never);
      expect(await now(alone)).toBe('waits');
      both[1 - which]!.leave();
      expect([await alone, failed.isSecond(), failed.hadCompany(), places.second()]).toEqual([true, false, false, 'closed']);
      expect(await now(take(places, first))).toBe('waits');
    }
  });

  it('let both go on one after the other where both failed at once', async () => {
    const places = devicePlaces();
    const [one, other] = [await take(places, first), await take(places, second)];
    const [alone, next] = [one.alone(never), other.alone(never)];
    expect([await alone, await now(next)]).toEqual([true, 'waits']);
    one.leave();
    expect([await next, other.isSecond()]).toEqual([true, false]);
  });

  it('are not waited for by what was stopped, and left by it', async () => {
    const places = devicePlaces();
    const [one, other] = [await take(places, first), await take(places, second)];
    const stop = new AbortController();
    const alone = other.alone(stop.signal);
    stop.abort();
    await expect(alone).rejects.toThrow();
    other.leave();
    one.leave();
    expect((await take(places, first)).hadCompany()).toBe(false);
  });
});
