/** Measures a network as the queue would use it, and remembers what came of it for the next estimate. */
import { jobModel, speedKey, type DevicesFor } from '../jobs/job-model.ts';
import type { InstalledModel } from '../jobs/model-store.ts';
import type { Speeds } from '../jobs/speeds.ts';
import type { MeasureOptions, Measurement } from './measure.ts';

/** Several tiles of any network, and over in seconds on a slow computer. */
const sample = { width: 768, height: 512, runs: 1 } as const;
const never = new AbortController().signal;

/** On the best device. `measure` enlarges a drawn photo, and throws `conflict` while the queue works. */
export function measuredSpeed(
  measure: (model: InstalledModel, options: MeasureOptions) => Promise<Measurement>,
  speeds: Speeds,
  devicesFor: DevicesFor,
): (model: InstalledModel) => Promise<void> {
  return async (model) => {
    const [on] = devicesFor(model);
    const { networkMegapixels, median } = await measure(model, { ...sample, on, signal: never });
    speeds.add(speedKey(jobModel([model], model.card.id, devicesFor)), networkMegapixels * 1e6, median.renderMs);
    await speeds.save();
  };
}
