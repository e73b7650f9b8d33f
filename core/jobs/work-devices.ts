/** Devices as work takes them: one photo at a time on each, and a second device beside the best where both at once get more done. */
import type { Device } from '../photo/device.ts';
import { EnlargerError } from '../photo/failure.ts';
import type { Devices } from './devices.ts';
import type { Graphics } from './enhance-render.ts';
import { onProcessor, type DevicesFor, type NetworkDevice } from './job-model.ts';
import type { InstalledModel } from './model-store.ts';

/** A device that is one photo's until it is released. */
export interface DeviceTurn {
  readonly device: NetworkDevice;
  release(): void;
}

export interface WorkDevices {
  readonly devicesFor: DevicesFor;
  /** Checks what is not known yet of a model. Rejects only when the signal aborts. */
  prepare(model: InstalledModel, signal: AbortSignal): Promise<void>;
  /**
   * The best device, or another one while that works and both at once pay; waits while there is none. A photo stays on the device that it got:
   * its pixels must not depend on who was free in between. `photosLeft`: photos that are not begun, this one among them. Rejects when the signal
   * aborts; throws `model-invalid` when nothing runs the model.
   */
  take(model: InstalledModel, photosLeft: () => number, signal: AbortSignal): Promise<DeviceTurn>;
  /** Whether a second photo may be begun beside the first, when so many are not begun. */
  mayBeginBeside(photosLeft: number): boolean;
}

/** Both at once must get so much more done, to be worth the heat and a computer that has nothing left for others. */
export const worthBoth = 1.1;

export function workDevices(devices: Pick<Devices, 'devicesFor' | 'prepare' | 'gainOfBoth'>): WorkDevices {
  const busy = new Set<Device>();
  const waiting = new Set<() => void>();
  /** Gains of the models that were worked with. */
  const gains = new Map<string, number>();

  const payingDevices = (model: InstalledModel, photosLeft: number): readonly NetworkDevice[] => {
    const all = devices.devicesFor(model);
    return pays(devices.gainOfBoth(model) ?? 1, photosLeft) ? all : all.slice(0, 1);
  };
  const release = (device: Device): void => {
    busy.delete(device);
    for (const look of waiting) look();
  };
  return {
    devicesFor: devices.devicesFor,
    async prepare(model, signal) {
      await devices.prepare([model], signal);
      gains.set(model.card.id, devices.gainOfBoth(model) ?? 1);
    },
    async take(model, photosLeft, signal) {
      for (;;) {
        signal.throwIfAborted();
        const candidates = payingDevices(model, photosLeft());
        if (candidates.length === 0)
          throw new EnlargerError(
            'model-invalid',
            `The model "${model.card.id}" has no file that could run here. Choose another model.`,
          );
        const free = candidates.find(({ device }) => !busy.has(device));
        if (free !== undefined) {
          busy.add(free.device);
          return { device: free, release: () => release(free.device) };
        }
        await news(waiting, signal);
      }
    },
    mayBeginBeside: (photosLeft) => pays(Math.max(1, ...gains.values()), photosLeft),
  };
}

/** With a gain of a fifth the second device takes five times as long: fewer photos than that the first one has done sooner alone. */
function pays(gain: number, photosLeft: number): boolean {
  return gain > worthBoth && photosLeft >= 1 / (gain - 1);
}

/** Everything on the processor. */
export function processorAlone(): WorkDevices {
  return workDevices({ devicesFor: onProcessor, prepare: () => Promise.resolve(), gainOfBoth: () => null });
}

/** A graphics processor that is left as soon as it fails: `onOut` is told why, once, as a sentence for the user. */
export function guardedGraphics(
  { engine, devices }: Pick<Graphics, 'engine'> & { readonly devices: Pick<Devices, 'isTrusted' | 'distrust'> },
  onOut: (reason: string) => void,
): Graphics {
  let told = false;
  return {
    engine,
    isTrusted: () => devices.isTrusted('webgpu'),
    async distrust(reason) {
      await devices.distrust('webgpu', reason);
      if (!told) onOut(reason);
      told = true;
    },
  };
}

async function news(waiting: Set<() => void>, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const look = (): void => {
      waiting.delete(look);
      signal.removeEventListener('abort', look);
      resolve();
    };
    waiting.add(look);
    signal.addEventListener('abort', look, { once: true });
  });
}
