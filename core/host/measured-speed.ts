/** How fast a network is here: measured as the queue would use it, and remembered for the next estimate. */
import { speedKey, type DevicesFor, type NetworkDevice } from '../jobs/job-model.ts';
import type { InstalledModel } from '../jobs/model-store.ts';
import type { Speeds } from '../jobs/speeds.ts';
import type { MeasureOptions, Measurement } from './measure.ts';

/** Several tiles of any network, and over in seconds on a slow computer. */
const sample = { width: 768, height: 512, runs: 1 } as const;
const never = new AbortController().signal;

/** Output megapixels a second of a network that runs once, where nothing is resized; null when that was never measured. */
export function megapixelsPerSecond(speeds: Pick<Speeds, 'of'>, on: NetworkDevice | undefined): number | null {
  const pixelsPerMs = on === undefined ? null : speeds.of(speedKey(on));
  return pixelsPerMs === null ? null : pixelsPerMs / 1000;
}

/** On the best device. `measure` enlarges a drawn photo, and throws `conflict` while the queue works. */
export function measuredSpeed(
  measure: (model: InstalledModel, options: MeasureOptions) => Promise<Measurement>,
  speeds: Speeds,
  devicesFor: DevicesFor,
): (model: InstalledModel) => Promise<void> {
  return async (model) => {
    const [on] = devicesFor(model);
    const { networkMegapixels, median } = await measure(model, { ...sample, on, signal: never });
    speeds.add(speedKey(on ?? null), networkMegapixels * 1e6, median.renderMs);
    await speeds.save();
  };
}
