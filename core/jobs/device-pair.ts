/** Do two devices together get more done than the better one alone? Both draw on the same processor and memory, so it is measured, not added up. */
import type { Device } from '../photo/device.ts';
import { EnlargerError } from '../photo/failure.ts';
import type { Engine } from './engine-client.ts';
import type { NetworkDevice } from './job-model.ts';
import type { InstalledModel } from './model-store.ts';

const measuredMs = 1500;

/** Both at once must get so much more done, to be worth the heat and a computer that has nothing left for others. */
export const worthBoth = 1.1;

/** Whether a gain is worth it; null: nobody measured one. */
export function isWorthBoth(gain: number | null): gain is number {
  return gain !== null && gain > worthBoth;
}

/**
 * Throughput of both at once over that of the faster one alone: 1.3 is 30 % more. 1 where one of them fails over it: that is for its check to tell.
 * Takes about five seconds; rejects only when the signal aborts.
 */
export async function gainOfBoth(
  { directory }: InstalledModel,
  devices: readonly [NetworkDevice, NetworkDevice],
  engineOf: (device: Device) => Pick<Engine, 'call'>,
  signal: AbortSignal,
): Promise<number> {
  const speedOf = async ({ device, variant, tileSide }: NetworkDevice, forMs: number): Promise<number> => {
    const params = { model: { directory, file: variant.file, device }, tileSide, forMs };
    return (await engineOf(device).call('pace', params, { signal })).megapixelsPerSecond;
  };
  try {
    // The first call loads the network, so that those that are compared only compute.
    for (const device of devices) await speedOf(device, 0);
    const alone: number[] = [];
    for (const device of devices) alone.push(await speedOf(device, measuredMs));
    const together = await Promise.all(devices.map((device) => speedOf(device, measuredMs)));
    return together.reduce((sum, speed) => sum + speed, 0) / Math.max(...alone);
  } catch (error) {
    if (signal.aborted || !(error instanceof EnlargerError)) throw error;
    return 1;
  }
}
