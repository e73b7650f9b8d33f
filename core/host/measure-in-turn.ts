/** Measuring while a library may work: one network at a time, and never beside a batch, whose speed would be measured instead. */
import type { Queue } from '../jobs/queue.ts';
import type { Engine } from '../jobs/engine-client.ts';
import type { InstalledModel } from '../jobs/model-store.ts';
import type { Device } from '../photo/device.ts';
import { EnlargerError } from '../photo/failure.ts';
import { measureModel, type MeasureOptions, type Measurement } from './measure.ts';

export interface MeasuringPlace {
  /** Those of the queue: a job that comes meanwhile waits for the run that goes on, not for all. */
  readonly engineOf: (device: Device) => Engine;
  readonly stateDirectory: string;
  readonly queue: Pick<Queue, 'status'>;
}

/** Throws `conflict` while the queue works. */
export function measureInTurn(place: MeasuringPlace): (model: InstalledModel, options: MeasureOptions) => Promise<Measurement> {
  let last: Promise<unknown> = Promise.resolve();
  return async (model, options) => {
    const turn = last.then(async () => {
      if (place.queue.status().running.some(({ kind }) => kind !== 'thumbnail'))
        throw new EnlargerError('conflict', 'Photos are being worked on. Measure when they are done, or pause the queue.', {
          retry: true,
        });
      const engine = place.engineOf(options.on?.device ?? 'cpu');
      return await measureModel({ engine, stateDirectory: place.stateDirectory }, model, options);
    });
    // Whoever waits for this one hears how it ended; the next one does not care.
    last = turn.catch(() => undefined);
    return await turn;
  };
}
